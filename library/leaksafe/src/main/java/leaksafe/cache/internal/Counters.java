package leaksafe.cache.internal;

import java.util.concurrent.atomic.LongAdder;
import leaksafe.cache.CacheStats;
import leaksafe.internal.HitCounter;

/** The counters of a cache that records statistics. */
final class Counters {
  final HitCounter hits = new HitCounter(); // as often as hits themselves
  final HitCounter misses = new HitCounter();
  final LongAdder loads = new LongAdder();
  final LongAdder failedLoads = new LongAdder();
  final LongAdder loadNanos = new LongAdder();
  final LongAdder evictions = new LongAdder();
  final LongAdder evictedWeight = new LongAdder();

  CacheStats snapshot() {
    return new CacheStats(hits.sum(), misses.sum(), loads.sum(), failedLoads.sum(), loadNanos.sum(), evictions.sum(), evictedWeight.sum());
  }
}
