package leaksafe.internal;

import leaksafe.Leak;

/**
 * Writes what the engine finds into JDK Flight Recorder, where the JVM has it: {@code leaksafe.Leak}, {@code leaksafe.LeaseOverdue} and
 * {@code leaksafe.EvictionBurst}. Nothing here refers to the module {@code jdk.jfr} by itself, so it may be missing.
 *
 * <p>While no recording wants an event, writing it costs some nanoseconds, and the recorder is not even initialized.
 */
public final class FlightEvents {
  private static final boolean PRESENT = isPresent();

  private FlightEvents() {}

  private static boolean isPresent() {
    try {
      Class.forName("jdk.jfr.Event");
      return true;
    } catch (ClassNotFoundException | LinkageError e) { // a run time image without the module; or one that cannot link it
      return false;
    }
  }

  /** Writes a leak, or a lease that is overdue. */
  static void leak(Leak leak) {
    if (PRESENT) {
      if (leak.kind().startsWith("overdue")) {
        OverdueEvent.write(leak);
      } else {
        DroppedEvent.write(leak);
      }
    }
  }

  /** Returns whether a recording wants bursts of evictions. */
  static boolean wantsEvictionBursts() {
    return PRESENT && EvictionBurstEvent.isWanted();
  }

  /** Writes a burst of evictions. */
  static void evictionBurst(String container, String site, long evictions, long size, long nanos) {
    if (PRESENT) {
      EvictionBurstEvent.write(container, site, evictions, size, nanos);
    }
  }
}
