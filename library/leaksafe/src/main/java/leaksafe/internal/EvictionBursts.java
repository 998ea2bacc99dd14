package leaksafe.internal;

import java.util.concurrent.TimeUnit;
import leaksafe.Container;

/**
 * Looks for caches that evict all that they hold within a moment: their bound is too small for the working set, or a scan goes through
 * them. Looks only while a recording wants to know, at counters that caches with statistics keep anyway.
 */
final class EvictionBursts {
  private static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** How often to ask whether a recording wants to know; the reaper wakes as often anyhow. */
  private static final long ASKING_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** A burst has so many evictions at least: a cache of three entries is not worth an event. */
  private static final long FEWEST = 100;

  // Used by the reaper's thread alone, as what is noted in the announcements is.
  private static long lookedAt;
  private static boolean looking;

  private EvictionBursts() {}

  /** Looks, and returns in how many nanoseconds to look again. */
  static long look(long nanoTime) {
    if (!FlightEvents.wantsEvictionBursts()) {
      looking = false;
      return ASKING_NANOS;
    }
    long period = nanoTime - lookedAt;
    for (Containers.Announcement announcement : Containers.announcements()) {
      Container container = announcement.isForeign() ? null : announcement.get();
      if (container != null && container.kind().equals("cache")) {
        look(announcement, container, period);
      }
    }
    lookedAt = nanoTime;
    looking = true;
    return PERIOD_NANOS;
  }

  private static void look(Containers.Announcement announcement, Container container, long period) {
    Number evictions = container.figures().get("evictions");
    if (evictions == null) {
      return;
    }
    long since = announcement.noteEvictions(evictions.longValue());
    long size = container.estimatedSize();
    if (looking && since >= Math.max(FEWEST, size)) {
      FlightEvents.evictionBurst(container.name(), container.creationSite(), since, size, period);
    }
  }
}
