package leaksafe.caches;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Policy;
import com.github.benmanes.caffeine.cache.stats.CacheStats;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import leaksafe.census.Probe;

/**
 * Asks caches of Caffeine: size, maximum, weight, lifetimes, and, where they record statistics, hits, misses, loads and evictions.
 *
 * <p>The size is Caffeine's estimate, which has entries that expired and were not swept yet in it. Asking does no maintenance.
 */
public enum CaffeineProbe implements Probe<Cache<?, ?>> {
  /** The probe; it has no state. */
  INSTANCE;

  @Override
  public String kind() {
    return "cache";
  }

  @Override
  public long size(Cache<?, ?> cache) {
    return cache.estimatedSize();
  }

  @Override
  public String bound(Cache<?, ?> cache) {
    Policy<?, ?> policy = cache.policy();
    List<String> bounds = new ArrayList<>();
    policy.eviction().ifPresent(eviction -> bounds.add((eviction.isWeighted() ? "maximumWeight " : "maximumSize ") + eviction.getMaximum()));
    policy.expireAfterWrite().ifPresent(expiry -> bounds.add("expireAfterWrite " + expiry.getExpiresAfter()));
    policy.expireAfterAccess().ifPresent(expiry -> bounds.add("expireAfterAccess " + expiry.getExpiresAfter()));
    policy.expireVariably().ifPresent(expiry -> bounds.add("expireAfter"));
    return bounds.isEmpty() ? "none but weak or soft references, if any" : String.join(", ", bounds);
  }

  @Override
  public Map<String, Number> figures(Cache<?, ?> cache) {
    Map<String, Number> figures = new LinkedHashMap<>();
    Policy<?, ?> policy = cache.policy();
    policy.eviction().ifPresent(eviction -> {
      eviction.weightedSize().ifPresent(weight -> figures.put("weight", weight));
      figures.put(eviction.isWeighted() ? "maximumWeight" : "maximum", eviction.getMaximum());
    });
    if (policy.isRecordingStats()) {
      CacheStats stats = cache.stats();
      figures.put("hits", stats.hitCount());
      figures.put("misses", stats.missCount());
      figures.put("loads", stats.loadSuccessCount());
      figures.put("failedLoads", stats.loadFailureCount());
      figures.put("evictions", stats.evictionCount());
    }
    return figures;
  }
}
