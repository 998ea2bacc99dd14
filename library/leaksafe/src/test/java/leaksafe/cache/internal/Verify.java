package leaksafe.cache.internal;

import java.util.Objects;
import leaksafe.cache.Cache;

/** Lets tests outside of the workshop check the structure of a cache. */
public final class Verify {

  private Verify() {}

  /** Throws if the structure of a cache that nobody uses at the moment is not what it should be. */
  public static void structure(Cache<?, ?> cache) {
    ((SegmentedCache<?, ?, ?>) cache).verify();
  }

  /** Returns how many groups the segments of a cache know, a group in several segments counted in each. */
  public static int groups(Cache<?, ?> cache) {
    SegmentedCache<?, ?, ?> segmented = (SegmentedCache<?, ?, ?>) cache;
    int count = 0;
    for (int i = 0; i < segmented.segmentCount(); i++) {
      Segment<?, ?, ?> segment = segmented.segmentIfAny(i);
      if (segment != null) {
        segment.lock();
        try {
          count += segment.groups().groupCount();
        } finally {
          segment.unlockAndTell();
        }
      }
    }
    return count;
  }

  /** Returns how many reloads of a cache are in flight. */
  public static int reloads(Cache<?, ?> cache) {
    Refresher<?, ?, ?> refresher = ((SegmentedCache<?, ?, ?>) cache).refresher;
    return refresher == null ? 0 : refresher.inFlight();
  }

  /** Has a cache that watches the heap take a look now. */
  public static void look(Cache<?, ?> cache) {
    Objects.requireNonNull(((SegmentedCache<?, ?, ?>) cache).gauge).lookNow();
  }
}
