package leaksafe.bench.event;

import java.util.ArrayList;
import java.util.List;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Publishing one event to so many handlers on the caller's thread.
 *
 * <p>Command: {@code java -cp benchmarks/target/benchmarks.jar leaksafe.bench.Compare PublishBench
 * impl=leaksafe-topic,leaksafe-bus,bare,guava,mbassador,greenrobot}. It does not show what subscribing costs, nor handlers of many different
 * classes, whose calls no bus can make cheap; nor publishing from several threads to handlers that share nothing.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@State(Scope.Thread)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class PublishBench {
  /** Ours, a peer's or the floor. */
  @Param("leaksafe-topic")
  public String impl;

  /** How many listen. */
  @Param({"1", "10", "1000"})
  public int handlers;

  private final List<Peer.Counter> counters = new ArrayList<>();
  private final Peer.Event event = new Peer.Event(1);
  private Peer peer;
  private long published;

  /**
   * Subscribes, and collects: what listens to events lives long, and so lies where a collection put it. Else the garbage of subscribing would lie
   * between the entries, more of it for one than for another.
   */
  @Setup
  public void subscribe() {
    peer = Peer.of(impl);
    for (int i = 0; i < handlers; i++) {
      counters.add(peer.add());
    }
    System.gc();
  }

  /** Publishes one. */
  @Benchmark
  public void publish() {
    published++;
    peer.publish(event);
  }

  /** Throws unless each handler was called for each event. */
  @TearDown
  public void check() {
    for (Peer.Counter counter : counters) {
      if (counter.sum != (int) published) {
        throw new IllegalStateException("a handler was called " + counter.sum + " times for " + published + " events");
      }
    }
  }
}
