package leaksafe.bench.registry;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;

/**
 * What each implementation leaks, loses and retains, of {@value #ENTRIES} entries, with real collections.
 *
 * <p>Leaked: dropped keys that are still held, because their value refers to them. Lost: keys in use that have no value any more.
 * Retained: values, which refer to nothing, of dropped keys, in a map that nobody used since.
 *
 * <p>Command: {@code java -XX:+UseG1GC -cp benchmarks/target/benchmarks.jar leaksafe.bench.registry.LeakTruth}, and with the other
 * collectors.
 */
public final class LeakTruth {
  private static final int ENTRIES = 500;

  private LeakTruth() {}

  private static final class Value {
    final Key key;

    Value(Key key) {
      this.key = key;
    }
  }

  /** See the class. */
  public static void main(String[] args) throws InterruptedException {
    System.out.println("JDK " + System.getProperty("java.version") + ", "
        + String.join(", ", ManagementFactory.getGarbageCollectorMXBeans().stream().map(GarbageCollectorMXBean::getName).toList()));
    System.out.println("| implementation | leaked keys | lost live values | retained values, idle |");
    System.out.println("|---|---|---|---|");
    for (String implementation : Peer.ALL) {
      if (!implementation.equals("chm")) {
        System.out.printf("| %s | %s | %d | %d |%n", implementation, leaked(implementation), lost(implementation), retained(implementation));
      }
    }
    System.exit(0); // some peers have threads that do not end
  }

  private static String leaked(String implementation) throws InterruptedException {
    Peer peer = Peer.of(implementation);
    List<WeakReference<Object>> dropped = new ArrayList<>();
    int refused = 0;
    for (int i = 0; i < ENTRIES; i++) {
      Key key = Key.of(implementation);
      dropped.add(new WeakReference<>(key));
      try {
        peer.put(key, new Value(key));
      } catch (IllegalArgumentException e) {
        refused++;
      }
    }
    int leaked = aliveAfterCollections(dropped);
    Reference.reachabilityFence(peer);
    return leaked + (refused == 0 ? "" : " (" + refused + " refused, with the path)");
  }

  private static int lost(String implementation) throws InterruptedException {
    Peer peer = Peer.of(implementation);
    List<Key> keys = new ArrayList<>();
    for (int i = 0; i < ENTRIES; i++) {
      Key key = Key.of(implementation);
      keys.add(key);
      peer.put(key, new Value(null));
    }
    aliveAfterCollections(List.of());
    int lost = 0;
    for (Key key : keys) {
      lost += peer.get(key) == null ? 1 : 0;
    }
    return lost;
  }

  private static int retained(String implementation) throws InterruptedException {
    Peer peer = Peer.of(implementation);
    List<WeakReference<Object>> dropped = new ArrayList<>();
    for (int i = 0; i < ENTRIES; i++) {
      Value value = new Value(null);
      dropped.add(new WeakReference<>(value));
      peer.put(Key.of(implementation), value);
    }
    int retained = aliveAfterCollections(dropped);
    Reference.reachabilityFence(peer);
    return retained;
  }

  private static int aliveAfterCollections(List<WeakReference<Object>> references) throws InterruptedException {
    for (int i = 0; i < 8; i++) {
      System.gc();
      Thread.sleep(50); // for those that let go on a thread of their own
    }
    return (int) references.stream().filter(reference -> !reference.refersTo(null)).count();
  }
}
