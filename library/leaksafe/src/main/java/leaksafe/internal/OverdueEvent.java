package leaksafe.internal;

import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;
import leaksafe.Leak;

/** Something is open for longer than its container was told to allow. Loaded only where there is a flight recorder. */
@Name("leaksafe.LeaseOverdue")
@Label("Lease Overdue")
@Description("Something is open for longer than its container was told to allow")
final class OverdueEvent extends LeakEvent {
  private OverdueEvent(Leak leak) {
    super(leak);
  }

  static void write(Leak leak) {
    new OverdueEvent(leak).commit();
  }
}
