package leaksafe.bench.cache;

import org.openjdk.jmh.annotations.Benchmark;

/**
 * Reads of four times as many keys as fit, each miss followed by a put: about 90 % hits, the share depending on the implementation.
 *
 * <p>Command: {@code java -cp benchmarks/target/benchmarks.jar leaksafe.bench.Compare ReadThroughBench}. A {@code chm} has no bound
 * and soon hits always: it is a ceiling, not a peer.
 */
public class ReadThroughBench extends Workload {

  @Override
  int maximum() {
    return 100_000;
  }

  @Override
  int keys() {
    return 400_000;
  }

  /** A read, and on a miss a put. */
  @Benchmark
  public Object getOrPut(Cursor cursor) {
    Long key = key(cursor);
    Long value = cache.get(key);
    if (value == null) {
      cache.put(key, key);
    }
    return value;
  }
}
