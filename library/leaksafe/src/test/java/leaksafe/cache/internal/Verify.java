package leaksafe.cache.internal;

import leaksafe.cache.Cache;

/** Lets tests outside of the workshop check the structure of a cache. */
public final class Verify {

  private Verify() {}

  /** Throws if the structure of a cache that nobody uses at the moment is not what it should be. */
  public static void structure(Cache<?, ?> cache) {
    ((SegmentedCache<?, ?, ?>) cache).verify();
  }
}
