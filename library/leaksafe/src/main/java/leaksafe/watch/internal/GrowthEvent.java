package leaksafe.watch.internal;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import leaksafe.watch.Growth;
import leaksafe.watch.GrowthAlert;

/** An alert in the flight recorder. Loaded only where there is one. */
@Name("leaksafe.Growth")
@Label("Steady Growth")
@Category("leaksafe")
@Description("A container, a gauge or the heap began to grow steadily, or ceased to")
@StackTrace(false)
final class GrowthEvent extends Event {
  @Label("Monitor")
  final String monitor;

  @Label("Name")
  final String name;

  @Label("Kind")
  final String kind;

  @Label("Creation Site")
  final String site;

  @Label("Ended")
  final boolean ended;

  @Label("Latest")
  final long latest;

  @Label("Growth an Hour")
  final double perHour;

  @Label("Text")
  final String text;

  private GrowthEvent(GrowthAlert alert) {
    Growth growth = alert.growth();
    monitor = alert.monitor();
    name = growth.name();
    kind = growth.kind();
    site = growth.site();
    ended = alert.ended();
    latest = growth.latest();
    perHour = growth.perHour();
    text = alert.toString();
  }

  static void write(GrowthAlert alert) {
    new GrowthEvent(alert).commit();
  }
}
