package leaksafe.pool.internal;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import leaksafe.Leak;
import leaksafe.pool.PoolStats;
import org.jspecify.annotations.Nullable;

/** The words for what went wrong. */
final class Complaint {
  static final String OVERDUE = "overdue lease";

  private Complaint() {}

  /**
   * Says why no lease was to be had, and who may have it: if the key had room but the whole pool had none, who has an object of any key.
   *
   * @param stats the figures of the key, or of a pool without keys
   */
  static <T> String timeout(PoolCore<T> core, long nanos, PoolStats stats) {
    KeyedCore<?, T> keys = core.keys;
    String text = core.name() + ": no lease within " + TimeUnit.NANOSECONDS.toMillis(nanos) + " ms" + (keys == null ? "" : keys.describe(core.key()))
        + " (" + stats.leased() + " leased, " + stats.idle() + " idle, " + stats.waiting() + " waiting)";
    long now = core.upkeep.now();
    Watch<?> oldest = null;
    String site = null;
    for (Slot<T> slot : keys == null || core.slots.isFull() ? core.watchAll() : keys.watchAll()) { // again: some may have come meanwhile
      Watch<?> watch = slot.currentWatch();
      if (watch != null && (oldest == null || watch.since() - oldest.since() < 0)) {
        oldest = watch;
        site = slot.site(watch.stamp);
      }
    }
    return oldest == null ? text
        : text + "; oldest lease is " + age(now - oldest.since()) + " old, from " + (site == null ? Leak.NOT_SAMPLED : site);
  }

  private static String age(long nanos) {
    long millis = Math.max(0, TimeUnit.NANOSECONDS.toMillis(nanos));
    return millis < 10_000 ? millis + " ms" : millis / 1000 + " s";
  }

  static Leak leak(String name, String kind, @Nullable Object object, @Nullable String site, long ageNanos) {
    return new Leak(name, kind, object == null ? "unknown" : object.getClass().getName(), site == null ? Leak.NOT_SAMPLED : site,
        Duration.ofMillis(Math.max(0, TimeUnit.NANOSECONDS.toMillis(ageNanos))), List.of());
  }
}
