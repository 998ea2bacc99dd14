package leaksafe.registry;

import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Counts what a registry leaks and what it loses, with real collections. Run by {@link LeakTruthTest} in this JVM and, by way of
 * {@link #main}, in JVMs with other collectors.
 */
final class LeakTruth {
  private static final int ENTRIES = 500;
  private static final long PATIENCE_NANOS = 20_000_000_000L;

  private LeakTruth() {}

  /**
   * What became of {@value #ENTRIES} entries.
   *
   * @param leaked of the entries whose keys were dropped, how many are still held though nobody used the registry
   * @param lost of the entries whose keys are in use, how many have no value any more
   */
  record Count(int leaked, int lost) {}

  public static void main(String[] arguments) {
    for (KeyKind kind : KeyKind.values()) {
      System.out.println(kind + " " + count(kind));
    }
  }

  /** Where the values live in their keys they refer to them. */
  static Count count(KeyKind kind) {
    WeakRegistry<Object, KeyKind.Value> dying = KeyKind.<KeyKind.Value>builder().build();
    List<WeakReference<Object>> dropped = new ArrayList<>();
    fill(dying, kind, dropped, new ArrayList<>());
    WeakRegistry<Object, KeyKind.Value> living = KeyKind.<KeyKind.Value>builder().build();
    List<Object> kept = new ArrayList<>();
    fill(living, kind, new ArrayList<>(), kept);
    collectUntil(() -> alive(dropped) == 0);
    int lost = 0;
    for (Object key : kept) {
      KeyKind.Value value = living.get(key);
      lost += value != null && (value.key == key || !kind.livesInKey) ? 0 : 1;
    }
    Reference.reachabilityFence(dying);
    return new Count(alive(dropped), lost);
  }

  private static void fill(WeakRegistry<Object, KeyKind.Value> registry, KeyKind kind, List<WeakReference<Object>> watched,
      List<Object> kept) {
    for (int i = 0; i < ENTRIES; i++) {
      Object key = kind.key();
      KeyKind.Value value = new KeyKind.Value(kind.livesInKey ? key : null);
      registry.put(key, value);
      watched.add(new WeakReference<>(key));
      watched.add(new WeakReference<>(value));
      kept.add(key);
    }
  }

  static int alive(List<WeakReference<Object>> references) {
    int alive = 0;
    for (WeakReference<Object> reference : references) {
      alive += reference.refersTo(null) ? 0 : 1;
    }
    return alive;
  }

  static void collectUntil(BooleanSupplier done) {
    long start = System.nanoTime();
    do {
      System.gc();
      try {
        Thread.sleep(10);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    } while (!done.getAsBoolean() && System.nanoTime() - start < PATIENCE_NANOS);
  }
}
