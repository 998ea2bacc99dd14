package leaksafe.bench.resource;

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
 * Opening and closing a resource that is watched.
 *
 * <p>Command: {@code java -cp benchmarks/target/benchmarks.jar leaksafe.bench.Compare TrackerBench
 * impl=leaksafe,cleaner,netty-simple,netty-paranoid,none}. It does not show what a leak costs, nor a deep stack, which makes
 * {@code netty-paranoid} dearer.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@State(Scope.Benchmark)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 2, time = 1)
@Fork(1)
public class TrackerBench {
  private static final int OPEN = 1 << 12;

  /** See {@link Watcher}. */
  @Param("leaksafe")
  public String impl;

  private Watcher watcher;

  /** Makes it. */
  @Setup
  public void make() {
    watcher = Watcher.of(impl);
  }

  /** A resource that is closed soon. */
  @Benchmark
  public Object openAndClose() {
    Object object = new Object();
    watcher.close(object, watcher.open(object));
    return object;
  }

  /** The resources that a thread has open. */
  @State(Scope.Thread)
  public static class Window {
    private final Object[] objects = new Object[OPEN];
    private final Object[] records = new Object[OPEN];
    private int next;
  }

  /** A resource that is closed when the thread has opened 4096 more. */
  @Benchmark
  public void openAndCloseLate(Window window) {
    int i = window.next++ & OPEN - 1;
    if (window.objects[i] != null) {
      watcher.close(window.objects[i], window.records[i]);
    }
    Object object = new Object();
    window.objects[i] = object;
    window.records[i] = watcher.open(object);
  }
}
