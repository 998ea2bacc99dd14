package leaksafe.bench.cache;

import java.lang.ref.Reference;
import java.util.Locale;
import leaksafe.bench.UsedHeap;

/**
 * Bytes of heap for each entry beyond its key and value, after the cache was filled and as many entries evicted again.
 *
 * <p>Command, for one figure: {@code java -Xmx2g -cp benchmarks/target/benchmarks.jar leaksafe.bench.cache.Footprint IMPL
 * [ENTRIES=1000000] [NONE|WRITE|ACCESS]}; for all: {@code Footprint all}, which forks a JVM for each.
 */
public final class Footprint {

  private Footprint() {}

  /** See the class. */
  public static void main(String[] args) throws Exception {
    if (args.length == 0) {
      System.err.println("usage: Footprint all | IMPL [ENTRIES] [NONE|WRITE|ACCESS]");
      System.exit(2);
    }
    if (args[0].equals("all")) {
      all();
      return;
    }
    int entries = args.length > 1 ? Integer.parseInt(args[1]) : 1_000_000;
    Peer.Lifetime lifetime = args.length > 2 ? Peer.Lifetime.valueOf(args[2]) : Peer.Lifetime.NONE;
    measure("leaksafe", 1_000, lifetime); // loads classes, ours and the collector's
    measure(args[0], 1_000, lifetime);
    System.out.printf(Locale.ROOT, "| %s | %d | %s | %.1f |%n", args[0], entries, lifetime, measure(args[0], entries, lifetime));
  }

  private static void all() throws Exception {
    System.out.println("| implementation | entries | lifetime since | bytes an entry |");
    System.out.println("|---|---|---|---|");
    for (String lifetime : new String[] {"NONE", "WRITE", "ACCESS"}) {
      for (String implementation : new String[] {"leaksafe", "caffeine", "cache2k", "guava", "chm", "lru", "leaksafe-weak", "caffeine-weak"}) {
        boolean timeless = implementation.equals("chm") || implementation.equals("lru") || implementation.endsWith("weak");
        if (timeless && !lifetime.equals("NONE")) {
          continue;
        }
        new ProcessBuilder(ProcessHandle.current().info().command().orElse("java"), "-Xmx2g", "-cp", System.getProperty("java.class.path"),
            Footprint.class.getName(), implementation, "1000000", lifetime).inheritIO().start().waitFor();
      }
    }
  }

  private static double measure(String implementation, int entries, Peer.Lifetime lifetime) throws InterruptedException {
    Long[] keys = new Long[entries * 2];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = Zipf.scatter(i);
    }
    long before = UsedHeap.afterCollections();
    Peer<Long, Long> cache = Peer.of(implementation, entries, lifetime);
    for (int i = 0; i < keys.length; i++) {
      if (implementation.equals("chm") && i >= entries) {
        cache.remove(keys[i - entries]);
      }
      cache.put(keys[i], keys[i]);
      cache.get(keys[i / 2]);
    }
    cache.settle();
    Thread.sleep(100); // for the maintenance of those that do it elsewhere
    cache.settle();
    double bytes = (UsedHeap.afterCollections() - before) / (double) cache.size();
    Reference.reachabilityFence(keys);
    Reference.reachabilityFence(cache);
    return bytes;
  }
}
