package leaksafe.cache;

/**
 * The counters of a cache at one time, or the difference between two times.
 *
 * @param hitCount how many lookups found a value
 * @param missCount how many did not
 * @param loadSuccessCount how many loaders returned a value
 * @param loadFailureCount how many threw or returned null
 * @param totalLoadTime how long they took together, in nanoseconds
 * @param evictionCount how many entries left by the cache's decision: for the bound, by their lifetime or by the collector
 * @param evictionWeight the sum of their weights; of their number where there is no {@link Weigher}
 */
public record CacheStats(long hitCount, long missCount, long loadSuccessCount, long loadFailureCount, long totalLoadTime,
    long evictionCount, long evictionWeight) {
  private static final CacheStats EMPTY = new CacheStats(0, 0, 0, 0, 0, 0, 0);

  /** Returns the stats that are all zero. */
  public static CacheStats empty() {
    return EMPTY;
  }

  /** Returns hits and misses. */
  public long requestCount() {
    return hitCount + missCount;
  }

  /** Returns the share of hits in the requests, from 0 to 1; 1 if there were none. */
  public double hitRate() {
    long requests = requestCount();
    return requests == 0 ? 1.0 : (double) hitCount / requests;
  }

  /** Returns the share of misses in the requests, from 0 to 1; 0 if there were none. */
  public double missRate() {
    return requestCount() == 0 ? 0.0 : 1.0 - hitRate();
  }

  /** Returns how many loaders ran to their end. */
  public long loadCount() {
    return loadSuccessCount + loadFailureCount;
  }

  /** Returns the mean time of a load in nanoseconds; 0 if there was none. */
  public double averageLoadPenalty() {
    return loadCount() == 0 ? 0.0 : (double) totalLoadTime / loadCount();
  }

  /** Returns what happened since the other stats were taken. */
  public CacheStats minus(CacheStats other) {
    return new CacheStats(hitCount - other.hitCount, missCount - other.missCount, loadSuccessCount - other.loadSuccessCount,
        loadFailureCount - other.loadFailureCount, totalLoadTime - other.totalLoadTime, evictionCount - other.evictionCount,
        evictionWeight - other.evictionWeight);
  }

  /** Returns the sums. */
  public CacheStats plus(CacheStats other) {
    return new CacheStats(hitCount + other.hitCount, missCount + other.missCount, loadSuccessCount + other.loadSuccessCount,
        loadFailureCount + other.loadFailureCount, totalLoadTime + other.totalLoadTime, evictionCount + other.evictionCount,
        evictionWeight + other.evictionWeight);
  }
}
