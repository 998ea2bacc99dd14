package leaksafe.cache.internal;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import leaksafe.RemovalCause;
import org.jspecify.annotations.Nullable;

/**
 * Runs users' functions that compute values: outside every lock, and for a key one at a time.
 *
 * <p>A key that is absent gets no node before its value is there: the {@link Load} in the segment's list stands for it. The node of a
 * key that is present loses its value to the load, which stops puts that take no lock, and has readers look for the load.
 */
final class Computations<K, V, N> {
  private final SegmentedCache<K, V, N> cache;

  Computations(SegmentedCache<K, V, N> cache) {
    this.cache = cache;
  }

  /** Returns the value of the key, computed if it is absent. */
  @Nullable V load(K key, Function<? super K, ? extends @Nullable V> loader) {
    int hash = cache.hash(key);
    Segment<K, V, N> segment = cache.segmentOf(hash);
    while (true) {
      Claim<K, V, N> claim = claim(segment, key, hash);
      if (claim.value != null) {
        return claim.value;
      }
      if (claim.mine != null) {
        return run(segment, claim.mine, () -> loader.apply(key));
      }
      if (claim.other != null) {
        V value = claim.other.await(cache::loadsOf);
        if (value != null) {
          return value;
        }
      }
    }
  }

  /** What came of the wish to load a key: it has a value, or it is ours to load, or another loads it; nothing if it just vanished. */
  private static final class Claim<K, V, N> {
    final @Nullable V value;
    final @Nullable Load<K, V, N> mine;
    final @Nullable Load<K, V, N> other;

    Claim(@Nullable V value, @Nullable Load<K, V, N> mine, @Nullable Load<K, V, N> other) {
      this.value = value;
      this.mine = mine;
      this.other = other;
    }
  }

  private Claim<K, V, N> claim(Segment<K, V, N> segment, K key, int hash) {
    segment.lock();
    try {
      Load<K, V, N> running = segment.loads.of(key, hash);
      if (running != null) {
        if (running.old != null) {
          return new Claim<>(running.old, null, null);
        }
        running.expectWaiter();
        return new Claim<>(null, null, running);
      }
      long now = cache.now();
      N node = segment.find(key, hash);
      if (node == null || segment.removeIfDead(node, now)) {
        Load<K, V, N> mine = new Load<>(key, hash, null, null);
        segment.loads.begin(mine);
        return new Claim<>(null, mine, null);
      }
      return new Claim<>(segment.liveValue(node, now), null, null);
    } finally {
      segment.unlockAndTell();
    }
  }

  /**
   * Replaces the value of the key by what the function makes of it, null to remove it.
   *
   * @param whenAbsent whether to call the function when there is no value
   */
  @Nullable V compute(K key, BiFunction<? super K, ? super @Nullable V, ? extends @Nullable V> function, boolean whenAbsent) {
    int hash = cache.hash(key);
    Segment<K, V, N> segment = cache.segmentOf(hash);
    while (true) {
      Load<K, V, N> mine = null;
      Load<K, V, N> other;
      segment.lock();
      try {
        other = segment.loads.of(key, hash);
        if (other != null) {
          other.expectWaiter();
        } else {
          mine = freeze(segment, key, hash, whenAbsent);
          if (mine == null) {
            return null;
          }
          segment.loads.begin(mine);
        }
      } finally {
        segment.unlockAndTell();
      }
      if (mine != null) {
        @Nullable V old = mine.old;
        return run(segment, mine, () -> function.apply(key, old));
      }
      Objects.requireNonNull(other).await(cache::loadsOf);
    }
  }

  private @Nullable Load<K, V, N> freeze(Segment<K, V, N> segment, K key, int hash, boolean whenAbsent) {
    long now = cache.now();
    N node = segment.find(key, hash);
    // Held strongly from here on: a weak value cannot be collected between.
    V old = node == null ? null : segment.liveValue(node, now);
    if (node == null || old == null) {
      if (node != null) {
        segment.removeIfDead(node, now);
      }
      return whenAbsent ? new Load<>(key, hash, null, null) : null;
    }
    // Atomic: a put that takes no lock may have come since.
    Object last = cache.layout.exchangeValue(node, null);
    V current = last == null ? null : cache.unwrap(last);
    return new Load<>(key, hash, node, current == null ? old : current);
  }

  private @Nullable V run(Segment<K, V, N> segment, Load<K, V, N> mine, Supplier<? extends @Nullable V> body) {
    long start = cache.counters == null ? 0 : System.nanoTime();
    boolean ended = false;
    V value = null;
    try {
      value = body.get();
      finish(segment, mine, value);
      ended = true;
      return value;
    } finally {
      if (!ended) {
        abandon(segment, mine);
        value = null;
      }
      if (cache.counters != null) {
        (value != null ? cache.counters.loads : cache.counters.failedLoads).increment();
        cache.counters.loadNanos.add(System.nanoTime() - start);
      }
    }
  }

  /** Stores what was computed, unless somebody has superseded it meanwhile, and lets the waiters go. */
  private void finish(Segment<K, V, N> segment, Load<K, V, N> mine, @Nullable V value) {
    int weight = value == null ? 0 : cache.writes.weigh(mine.key, value);
    long before = mine.node == null || cache.expiration == null ? -1 : cache.layout.deadlineOpaque(mine.node);
    for (int attempt = 0; ; attempt++) {
      long now = cache.now();
      long lifetime = value == null || cache.expiration == null ? 0 : cache.expiration.lifetime(mine.key, value, now, before);
      segment.lock();
      try {
        if (mine.fate() != null) {
          tellSuperseded(segment, mine, value);
          break;
        }
        if (value == null) {
          segment.loads.end(mine);
          if (mine.node != null) {
            segment.remove(mine.node, RemovalCause.EXPLICIT);
            segment.gone(mine.key, mine.old, RemovalCause.EXPLICIT);
          }
          break;
        }
        if (cache.writes.write(segment, mine.node, mine.key, mine.hash, value, weight, now, lifetime, attempt)) {
          segment.loads.end(mine);
          if (mine.old != null && mine.old != value) {
            segment.gone(mine.key, mine.old, RemovalCause.REPLACED);
          }
          break;
        }
      } finally {
        segment.unlockAndTell();
      }
      cache.writes.evictElsewhere(mine.hash, now);
    }
    mine.open(value);
  }

  /** The function threw, or what it returned could not be stored: all is as before. */
  private void abandon(Segment<K, V, N> segment, Load<K, V, N> mine) {
    segment.lock();
    try {
      if (mine.fate() != null) {
        tellSuperseded(segment, mine, null);
      } else {
        segment.loads.end(mine);
        if (mine.node != null && mine.old != null) {
          cache.layout.setValueVolatile(mine.node, cache.wrap(segment, mine.hash, mine.old));
        }
      }
    } finally {
      segment.unlockAndTell();
    }
    mine.open(null);
  }

  /** It is as if the value had been stored just before another operation took it away. */
  private void tellSuperseded(Segment<K, V, N> segment, Load<K, V, N> mine, @Nullable V value) {
    RemovalCause fate = Objects.requireNonNull(mine.fate());
    if (mine.old != null) {
      segment.gone(mine.key, mine.old, value == null || value == mine.old ? fate : RemovalCause.REPLACED);
    }
    if (value != null && value != mine.old) {
      segment.gone(mine.key, value, fate);
    }
  }

  /** Returns the values of the keys, those that are absent computed in one call. */
  Map<K, V> loadAll(Iterable<? extends K> keys, Function<? super Set<? extends K>, ? extends Map<? extends K, ? extends V>> bulkLoader) {
    Set<K> wanted = new LinkedHashSet<>();
    keys.forEach(key -> wanted.add(Objects.requireNonNull(key, "key")));
    Map<K, V> found = new LinkedHashMap<>();
    for (K key : wanted) {
      V value = cache.getIfPresent(key);
      if (value != null) {
        found.put(key, value);
      }
    }
    while (found.size() < wanted.size()) {
      Map<K, Load<K, V, N>> mine = new LinkedHashMap<>();
      List<Load<K, V, N>> others = new ArrayList<>();
      try {
        for (K key : wanted) {
          if (!found.containsKey(key)) {
            int hash = cache.hash(key);
            Claim<K, V, N> claim = claim(cache.segmentOf(hash), key, hash);
            if (claim.mine != null) {
              mine.put(key, claim.mine);
            } else if (claim.other != null) {
              others.add(claim.other);
            } else if (claim.value != null) {
              found.put(key, claim.value);
            }
          }
        }
        if (!mine.isEmpty()) {
          fill(mine, bulkLoader, found);
        }
      } finally {
        // What was claimed and got no value, be it that the loader left it out or threw.
        mine.values().forEach(load -> abandon(cache.segmentOf(load.hash), load));
      }
      boolean again = false;
      for (Load<K, V, N> other : others) {
        V value = other.await(cache::loadsOf);
        if (value != null) {
          found.put(other.key, value);
        } else {
          again = true; // it failed there: it is ours to try
        }
      }
      if (!again) {
        break;
      }
      wanted.removeIf(key -> !found.containsKey(key) && others.stream().noneMatch(other -> cache.sameKey(other.key, key)));
    }
    Map<K, V> inOrder = new LinkedHashMap<>();
    for (K key : wanted) {
      V value = found.get(key);
      if (value != null) {
        inOrder.put(key, value);
      }
    }
    return inOrder;
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
          finish(cache.segmentOf(load.hash), load, value);
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
