package leaksafe.bench.cache;

import org.openjdk.jmh.annotations.Benchmark;

/**
 * Writes into a full cache.
 *
 * <p>Command: {@code java -cp benchmarks/target/benchmarks.jar leaksafe.bench.Compare WriteBench}; with JMH's own main class and
 * {@code -prof gc} for the bytes allocated. A {@code chm} removes an older key itself in place of an eviction.
 */
public class WriteBench extends Workload {

  @Override
  int maximum() {
    return 100_000;
  }

  /** A put of a key that nobody has seen, which evicts another. */
  @Benchmark
  public void evictingPut(Cursor cursor) {
    Long key = cursor.freshKey();
    if (impl.equals("chm")) {
      cache.remove(cursor.formerKey(50_000));
    }
    cache.put(key, key);
  }

  /** Three reads to one update of a present key. */
  @Benchmark
  public Object threeReadsOneUpdate(Cursor cursor) {
    Long key = key(cursor);
    if ((cursor.next & 3) == 0) {
      cache.put(key, key);
      return key;
    }
    return cache.get(key);
  }
}
