package leaksafe.bench.registry;

import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import leaksafe.registry.PerThread;
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
 * The current thread's value.
 *
 * <p>Command: {@code java -cp benchmarks/target/benchmarks.jar leaksafe.bench.Compare PerThreadBench impl=leaksafe,threadLocal}. It does
 * not show what a value costs that is made for one use, as on a virtual thread.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@State(Scope.Benchmark)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class PerThreadBench {
  /** Ours or the JDK's. */
  @Param("leaksafe")
  public String impl;

  private Supplier<Object> values;

  /** Makes it. */
  @Setup
  public void make() {
    values = switch (impl) {
      case "leaksafe" -> PerThread.<Object>builder(Object::new).build()::get;
      case "threadLocal" -> ThreadLocal.<Object>withInitial(Object::new)::get;
      default -> throw new IllegalArgumentException("impl must be leaksafe or threadLocal, but was " + impl);
    };
  }

  /** A value that is there. */
  @Benchmark
  public Object get() {
    return values.get();
  }
}
