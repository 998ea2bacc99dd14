package leaksafe.internal;

import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;
import leaksafe.Leak;

/** Something became unreachable without having been closed. Loaded only where there is a flight recorder. */
@Name("leaksafe.Leak")
@Label("Leak")
@Description("Something became unreachable without having been closed")
final class DroppedEvent extends LeakEvent {
  private DroppedEvent(Leak leak) {
    super(leak);
  }

  static void write(Leak leak) {
    new DroppedEvent(leak).commit();
  }
}
