package leaksafe.cache.internal;

import leaksafe.cache.Cache;

/** Makes the cache that fits the options. */
public final class Caches {

  private Caches() {}

  /** Builds a cache and makes it known. */
  public static <K, V> Cache<K, V> build(Settings settings) {
    SegmentedCache<K, V, ?> cache = settings.weakKeys ? new WeakKeyCache<>(settings) : new StrongCache<>(settings);
    cache.announce();
    return cache;
  }
}
