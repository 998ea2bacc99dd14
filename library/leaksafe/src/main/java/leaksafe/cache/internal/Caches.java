package leaksafe.cache.internal;

import leaksafe.cache.Cache;
import leaksafe.internal.CallSite;

/** Makes the cache that fits the options. */
public final class Caches {

  private Caches() {}

  /** Builds a cache and makes it known. */
  public static <K, V> Cache<K, V> build(Settings settings) {
    String site = CallSite.capture();
    SegmentedCache<K, V, ?> cache = settings.weakKeys ? new WeakKeyCache<>(settings, site) : new StrongCache<>(settings, site);
    cache.announce();
    return cache;
  }
}
