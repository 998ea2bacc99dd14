package leaksafe.cache.internal;

import leaksafe.RemovalCause;
import org.jspecify.annotations.Nullable;

/** The computations of a segment that are running: as many as there are threads at it, so a list will do. Guarded by the segment's lock. */
final class Loads<K, V, N> {
  private final Structure<K, V, N> cache;
  private @Nullable Load<K, V, N> first; // the newest

  Loads(Structure<K, V, N> cache) {
    this.cache = cache;
  }

  @Nullable Load<K, V, N> first() {
    return first;
  }

  /** Returns the load of the key that is running, or null. */
  @Nullable Load<K, V, N> of(K key, int hash) {
    for (Load<K, V, N> load = first; load != null; load = load.next) {
      if (load.hash == hash && cache.sameKey(load.key, key)) {
        return load;
      }
    }
    return null;
  }

  void begin(Load<K, V, N> load) {
    load.next = first;
    first = load;
  }

  void end(Load<K, V, N> load) {
    if (first == load) {
      first = load.next;
      return;
    }
    for (Load<K, V, N> before = first; before != null; before = before.next) {
      if (before.next == load) {
        before.next = load.next;
        return;
      }
    }
  }

  /** Has a load that is running not store its result, and forgets it. */
  void supersede(Load<K, V, N> load, RemovalCause cause) {
    load.supersede(cause);
    end(load);
  }

  void supersedeAll(RemovalCause cause) {
    for (Load<K, V, N> load = first; load != null; load = load.next) {
      load.supersede(cause);
    }
    first = null;
  }
}
