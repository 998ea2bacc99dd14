package leaksafe.bench.pool;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Taking an object and giving it back, and the same with two objects at a time. {@code size=10} is without contention; {@code size=1} with
 * {@code -t 2} is nothing but contention.
 *
 * <p>{@code java -cp benchmarks/target/benchmarks.jar leaksafe.bench.Compare PoolBenchmark size=10
 * impl=leaksafe,stormpot,concurrentBag,arrayBlockingQueue,commonsPool2}, for one thread and for all processors.
 *
 * <p>It does not show what objects cost that are checked, nor fairness under contention.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@State(Scope.Benchmark)
@Fork(value = 1, jvmArgsAppend = {"-Xms512m", "-Xmx512m", "-XX:+AlwaysPreTouch"})
@Warmup(iterations = 3, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 300, timeUnit = TimeUnit.MILLISECONDS)
public class PoolBenchmark {
  @Param({"leaksafe", "stormpot", "concurrentBag", "arrayBlockingQueue", "commonsPool2"})
  public String impl;

  @Param("10")
  public int size;

  private Takers.Taker taker;

  @Setup
  public void setUp() {
    taker = Takers.of(impl, size);
  }

  @Benchmark
  public Object one() throws Exception {
    return taker.one(0);
  }

  @Benchmark
  public Object two() throws Exception {
    if (size < 2) {
      throw new IllegalStateException("two objects at a time need a size of at least 2, but it was " + size + ": name PoolBenchmark.one");
    }
    return taker.two();
  }
}
