package leaksafe.cache.internal;

import java.util.Objects;
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
    Load<K, V, N> mine = new Load<>(key, hash, null, null);
    while (true) {
      Load<K, V, N> claimed = claim(segment, mine);
      if (claimed == mine) {
        return run(segment, mine, () -> loader.apply(key));
      }
      V value = claimed != null ? claimed.await(cache::loadsOf) : cache.lookup(key, hash);
      if (value != null) {
        return value;
      }
    }
  }

  /** Returns the given load if the key is ours to load now, the load of another to wait for, or null if the key has a value. */
  @Nullable Load<K, V, N> claim(Segment<K, V, N> segment, Load<K, V, N> mine) {
    segment.lock();
    try {
      Load<K, V, N> running = segment.loads.of(mine.key, mine.hash);
      if (running != null) {
        if (running.old != null && running.node != null && !segment.isExpired(running.node, cache.now())) {
          return null; // readers get that as long as it is computed anew
        }
        running.expectWaiter();
        return running;
      }
      N node = segment.find(mine.key, mine.hash);
      if (node != null && !segment.removeIfDead(node, cache.now())) {
        return null;
      }
      segment.loads.begin(mine);
      return mine;
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
  void finish(Segment<K, V, N> segment, Load<K, V, N> mine, @Nullable V value) {
    int weight = value == null ? 0 : cache.writes.weigh(mine.key, value);
    Object[] groups = value == null ? null : cache.groupsOf(mine.key, value);
    long before = mine.node == null || cache.expiration == null ? Expiration.ABSENT : cache.layout.deadlineOpaque(mine.node);
    for (int attempt = 0; ; attempt++) {
      long now = cache.now();
      long lifetime = value == null || cache.expiration == null ? 0 : cache.expiration.lifetime(mine.key, value, now, before <= now ? Expiration.ABSENT : before);
      int missing = 0;
      segment.lock();
      try {
        if (mine.fate() == null && mine.hasLost(groups)) {
          // As if the value had been stored just before its group was invalidated.
          segment.loads.supersede(mine, RemovalCause.EXPLICIT);
          if (mine.node != null) {
            segment.remove(mine.node, RemovalCause.EXPLICIT);
          }
        }
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
        missing = weight - (mine.node == null ? 0 : cache.layout.weight(mine.node));
        if (cache.writes.write(segment, mine.node, null, mine.key, mine.hash, value, weight, groups, now, lifetime, attempt)
            == Writes.Outcome.DONE) {
          segment.loads.end(mine);
          if (mine.old != null && mine.old != value) {
            segment.gone(mine.key, mine.old, RemovalCause.REPLACED);
          }
          break;
        }
      } finally {
        segment.unlockAndTell();
      }
      cache.writes.evictElsewhere(mine.hash, missing, now);
    }
    mine.open(value);
  }

  /** The function threw, or what it returned could not be stored: all is as before. */
  void abandon(Segment<K, V, N> segment, Load<K, V, N> mine) {
    segment.lock();
    try {
      if (mine.fate() != null) {
        tellSuperseded(segment, mine, null);
      } else {
        segment.loads.end(mine);
        if (mine.node != null && mine.old != null) {
          cache.layout.setValueVolatile(mine.node, cache.wrap(segment, mine.hash, mine.old));
          if (cache.expiration != null) {
            cache.expiration.kept(segment, mine.node, cache.now());
          }
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
}
