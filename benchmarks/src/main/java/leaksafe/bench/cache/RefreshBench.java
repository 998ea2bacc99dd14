package leaksafe.bench.cache;

import org.openjdk.jmh.annotations.Benchmark;

/**
 * Reads that hit, of entries that are stale an hour after they were written: what the look at their age costs.
 *
 * <p>Command: {@code java -cp benchmarks/target/benchmarks.jar leaksafe.bench.Compare RefreshBench impl=leaksafe,caffeine}; the others have
 * no such option. It does not show what a reload costs, which is mostly the loader's and the executor's affair.
 */
public class RefreshBench extends Workload {

  @Override
  int maximum() {
    return 100_000;
  }

  @Override
  Peer.Lifetime lifetime() {
    return Peer.Lifetime.REFRESH;
  }

  /** A hit. */
  @Benchmark
  public Object get(Cursor cursor) {
    return cache.get(key(cursor));
  }
}
