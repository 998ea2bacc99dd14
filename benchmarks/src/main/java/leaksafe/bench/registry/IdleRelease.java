package leaksafe.bench.registry;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import leaksafe.event.EventBus;
import leaksafe.event.Topic;
import leaksafe.registry.WeakInterner;
import leaksafe.registry.WeakRegistry;
import leaksafe.registry.WeakSet;

/**
 * How long after the collection of its keys or owners a container that nobody touches has let go of all their entries.
 *
 * <p>A thread that does nothing else notes when a weak reference to one of the keys is cleared, and when the container
 * is empty. It cannot run before the collector's pause is over, so that the pause does not count.
 *
 * <p>Command: {@code java -cp benchmarks/target/benchmarks.jar leaksafe.bench.registry.IdleRelease [ENTRIES=1000] [ROUNDS=50]}. It does not show values
 * that live in their keys: these go with the key, in the same collection.
 */
public final class IdleRelease {
  private static final long PATIENCE_NANOS = 20_000_000_000L;
  private static final long POLL_NANOS = 50_000; // not all the time, which would take the counts from the reaper's processor

  private IdleRelease() {}

  /** A container that is filled: what has to be held for it to live, and how many entries it has. */
  private record Filled(Object container, LongSupplier size) {}

  private interface Filler {
    Filled fill(Object[] keys);
  }

  /** See the class. */
  public static void main(String[] args) throws InterruptedException {
    int entries = args.length > 0 ? Integer.parseInt(args[0]) : 1000;
    int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 50;
    System.out.println("JDK " + System.getProperty("java.version") + ", "
        + String.join(", ", ManagementFactory.getGarbageCollectorMXBeans().stream().map(GarbageCollectorMXBean::getName).toList()));
    System.out.println("| idle | all " + entries + " entries gone, ms after the collection: median of " + rounds + " | most |");
    System.out.println("|---|---|---|");
    report("WeakRegistry, table", entries, rounds, IdleRelease::registry);
    report("WeakSet", entries, rounds, IdleRelease::set);
    report("WeakInterner", entries, rounds, IdleRelease::interner);
    report("Topic", entries, rounds, IdleRelease::topic);
    report("EventBus", entries, rounds, IdleRelease::bus);
  }

  private static Filled registry(Object[] keys) {
    WeakRegistry<Object, Object> registry = WeakRegistry.builder().build();
    for (Object key : keys) {
      registry.put(key, new Object());
    }
    return new Filled(registry, registry::estimatedSize);
  }

  private static Filled set(Object[] keys) {
    WeakSet<Object> set = WeakSet.create();
    for (Object key : keys) {
      set.add(key);
    }
    return new Filled(set, set::estimatedSize);
  }

  private static Filled interner(Object[] keys) {
    WeakInterner<Object> interner = WeakInterner.create();
    for (Object key : keys) {
      interner.intern(key);
    }
    return new Filled(interner, interner::estimatedSize);
  }

  private static Filled topic(Object[] keys) {
    Topic<String> topic = Topic.create();
    for (Object key : keys) {
      topic.subscribe(key, (owner, event) -> { });
    }
    topic.publish("so that there is a snapshot");
    return new Filled(topic, topic::estimatedSize);
  }

  private static Filled bus(Object[] keys) {
    EventBus bus = EventBus.create();
    for (Object key : keys) {
      bus.subscribe(key, String.class, (owner, event) -> { });
    }
    bus.publish("so that there is a snapshot");
    return new Filled(bus, bus::estimatedSize);
  }

  private static void report(String name, int entries, int rounds, Filler filler) throws InterruptedException {
    long[] nanos = new long[rounds];
    for (int i = -5; i < rounds; i++) { // the first five load classes
      long taken = round(entries, filler);
      if (i >= 0) {
        nanos[i] = taken;
      }
    }
    Arrays.sort(nanos);
    System.out.printf(Locale.ROOT, "| %s | %.2f | %.2f |%n", name, nanos[rounds / 2] / 1e6, nanos[rounds - 1] / 1e6);
  }

  private static long round(int entries, Filler filler) throws InterruptedException {
    List<Object> held = new ArrayList<>();
    Filled filled = fill(entries, filler, held);
    WeakReference<Object> sentinel = new WeakReference<>(((Object[]) held.get(0))[entries - 1]);
    long[] taken = new long[1];
    Thread watch = new Thread(() -> taken[0] = watch(sentinel, filled.size()), "watch");
    watch.start();
    Thread.sleep(20); // until the reaper waits, and so does the watch
    held.clear();
    System.gc();
    watch.join();
    Reference.reachabilityFence(filled.container());
    return taken[0];
  }

  private static Filled fill(int entries, Filler filler, List<Object> held) {
    Object[] keys = new Object[entries];
    Arrays.setAll(keys, i -> new Object());
    held.add(keys); // until all are in, and the watch waits
    return filler.fill(keys);
  }

  private static long watch(WeakReference<Object> sentinel, LongSupplier size) {
    long given = System.nanoTime();
    while (!sentinel.refersTo(null)) {
      Thread.onSpinWait();
    }
    long collected = System.nanoTime();
    while (size.getAsLong() != 0) {
      if (System.nanoTime() - given > PATIENCE_NANOS) {
        throw new IllegalStateException(size.getAsLong() + " entries are still there");
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
    return System.nanoTime() - collected;
  }
}
