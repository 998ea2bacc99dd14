package leaksafe.bench.cache;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * How far a cache exceeds its maximum while threads put: the most that an independent thread saw.
 *
 * <p>Command: {@code java -cp benchmarks/target/benchmarks.jar leaksafe.bench.cache.OverMaximum [MAXIMUM=100] [THREADS=4] [SECONDS=2]}.
 */
public final class OverMaximum {

  private OverMaximum() {}

  /** See the class. */
  public static void main(String[] args) throws InterruptedException {
    int maximum = args.length > 0 ? Integer.parseInt(args[0]) : 100;
    int threads = args.length > 1 ? Integer.parseInt(args[1]) : 4;
    int seconds = args.length > 2 ? Integer.parseInt(args[2]) : 2;
    System.out.println("| implementation | maximum | most entries seen | above the maximum |");
    System.out.println("|---|---|---|---|");
    for (String implementation : new String[] {"leaksafe", "caffeine", "cache2k", "guava", "lru"}) {
      long most = most(Peer.of(implementation, maximum, Peer.Lifetime.NONE), threads, seconds);
      System.out.println("| " + implementation + " | " + maximum + " | " + most + " | " + Math.max(0, most - maximum) + " |");
    }
  }

  private static long most(Peer<Long, Long> cache, int threads, int seconds) throws InterruptedException {
    AtomicBoolean stop = new AtomicBoolean();
    Thread[] writers = new Thread[threads];
    for (int t = 0; t < threads; t++) {
      long first = (t + 1L) << 40;
      writers[t] = new Thread(() -> {
        for (long i = first; !stop.get(); i++) {
          Long key = Zipf.scatter(i);
          cache.put(key, key);
        }
      });
      writers[t].start();
    }
    long most = 0;
    long end = System.nanoTime() + seconds * 1_000_000_000L;
    while (System.nanoTime() - end < 0) {
      most = Math.max(most, cache.size());
    }
    stop.set(true);
    for (Thread writer : writers) {
      writer.join();
    }
    return most;
  }
}
