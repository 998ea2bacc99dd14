package leaksafe.bench.cache;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/**
 * Reads that all hit.
 *
 * <p>Command: {@code java -cp benchmarks/target/benchmarks.jar leaksafe.bench.Compare ReadBench}. It does not show what a miss costs.
 */
public class ReadBench extends Workload {

  /** The entries in the cache. */
  @Param({"100000", "1000000"})
  public int size;

  @Override
  int maximum() {
    return size;
  }

  /** A hit. */
  @Benchmark
  public Object get(Cursor cursor) {
    return cache.get(key(cursor));
  }
}
