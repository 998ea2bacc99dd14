package leaksafe.bench.cache;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.Locale;

/**
 * The processor time of what evicts, in one thread: puts of keys that nobody has seen ({@code put}), the same through a loader ({@code load}), or
 * reads of four times as many keys as fit, each miss followed by a put ({@code readThrough}). Processor time and not the clock's, so that a
 * machine that others use, too, still tells two versions apart, when their JVMs alternate; the least of the rounds is the steadiest.
 *
 * <p>Command: {@code java -Xms1g -Xmx1g -XX:+AlwaysPreTouch -cp benchmarks/target/benchmarks.jar leaksafe.bench.cache.EvictionCost
 * put|load|readThrough MAXIMUM [IMPLEMENTATION]}. What other threads do, as the maintenance of Caffeine, is not counted.
 */
public final class EvictionCost {
  private static final int WARM_UP = 10;
  private static final int ROUNDS = 20;
  private static final int OPERATIONS = 1 << 19; // a round
  private static final int SEQUENCE = 1 << 20;

  private final Peer<Long, Long> cache;
  private final Long[] sequence;
  private long fresh = 1L << 40;
  private int next;

  private EvictionCost(String implementation, int maximum) {
    cache = Peer.of(implementation, maximum, Peer.Lifetime.NONE);
    for (long rank = 0; rank < maximum; rank++) {
      Long key = Zipf.scatter(rank);
      cache.put(key, key);
    }
    Zipf zipf = new Zipf(4L * maximum, 0.99, 42);
    sequence = new Long[SEQUENCE];
    Arrays.setAll(sequence, i -> Zipf.scatter(zipf.next()));
  }

  /** See the class. */
  public static void main(String[] args) {
    if (args.length < 2) {
      System.err.println("usage: EvictionCost put|load|readThrough MAXIMUM [IMPLEMENTATION]");
      System.exit(2);
    }
    EvictionCost cost = new EvictionCost(args.length > 2 ? args[2] : "leaksafe", Integer.parseInt(args[1]));
    Runnable round = switch (args[0]) {
      case "put" -> cost::put;
      case "load" -> cost::load;
      case "readThrough" -> cost::readThrough;
      default -> throw new IllegalArgumentException("the operation must be put, load or readThrough, but was " + args[0]);
    };
    System.gc();
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    double[] nanos = new double[ROUNDS];
    for (int i = -WARM_UP; i < ROUNDS; i++) {
      long before = threads.getCurrentThreadCpuTime();
      round.run();
      if (i >= 0) {
        nanos[i] = (threads.getCurrentThreadCpuTime() - before) / (double) OPERATIONS;
      }
    }
    Arrays.sort(nanos);
    System.out.printf(Locale.ROOT, "ns of processor time an operation: least %.1f, median %.1f%n", nanos[0], nanos[ROUNDS / 2]);
  }

  private void put() {
    for (int i = 0; i < OPERATIONS; i++) {
      Long key = Zipf.scatter(fresh++);
      cache.put(key, key);
    }
  }

  private void load() {
    for (int i = 0; i < OPERATIONS; i++) {
      cache.getOrLoad(Zipf.scatter(fresh++), key -> key);
    }
  }

  private void readThrough() {
    for (int i = 0; i < OPERATIONS; i++) {
      Long key = sequence[next++ & SEQUENCE - 1];
      if (cache.get(key) == null) {
        cache.put(key, key);
      }
    }
  }
}
