package leaksafe.cache.internal;

import java.util.LinkedHashMap;
import java.util.Map;
import leaksafe.Container;
import leaksafe.cache.CacheStats;
import leaksafe.internal.Containers;

/** What a cache says about itself to the census. The cache holds it, and the census holds it weakly. */
final class CacheContainer implements Container {
  private final SegmentedCache<?, ?, ?> cache;
  private final String site;
  private final Settings settings;

  CacheContainer(SegmentedCache<?, ?, ?> cache, String site, Settings settings) {
    this.cache = cache;
    this.site = site;
    this.settings = settings;
  }

  void announce() {
    Containers.announce(this);
  }

  @Override
  public String name() {
    return cache.name();
  }

  @Override
  public String kind() {
    return "cache";
  }

  @Override
  public String creationSite() {
    return site;
  }

  @Override
  public long estimatedSize() {
    return cache.estimatedSize();
  }

  @Override
  public String bound() {
    return settings.bound(cache.budget);
  }

  @Override
  public boolean isUnbounded() {
    return settings.unbounded;
  }

  @Override
  public Map<String, Number> figures() {
    Map<String, Number> figures = new LinkedHashMap<>();
    if (cache.budget != null) {
      boolean weighed = cache.budget.isWeighed();
      if (weighed) {
        figures.put("weight", cache.budget.get());
      }
      figures.put(weighed ? "maximumWeight" : "maximum", cache.budget.maximum());
    }
    if (cache.gauge != null) {
      figures.put("shrinks", cache.gauge.stats().shrinkCount());
      figures.put("growths", cache.gauge.stats().growthCount());
    }
    if (cache.counters != null) {
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
