package leaksafe.cache.internal;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Loads many keys in one call. The absent keys are claimed first, as by single loads; those that others are loading are waited for only
 * after our own have ended, so that two bulk loads that overlap never wait for each other in a circle.
 */
final class BulkLoads<K, V, N> {
  private final SegmentedCache<K, V, N> cache;

  BulkLoads(SegmentedCache<K, V, N> cache) {
    this.cache = cache;
  }

  /** Returns the values of the keys, those that are absent computed in one call. */
  Map<K, V> load(Iterable<? extends K> keys, Function<? super Set<? extends K>, ? extends Map<? extends K, ? extends V>> bulkLoader) {
    Set<K> wanted = new LinkedHashSet<>();
    keys.forEach(key -> wanted.add(Objects.requireNonNull(key, "key")));
    Map<K, V> found = new LinkedHashMap<>();
    Set<K> open = new LinkedHashSet<>();
    for (K key : wanted) {
      add(found, key, cache.getIfPresent(key), open);
    }
    while (!open.isEmpty()) {
      open = round(open, found, bulkLoader);
    }
    Map<K, V> inOrder = new LinkedHashMap<>();
    for (K key : wanted) {
      add(inOrder, key, found.get(key), open);
    }
    return inOrder;
  }

  private static <K, V> void add(Map<K, V> found, K key, @Nullable V value, Set<K> otherwise) {
    if (value != null) {
      found.put(key, value);
    } else {
      otherwise.add(key);
    }
  }

  /** Tries the keys once, and returns those that must be tried again: they vanished between, or another's load of them failed. */
  private Set<K> round(Set<K> open, Map<K, V> found,
      Function<? super Set<? extends K>, ? extends Map<? extends K, ? extends V>> bulkLoader) {
    Map<K, Load<K, V, N>> mine = new LinkedHashMap<>();
    List<Load<K, V, N>> others = new ArrayList<>();
    Set<K> again = new LinkedHashSet<>();
    try {
      for (K key : open) {
        int hash = cache.hash(key);
        Load<K, V, N> load = new Load<>(key, hash, null, null);
        Load<K, V, N> claimed = cache.computations.claim(cache.segmentOf(hash), load);
        if (claimed == load) {
          mine.put(key, load);
        } else if (claimed != null) {
          others.add(claimed);
        } else {
          add(found, key, cache.lookup(key, hash), again);
        }
      }
      if (!mine.isEmpty()) {
        fill(mine, bulkLoader, found);
      }
    } finally {
      // What was claimed and got no value, be it that the loader left it out or threw.
      mine.values().forEach(load -> cache.computations.abandon(cache.segmentOf(load.hash), load));
    }
    for (Load<K, V, N> other : others) {
      add(found, other.key, other.await(cache::loadsOf), again);
    }
    return again;
  }

  /** Has the claimed keys loaded, and removes those from the claims that got a value. */
  private void fill(Map<K, Load<K, V, N>> claims, Function<? super Set<? extends K>, ? extends Map<? extends K, ? extends V>> bulkLoader,
      Map<K, V> found) {
    long start = cache.counters == null ? 0 : System.nanoTime();
    boolean loaded = false;
    try {
      Map<? extends K, ? extends V> result = Objects.requireNonNull(
          bulkLoader.apply(Collections.unmodifiableSet(new LinkedHashSet<>(claims.keySet()))), "the bulk loader returned null");
      for (Map.Entry<? extends K, ? extends V> entry : result.entrySet()) {
        K key = Objects.requireNonNull(entry.getKey(), "the bulk loader returned a null key");
        V value = Objects.requireNonNull(entry.getValue(), "the bulk loader returned a null value");
        Load<K, V, N> load = claims.get(key);
        if (load == null) {
          cache.put(key, value);
        } else {
          cache.computations.finish(cache.segmentOf(load.hash), load, value);
          claims.remove(key);
          found.put(load.key, value);
        }
      }
      loaded = true;
    } finally {
      if (cache.counters != null) {
        (loaded ? cache.counters.loads : cache.counters.failedLoads).increment();
        cache.counters.loadNanos.add(System.nanoTime() - start);
      }
    }
  }
}
