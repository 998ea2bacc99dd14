package leaksafe.bench.cache;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/**
 * Reads that hit, of entries with a lifetime of an hour.
 *
 * <p>Command: {@code java -cp benchmarks/target/benchmarks.jar leaksafe.bench.Compare ExpiryBench impl=leaksafe,caffeine,cache2k,guava}.
 * For {@code ACCESS} cache2k runs with its idle scan, which is the nearest that it has.
 */
public class ExpiryBench extends Workload {

  /** Since when the hour counts. */
  @Param({"WRITE", "ACCESS"})
  public String since;

  @Override
  int maximum() {
    return 100_000;
  }

  @Override
  Peer.Lifetime lifetime() {
    return Peer.Lifetime.valueOf(since);
  }

  /** A hit. */
  @Benchmark
  public Object get(Cursor cursor) {
    return cache.get(key(cursor));
  }
}
