package leaksafe.caches;

import com.google.common.cache.Cache;
import com.google.common.cache.CacheStats;
import java.util.LinkedHashMap;
import java.util.Map;
import leaksafe.census.Probe;

/**
 * Asks caches of Guava: size, and hits, misses, loads and evictions, which stay 0 unless the cache was built with {@code recordStats()}.
 * Guava tells nobody what bounds a cache.
 */
public enum GuavaProbe implements Probe<Cache<?, ?>> {
  /** The probe; it has no state. */
  INSTANCE;

  @Override
  public String kind() {
    return "cache";
  }

  @Override
  public long size(Cache<?, ?> cache) {
    return cache.size();
  }

  @Override
  public Map<String, Number> figures(Cache<?, ?> cache) {
    CacheStats stats = cache.stats();
    Map<String, Number> figures = new LinkedHashMap<>();
    figures.put("hits", stats.hitCount());
    figures.put("misses", stats.missCount());
    figures.put("loads", stats.loadSuccessCount());
    figures.put("failedLoads", stats.loadExceptionCount());
    figures.put("evictions", stats.evictionCount());
    return figures;
  }
}
