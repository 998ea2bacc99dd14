package leaksafe.bench.cache;

import org.openjdk.jmh.annotations.Benchmark;

/**
 * Reads with a loader.
 *
 * <p>Command: {@code java -cp benchmarks/target/benchmarks.jar leaksafe.bench.Compare LoadBench}. The loader costs nothing: what is
 * measured is what the cache adds.
 */
public class LoadBench extends Workload {

  @Override
  int maximum() {
    return 100_000;
  }

  /** The value is there. */
  @Benchmark
  public Object hit(Cursor cursor) {
    return cache.getOrLoad(key(cursor), key -> key);
  }

  /** The value is loaded, and another evicted for it. */
  @Benchmark
  public Object miss(Cursor cursor) {
    Long fresh = cursor.freshKey();
    if (impl.equals("chm")) {
      cache.remove(cursor.formerKey(50_000));
    }
    return cache.getOrLoad(fresh, key -> key);
  }
}
