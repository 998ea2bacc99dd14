package leaksafe.bench.pool;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a lease cannot do without, each by itself and on memory of the thread's own: how much a second core adds to it is the most that it can add
 * to leases that do not contend.
 *
 * <p>Command: {@code java -jar benchmarks/target/benchmarks.jar BareModel -t 1}, and {@code -t 2}. It does not show what the way through a pool costs.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@State(Scope.Thread)
@Fork(value = 1, jvmArgsAppend = {"-Xms512m", "-Xmx512m", "-XX:+AlwaysPreTouch"})
@Warmup(iterations = 3, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 300, timeUnit = TimeUnit.MILLISECONDS)
public class BareModel {
  private static final int CLAIM = 32; // two cells with a pair of cache lines on either side
  private static final int CLOSE = 33;

  private final AtomicLongArray cells = new AtomicLongArray(64);

  /** As large as a lease. */
  private record Ticket(Object slot, long turn) {}

  /** A compare-and-set and a store with release. */
  @Benchmark
  public long claimAndClose() {
    long seen = cells.get(CLAIM);
    cells.compareAndSet(CLAIM, seen, seen + 1);
    cells.setRelease(CLOSE, seen);
    return seen;
  }

  /** An object of 24 bytes. */
  @Benchmark
  public Object allocate() {
    return new Ticket(cells, 1);
  }

  /** Both. */
  @Benchmark
  public Object both() {
    return new Ticket(cells, claimAndClose());
  }
}
