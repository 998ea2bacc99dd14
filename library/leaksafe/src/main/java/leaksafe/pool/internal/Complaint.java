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
   * Says why no lease was to be had, and who may have it.
   *
   * @param of for which of its keys, and how many objects all of them have, or empty
   */
  static String timeout(String name, long nanos, PoolStats stats, String of, Slot<?>[] slots, long now) {
    String text = name + ": no lease within " + TimeUnit.NANOSECONDS.toMillis(nanos) + " ms" + of + " (" + stats.leased() + " leased, "
        + stats.idle() + " idle, " + stats.waiting() + " waiting)";
    Watch<?> oldest = null;
    String site = null;
    for (Slot<?> slot : slots) {
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
