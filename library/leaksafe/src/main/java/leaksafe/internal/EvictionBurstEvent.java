package leaksafe.internal;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.EventType;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** A cache evicted all that it holds within a moment. Loaded only where there is a flight recorder. */
@Name("leaksafe.EvictionBurst")
@Label("Eviction Burst")
@Description("A cache evicted as many entries as it holds within about a second; seen in caches that record statistics")
@Category("leaksafe")
@StackTrace(false)
final class EvictionBurstEvent extends Event {
  @Label("Container")
  final String container;

  @Label("Creation Site")
  final String site;

  @Label("Evictions")
  final long evictions;

  @Label("Size")
  final long size;

  @Label("Period")
  @Timespan(Timespan.NANOSECONDS)
  final long period;

  private EvictionBurstEvent(String container, String site, long evictions, long size, long period) {
    this.container = container;
    this.site = site;
    this.evictions = evictions;
    this.size = size;
    this.period = period;
  }

  static boolean isWanted() {
    // Asking for the type would initialize the recorder.
    return FlightRecorder.isInitialized() && EventType.getEventType(EvictionBurstEvent.class).isEnabled();
  }

  static void write(String container, String site, long evictions, long size, long period) {
    new EvictionBurstEvent(container, site, evictions, size, period).commit();
  }
}
