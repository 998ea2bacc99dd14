package leaksafe.bench.resource;

import java.lang.ref.Reference;

/**
 * Bytes for each open resource that is watched, the resource itself and the place where its record is kept aside; and how long a collection
 * takes with so many of them.
 *
 * <p>Command: {@code java -Xmx1g -cp benchmarks/target/benchmarks.jar leaksafe.bench.resource.Footprint}
 */
public final class Footprint {
  private static final int OPEN = 1_000_000;

  private Footprint() {}

  /** See the class. */
  public static void main(String[] args) {
    String[] names = args.length > 0 ? args : new String[] {"none", "leaksafe", "leaksafe-cleanup", "cleaner", "netty-simple"};
    System.out.println("| watched by | bytes an open object | ms for a full collection |");
    System.out.println("|---|---|---|");
    for (String name : names) {
      measure(name);
    }
  }

  private static void measure(String name) {
    Watcher watcher = Watcher.of(name);
    Object[] objects = new Object[OPEN];
    Object[] records = new Object[OPEN];
    for (int i = 0; i < OPEN; i++) {
      objects[i] = new Object();
    }
    long before = used();
    for (int i = 0; i < OPEN; i++) {
      records[i] = watcher.open(objects[i]);
    }
    long after = used();
    long start = System.nanoTime();
    System.gc();
    long millis = (System.nanoTime() - start) / 1_000_000;
    System.out.printf(java.util.Locale.ROOT, "| %s | %.1f | %d |%n", name, (after - before) / (double) OPEN, millis);
    for (int i = 0; i < OPEN; i++) {
      watcher.close(objects[i], records[i]);
    }
    Reference.reachabilityFence(objects);
  }

  private static long used() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }
}
