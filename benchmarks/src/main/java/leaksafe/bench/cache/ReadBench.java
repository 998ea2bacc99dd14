package leaksafe.bench.cache;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/**
 * Reads, of which all or nine of ten hit.
 *
 * <p>Command: {@code java -cp benchmarks/target/benchmarks.jar leaksafe.bench.Compare ReadBench}. Nothing is put after a miss.
 */
public class ReadBench extends Workload {

  /** The entries in the cache. */
  @Param({"100000", "1000000"})
  public int size;

  /** How many reads of a hundred hit. */
  @Param({"100", "90"})
  public int hits;

  @Override
  int maximum() {
    return size;
  }

  @Override
  int known() {
    return hits;
  }

  /** A read. */
  @Benchmark
  public Object get(Cursor cursor) {
    return cache.get(key(cursor));
  }
}
