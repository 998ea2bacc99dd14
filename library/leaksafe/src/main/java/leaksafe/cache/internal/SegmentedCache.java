package leaksafe.cache.internal;

import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import leaksafe.cache.Cache;
import leaksafe.cache.CachePolicy;
import leaksafe.cache.CacheStats;
import org.jspecify.annotations.Nullable;

/**
 * What the caches with strong and with weak keys have in common: everything but the search and the hot paths.
 *
 * @param <N> the type of the nodes
 */
public abstract class SegmentedCache<K, V, N> extends Structure<K, V, N> implements Cache<K, V> {
  final Computations<K, V, N> computations = new Computations<>(this);
  private final BulkLoads<K, V, N> bulkLoads = new BulkLoads<>(this);
  final Writes<K, V, N> writes = new Writes<>(this);
  private final CacheContainer container;
  final @Nullable Refresher<K, V, N> refresher;
  final @Nullable PressureGauge gauge;
  private int lastVictim; // the segment that gave the last victim for another cache; racy, since any segment will do
  private final GroupRemovals<K, V, N> groupRemovals = new GroupRemovals<>(this);

  SegmentedCache(Settings settings, String site, Layout<K, V, N> layout, N[][] tables) {
    super(settings, site, layout, tables);
    container = new CacheContainer(this, site, settings);
    refresher = expiration == null || settings.refreshNanos == null ? null : new Refresher<>(this, settings, expiration);
    gauge = settings.pressure == null ? null : new PressureGauge(new PolicyView<>(this), settings.pressure, failureListener());
  }

  /** Returns what the cache says about itself to the census. */
  final CacheContainer container() {
    return container;
  }

  /** Makes the cache known to the reaper, which a constructor must not. */
  final void start() {
    if (sweeper != null) {
      sweeper.register();
    }
    if (refresher != null) {
      refresher.register();
    }
    if (share != null) {
      share.shared().join(this, share);
    }
    if (gauge != null) {
      gauge.register();
    }
  }

  /** Makes the cache known to the census. */
  final void announce() {
    container.announce();
  }

  /** Replaces the value of a present key in a quicker way than {@link #store} and returns the value before; null if there is no such way. */
  @Nullable V swap(K key, V value) {
    return null;
  }

  // ---- reading ----

  /** Returns the value of a node that was found, and does what a hit has to do. Null if it is not alive after all. */
  final @Nullable V hit(N node, K key, int hash) {
    Object raw = layout.valueAcquire(node);
    if (raw == null) {
      return valueUnderLock(key, hash);
    }
    V value = unwrap(raw);
    if (value == null) {
      return null;
    }
    if (expiration != null) {
      long now = expiration.now();
      long deadline = layout.deadlineOpaque(node);
      if (deadline <= now) {
        return null;
      }
      expiration.read(segmentOf(hash), node, key, value, now, deadline);
    }
    used(node, hash);
    return value;
  }

  /** Marks a node that was hit. */
  final void used(N node, int hash) {
    if (byUse) {
      Segment<K, V, N> segment = segmentOf(hash);
      if (segment.tryLock()) {
        try {
          if (layout.valueAcquire(node) != null) {
            segment.order.used(node);
          }
        } finally {
          segment.unlockAndTell();
        }
      }
      return;
    }
    int meta = layout.metaOpaque(node);
    if ((meta & Node.USED) == 0 && layout.changeMeta(node, meta, meta | Node.USED) && duel != null) {
      duel.offer(hash);
    }
  }

  /** Returns the value of the key, also if it is being computed anew, without the effects of a hit. */
  final @Nullable V valueUnderLock(K key, int hash) {
    Segment<K, V, N> segment = segmentOf(hash);
    segment.lock();
    try {
      N node = segment.find(key, hash);
      if (node == null) {
        return null;
      }
      Load<K, V, N> load = segment.loads.of(key, hash);
      return load != null && load.node == node ? segment.isExpired(node, now()) ? null : load.old : segment.liveValue(node, now());
    } finally {
      segment.unlockAndTell();
    }
  }

  /** Looks a key up with all effects but those on the counters. */
  final @Nullable V lookup(K key, int hash) {
    N node = search(key, hash);
    return node == null ? null : hit(node, key, hash);
  }

  /** Returns the value of the key without any effect. */
  final @Nullable V peek(K key) {
    N node = search(key, hash(key));
    return node == null ? null : peek(node, key);
  }

  /** Returns the value of a node that was found for the key, without any effect. */
  final @Nullable V peek(N node, K key) {
    Object raw = layout.valueAcquire(node);
    return raw == null ? valueUnderLock(key, hash(key))
        : expiration != null && layout.deadlineOpaque(node) <= expiration.now() ? null : unwrap(raw);
  }

  final void count(boolean hit) {
    if (hit) {
      if (hits != null) {
        hits.increment();
      }
    } else if (counters != null) {
      counters.misses.increment();
    }
  }

  @Override
  public final @Nullable V get(K key, Function<? super K, ? extends @Nullable V> loader) {
    Objects.requireNonNull(loader, "loader");
    V value = getIfPresent(key);
    return value != null ? value : load(key, loader);
  }

  /** Does what is left of a {@link #get} when {@link #getIfPresent} has found nothing, and counts no hit. */
  public final @Nullable V load(K key, Function<? super K, ? extends @Nullable V> loader) {
    return computations.load(key, loader);
  }

  @Override
  public final Map<K, V> getAllPresent(Iterable<? extends K> keys) {
    Map<K, V> found = new LinkedHashMap<>();
    for (K key : Objects.requireNonNull(keys, "keys")) {
      V value = found.containsKey(key) ? null : getIfPresent(key);
      if (value != null) {
        found.put(key, value);
      }
    }
    return found;
  }

  @Override
  public final Map<K, V> getAll(Iterable<? extends K> keys,
      Function<? super Set<? extends K>, ? extends Map<? extends K, ? extends V>> bulkLoader) {
    return bulkLoads.load(Objects.requireNonNull(keys, "keys"), Objects.requireNonNull(bulkLoader, "bulkLoader"));
  }

  // ---- writing ----

  @Override
  public void put(K key, V value) {
    Objects.requireNonNull(key, "key");
    writes.store(key, Objects.requireNonNull(value, "value"), Writes.When.ALWAYS, null, Writes.USUAL, false);
  }

  @Override
  public final void put(K key, V value, Duration lifetime) {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(value, "value");
    Objects.requireNonNull(lifetime, "lifetime");
    if (lifetime.isNegative() || lifetime.isZero()) {
      throw new IllegalArgumentException("lifetime must be longer than 0, but was " + lifetime);
    }
    if (expiration == null || !expiration.takesLifetimes()) {
      throw new IllegalStateException("put with a lifetime needs a cache with lifetimes of its own: build it with expireAfterWrite or"
          + " expireAfter");
    }
    writes.store(key, value, Writes.When.ALWAYS, null, nanos(lifetime), false);
  }

  @Override
  public final void put(K key, V value, Collection<?> groups) {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(value, "value");
    Objects.requireNonNull(groups, "groups");
    if (this.groups == null) {
      throw new IllegalStateException("put with groups needs a cache that knows the groups of its entries: build it with groups()");
    }
    writes.store(key, value, Groups.distinct(groups, "a group must not be null: leave it out"), Writes.When.ALWAYS, null, Writes.USUAL, false);
  }

  private static long nanos(Duration duration) {
    return duration.compareTo(Duration.ofNanos(Long.MAX_VALUE)) >= 0 ? Long.MAX_VALUE : duration.toNanos();
  }

  @Override
  public final void putAll(Map<? extends K, ? extends V> map) {
    Objects.requireNonNull(map, "map").forEach(this::put);
  }

  @Override
  public final void invalidate(K key) {
    writes.remove(Objects.requireNonNull(key, "key"), null, false);
  }

  @Override
  public final void invalidateAll(Iterable<? extends K> keys) {
    Objects.requireNonNull(keys, "keys").forEach(this::invalidate);
  }

  @Override
  public final void invalidateAll() {
    for (int i = 0; i < segmentCount(); i++) {
      Segment<K, V, N> segment = segmentIfAny(i);
      if (segment != null) {
        segment.lock();
        try {
          segment.clear(now());
        } finally {
          segment.unlockAndTell();
        }
      }
    }
  }

  @Override
  public final long invalidateGroup(Object group) {
    Objects.requireNonNull(group, "group");
    if (groups == null) {
      throw new IllegalStateException("invalidateGroup needs a cache that knows the groups of its entries: build it with groups(…)");
    }
    return groupRemovals.remove(group);
  }

  /** Evicts an entry for another cache of the same budget. Not under a lock. Returns false if there is none to evict. */
  final boolean evictOne() {
    int first = ++lastVictim;
    for (int i = 0; i < segmentCount(); i++) {
      Segment<K, V, N> segment = segmentIfAny(first + i & segmentMask);
      if (segment != null && segment.evictOne(now())) {
        return true;
      }
    }
    return false;
  }

  // ---- the rest ----

  @Override
  public final long estimatedSize() {
    return size();
  }

  @Override
  public final CacheStats stats() {
    return counters == null ? CacheStats.empty() : counters.snapshot();
  }

  @Override
  public final ConcurrentMap<K, V> asMap() {
    return new MapView<>(this);
  }

  @Override
  public final CachePolicy<K, V> policy() {
    return new PolicyView<>(this);
  }

  @Override
  public final void cleanUp() {
    if (sweeper == null) {
      return; // nothing dies by itself
    }
    for (int i = 0; i < segmentCount(); i++) {
      Segment<K, V, N> segment = segmentIfAny(i);
      for (boolean through = segment == null; !through; ) {
        through = Sweeper.slice(Objects.requireNonNull(segment), now(), true);
      }
    }
  }

  /** Returns its name and size. */
  @Override
  public final String toString() {
    return name() + " (" + estimatedSize() + " entries)";
  }
}
