package leaksafe.bench.registry;

import java.lang.ref.Reference;
import java.util.Locale;
import leaksafe.bench.UsedHeap;

/**
 * Bytes of heap for each entry beyond its key and value. An attachable key's {@code Attachments} count.
 *
 * <p>Command: {@code java -Xmx2g -XX:+UseSerialGC -cp benchmarks/target/benchmarks.jar leaksafe.bench.registry.Footprint}, which forks a
 * JVM for each implementation.
 */
public final class Footprint {
  private static final int ENTRIES = 500_000;

  private Footprint() {}

  /** See the class. */
  public static void main(String[] args) throws Exception {
    if (args.length == 1) {
      measure(args[0], 1_000); // loads classes
      System.out.printf(Locale.ROOT, "| %s | %.1f |%n", args[0], measure(args[0], ENTRIES));
      System.exit(0); // some peers have threads that do not end
    }
    System.out.println("| implementation | bytes an entry |");
    System.out.println("|---|---|");
    for (String implementation : Peer.ALL) {
      if (!implementation.equals("springWeak")) { // it loses them
        new ProcessBuilder(ProcessHandle.current().info().command().orElse("java"), "-Xmx2g", "-XX:+UseSerialGC", "-cp",
            System.getProperty("java.class.path"), Footprint.class.getName(), implementation).inheritIO().start().waitFor();
      }
    }
  }

  private static double measure(String implementation, int entries) throws InterruptedException {
    Object[] values = new Object[entries];
    for (int i = 0; i < entries; i++) {
      values[i] = new Object();
    }
    Key[] keys = new Key[entries];
    long before = UsedHeap.afterCollections();
    Peer peer = Peer.of(implementation);
    for (int i = 0; i < entries; i++) {
      keys[i] = Key.of(implementation);
      peer.put(keys[i], values[i]);
    }
    double bytes = (UsedHeap.afterCollections() - before) / (double) entries - 16; // the key itself, which has no fields or one reference
    Reference.reachabilityFence(keys);
    Reference.reachabilityFence(values);
    Reference.reachabilityFence(peer);
    return bytes;
  }
}
