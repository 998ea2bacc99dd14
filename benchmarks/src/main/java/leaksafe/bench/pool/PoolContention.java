package leaksafe.bench.pool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.openjdk.jmh.infra.Blackhole;

/**
 * Threads that fight for too few objects: how many leases there are in all, and how they are shared out. A figure of leases in all says little by
 * itself, for a pool that lets one thread have its object for ever and the others wait for ever has no contention at all.
 *
 * <p>Each implementation runs in turn in one JVM, in many short rounds after some to warm up. What is compared is the round that a tenth of its
 * rounds exceed: on a machine that others use, too, most rounds are disturbed. The share is that of the thread which got the fewest leases, in
 * parts of what an even distribution would have given it: 1 is even, 0 is starved; the median over the rounds. How often a thread slept, that is
 * gave its processor up by itself, is what Linux counts, its start and its end among them.
 *
 * <p>Command: {@code java -Xms512m -Xmx512m -XX:+AlwaysPreTouch -cp benchmarks/target/benchmarks.jar leaksafe.bench.pool.PoolContention [threads=2]
 * [size=1] [hold=0] [pause=0] [rounds=60] [millis=25] [impl=leaksafe,...]}; {@code hold} and {@code pause} are tokens of work
 * (some nanoseconds each) with and without a lease.
 */
public final class PoolContention {
  private static final int WARMUPS = 20;

  private int threads = 2;
  private int size = 1;
  private int hold = 0;
  private int pause = 0;
  private int rounds = 60;
  private int millis = 25;
  private List<String> impl =
      List.of("leaksafe", "stormpot", "concurrentBag", "arrayBlockingQueue", "fairArrayBlockingQueue", "commonsPool2");

  /** What came of a round. */
  private record Round(long leases, double share, long switches) {}

  private PoolContention() {}

  /** See the class. */
  public static void main(String[] args) throws InterruptedException {
    PoolContention contention = new PoolContention();
    Arrays.stream(args).forEach(contention::option);
    contention.run();
  }

  private void option(String arg) {
    String[] parts = arg.split("=", 2);
    String value = parts.length < 2 ? "" : parts[1];
    switch (parts[0]) {
      case "threads" -> threads = Integer.parseInt(value);
      case "size" -> size = Integer.parseInt(value);
      case "hold" -> hold = Integer.parseInt(value);
      case "pause" -> pause = Integer.parseInt(value);
      case "rounds" -> rounds = Integer.parseInt(value);
      case "millis" -> millis = Integer.parseInt(value);
      case "impl" -> impl = List.of(value.split(","));
      default -> throw new IllegalArgumentException(
          "options are threads, size, hold, pause, rounds, millis and impl, each with =VALUE, but there was " + arg);
    }
  }

  private void run() throws InterruptedException {
    Map<String, Takers.Taker> takers = new LinkedHashMap<>();
    impl.forEach(name -> takers.put(name, Takers.of(name, size)));
    Map<String, List<Round>> results = new LinkedHashMap<>();
    for (int i = -WARMUPS; i < rounds; i++) {
      for (Map.Entry<String, Takers.Taker> each : takers.entrySet()) {
        Round round = round(each.getValue());
        if (i >= 0) {
          results.computeIfAbsent(each.getKey(), name -> new ArrayList<>()).add(round);
        }
      }
    }
    System.out.printf(Locale.ROOT, "%d threads, %d objects, hold %d, pause %d%n", threads, size, hold, pause);
    double ours = quick(results.get(impl.get(0)));
    results.forEach((name, theirs) -> {
      double[] shares = theirs.stream().mapToDouble(Round::share).sorted().toArray();
      long leases = theirs.stream().mapToLong(Round::leases).sum();
      long switches = theirs.stream().mapToLong(Round::switches).sum();
      System.out.printf(Locale.ROOT, "%-24s %6.1f leases a microsecond, ours to it %6.2f; share of the last %.2f; a thread slept once in %d leases%n",
          name, quick(theirs) / (1000.0 * millis), ours / quick(theirs), shares[shares.length / 2], leases / Math.max(1, switches));
    });
  }

  /** Returns how many leases there are in the round that a tenth of them exceed. */
  private static double quick(List<Round> rounds) {
    long[] sorted = rounds.stream().mapToLong(Round::leases).sorted().toArray();
    return Math.max(1, sorted[sorted.length * 9 / 10]);
  }

  private Round round(Takers.Taker taker) throws InterruptedException {
    AtomicBoolean stopped = new AtomicBoolean();
    CountDownLatch start = new CountDownLatch(1);
    List<Worker> workers = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      Worker worker = new Worker(taker, start, stopped);
      workers.add(worker);
      worker.start();
    }
    start.countDown();
    TimeUnit.MILLISECONDS.sleep(millis);
    stopped.set(true);
    for (Worker worker : workers) {
      worker.interrupt();
      worker.join();
    }
    long all = workers.stream().mapToLong(worker -> worker.leases).sum();
    long least = workers.stream().mapToLong(worker -> worker.leases).min().orElse(0);
    long switches = workers.stream().mapToLong(worker -> worker.switches).sum();
    return new Round(all, (double) least * threads / Math.max(1, all), switches);
  }

  /** Returns how often the current thread gave its processor up by itself, as Linux tells; 0 elsewhere. */
  private static long voluntarySwitches() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/thread-self/status"))) {
      return lines.filter(line -> line.startsWith("voluntary_ctxt_switches:")).mapToLong(line -> Long.parseLong(line.split("\\s+")[1])).sum();
    } catch (IOException e) {
      return 0;
    }
  }

  private final class Worker extends Thread {
    private final Takers.Taker taker;
    private final CountDownLatch start;
    private final AtomicBoolean stopped;
    private long leases; // read after the thread has ended
    private long switches; // as above

    Worker(Takers.Taker taker, CountDownLatch start, AtomicBoolean stopped) {
      this.taker = taker;
      this.start = start;
      this.stopped = stopped;
    }

    @Override
    public void run() {
      long done = 0;
      try {
        start.await();
        while (!stopped.get()) {
          taker.one(hold);
          done++;
          if (pause > 0) {
            Blackhole.consumeCPU(pause);
          }
        }
      } catch (InterruptedException e) {
        // the end
      } catch (Exception e) {
        if (!stopped.get()) {
          throw new IllegalStateException(e);
        }
      }
      leases = done;
      switches = voluntarySwitches();
    }
  }
}
