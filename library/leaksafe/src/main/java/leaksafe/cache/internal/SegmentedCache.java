package leaksafe.cache.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import leaksafe.Failure;
import leaksafe.FailureListener;
import leaksafe.RemovalCause;
import leaksafe.RemovalListener;
import leaksafe.cache.Cache;
import leaksafe.cache.CachePolicy;
import leaksafe.cache.CacheStats;
import leaksafe.cache.Eviction;
import leaksafe.cache.Weigher;
import leaksafe.internal.CallSite;
import leaksafe.internal.Containers;
import leaksafe.internal.Reaper;
import leaksafe.internal.Reports;
import org.jspecify.annotations.Nullable;

/**
 * What the caches with strong and with weak keys have in common: everything but the search and the hot paths.
 *
 * @param <N> the type of the nodes
 */
abstract class SegmentedCache<K, V, N> implements Cache<K, V> {
  private static final VarHandle SEGMENTS = MethodHandles.arrayElementVarHandle(Segment[].class);
  private static final int MOST_SEGMENTS = 64;
  private static final int LEAST_ENTRIES = 256; // a segment
  private static final int MOST_ENTRIES = 16_384; // a segment, as far as the number of segments allows

  final String name;
  final Layout<K, V, N> layout;
  final @Nullable Expiration<K, V> expiration;
  final @Nullable Budget budget;
  final @Nullable Duel duel;
  final @Nullable Removals<K, V> removals;
  final @Nullable Counters counters;
  final boolean weighed;
  /** Whether hits need more than the use flag. */
  final boolean special;
  final N[][] tables;
  final N[] resizing;
  final int segmentMask;

  private final Eviction eviction;
  private final boolean weakValues;
  private final boolean byUse;
  private final @Nullable Weigher<? super K, ? super V> weigher;
  private final FailureListener failures;
  private final Segment<K, V, N>[] segments; // created when first needed; read acquire, written by compare-and-set
  private final @Nullable Sweeper<K, V, N> sweeper;
  private final CacheContainer container;
  private final Computations<K, V, N> computations;
  private final AtomicBoolean suspected = new AtomicBoolean();

  @SuppressWarnings("unchecked") // the builder saw to it that the functions take K and V
  SegmentedCache(Settings settings, Layout<K, V, N> layout, N[][] tables) {
    String site = CallSite.capture();
    this.name = settings.name != null ? settings.name : Containers.defaultName("cache", site);
    this.layout = layout;
    this.tables = tables;
    this.segmentMask = tables.length - 1;
    this.resizing = layout.table(1);
    Arrays.fill(tables, layout.table(1));
    this.segments = (Segment<K, V, N>[]) new Segment<?, ?, ?>[tables.length];
    this.eviction = eviction(settings);
    this.weakValues = settings.weakValues;
    this.weigher = (Weigher<? super K, ? super V>) settings.weigher;
    this.weighed = weigher != null;
    this.failures = settings.failureListener != null ? settings.failureListener : FailureListener.logging();
    this.expiration = settings.isTimed() ? new Expiration<>(settings) : null;
    this.budget = settings.maximumSize != null ? new Budget(settings.maximumSize, false)
        : settings.maximumWeight != null ? new Budget(settings.maximumWeight, true) : null;
    this.duel = budget != null && eviction == Eviction.ADAPTIVE ? new Duel() : null;
    this.byUse = budget != null && eviction == Eviction.LRU;
    this.removals = settings.listener == null ? null
        : new Removals<>(name, (RemovalListener<? super K, ? super V>) settings.listener, failures, settings.listenerExecutor,
            settings.executor != null ? settings.executor : Reaper.userCodeExecutor());
    this.counters = settings.recordStats ? new Counters() : null;
    this.special = expiration != null || weakValues || byUse || counters != null;
    this.computations = new Computations<>(this);
    this.container = new CacheContainer(this, site, settings);
    this.sweeper = expiration != null || weakValues || settings.weakKeys ? new Sweeper<>(this, settings.ticker != null) : null;
  }

  static Eviction eviction(Settings settings) {
    return settings.eviction != null ? settings.eviction : Eviction.ADAPTIVE;
  }

  /** Returns how many segments a cache has, a power of two. */
  static int segmentCount(Settings settings) {
    if (settings.isLimited() && eviction(settings) != Eviction.ADAPTIVE) {
      return 1; // one order
    }
    long wanted = 4L * Runtime.getRuntime().availableProcessors();
    long most = MOST_SEGMENTS;
    if (settings.maximumSize != null) {
      wanted = Math.max(wanted, settings.maximumSize / MOST_ENTRIES);
      most = Math.min(most, settings.maximumSize / LEAST_ENTRIES);
    } else if (settings.maximumWeight != null) {
      most = Math.min(most, settings.maximumWeight / LEAST_ENTRIES);
    } else {
      wanted *= 4;
    }
    return Integer.highestOneBit((int) Math.max(1, Math.min(wanted, most)));
  }

  /** Makes the cache known to the census and the reaper, which a constructor must not. */
  final void announce() {
    container.announce();
    if (sweeper != null) {
      sweeper.register();
    }
  }

  // ---- what differs by the kind of keys ----

  abstract int hash(K key);

  abstract boolean sameKey(K one, K other);

  /** Returns the node of the key without taking a lock, or under the lock if its table is being replaced. */
  abstract @Nullable N search(K key, int hash);

  /** Replaces the value of a present key in a quicker way than {@link #store} and returns the value before; null if there is no such way. */
  @Nullable V swap(K key, V value) {
    return null;
  }

  /** Returns whether the key's hash code is not the one that it was put with. */
  abstract boolean hasChanged(K key, int meta);

  // ---- segments ----

  final int segmentCount() {
    return segments.length;
  }

  /** Returns the segment, or null if nothing was ever put into it. */
  @SuppressWarnings("unchecked")
  final @Nullable Segment<K, V, N> segmentIfAny(int id) {
    return (Segment<K, V, N>) SEGMENTS.getAcquire(segments, id); // acquire: pairs with the creation
  }

  @SuppressWarnings("unchecked")
  final Segment<K, V, N> segmentOf(int hash) {
    int id = hash >>> 3 & segmentMask;
    Segment<K, V, N> segment = segmentIfAny(id);
    if (segment == null) {
      Segment<K, V, N> created = new Segment<>(this, id);
      // Volatile: of two that create it one wins, and its fields are published.
      Object before = SEGMENTS.compareAndExchange(segments, id, null, created);
      segment = before == null ? created : (Segment<K, V, N>) before;
    }
    return segment;
  }

  final Order<K, V, N> newOrder(Segment<K, V, N> segment) {
    return duel != null && budget != null ? new AdaptiveOrder<>(segment, budget, duel)
        : budget != null ? new ListOrder<>(segment, byUse) : new NoOrder<>(segment);
  }

  /** Returns the length of the table that follows: in the end just what the segment's share of the maximum needs. */
  final int grown(int length) {
    if (budget != null && !budget.isWeighed()) {
      long needed = Math.min(Integer.MAX_VALUE / 2, budget.maximum() / segments.length) * Segment.FILLED_OF / Segment.FILLED + 8;
      if (length < needed) {
        return (int) Math.min(needed, length * 2L);
      }
      return length + (length >>> 2) + 1;
    }
    return length < 1024 ? length * 2 : length + (length >>> 1);
  }

  final void giveBack(long weight) {
    if (budget != null) {
      budget.giveBack(weight);
    }
  }

  final void evicted(int weight) {
    if (counters != null) {
      counters.evictions.increment();
      counters.evictedWeight.add(weight);
    }
  }

  /** Takes permits, and evicts from the segment for them. Returns null if that is impossible, else whether something was evicted. */
  final @Nullable Boolean reserve(Segment<K, V, N> segment, long permits, @Nullable N spared, long now) {
    if (budget == null) {
      return false;
    }
    long inHand = 0;
    while (true) {
      if (inHand >= permits) {
        budget.giveBack(inHand - permits);
        return inHand > 0;
      }
      if (budget.tryTake(permits - inHand)) {
        return inHand > 0;
      }
      N victim = segment.order.evict(spared, now);
      if (victim == null) {
        budget.giveBack(inHand);
        return null;
      }
      inHand += layout.weight(victim);
      if (budget.isExceeded()) {
        // The maximum was lowered while entries were being computed, which nobody may evict: what comes makes up for it.
        budget.giveBack(inHand);
        inHand = 0;
      }
    }
  }

  /** Evicts an entry from another segment, since this one has none to give. Returns false if there is none anywhere. */
  final boolean evictElsewhere(int hash, long now) {
    int own = hash >>> 3 & segmentMask;
    for (int i = 1; i <= segments.length; i++) {
      Segment<K, V, N> segment = segmentIfAny(own + i & segmentMask);
      if (segment != null && segment.nodes() > 0) {
        segment.lock();
        try {
          N victim = segment.order.evict(null, now);
          if (victim != null) {
            giveBack(layout.weight(victim));
            return true;
          }
        } finally {
          segment.unlockAndTell();
        }
      }
    }
    return false;
  }

  // ---- values, time, weight ----

  final long now() {
    return expiration == null ? 0 : expiration.now();
  }

  final Object wrap(Segment<K, V, N> segment, int hash, V value) {
    return weakValues ? new WeakValue<>(segment, hash, value) : value;
  }

  @SuppressWarnings("unchecked") // only values and their weak wrappers are ever stored
  final @Nullable V unwrap(Object raw) {
    return weakValues ? ((WeakValue<K, V, N>) raw).get() : (V) raw;
  }

  final int weigh(K key, V value) {
    if (weigher == null) {
      return 1;
    }
    int weight = weigher.weigh(key, value);
    if (weight < 0) {
      throw new IllegalArgumentException("a weight must be at least 0, but the weigher returned " + weight);
    }
    return weight;
  }

  final boolean isTooHeavy(int weight) {
    return budget != null && weight > budget.maximum();
  }

  /** Reports, once for a cache, that keys do not behave. */
  final void suspect(@Nullable Object changed, boolean now) {
    if (!suspected.compareAndSet(false, true)) {
      return;
    }
    String detail = changed != null
        ? "the hashCode of a " + changed.getClass().getName() + " changed while it was a key, so its entry could not be found any more"
        : "more than " + Segment.LONGEST_CHAIN + " keys have the same hashCode";
    Failure failure = new Failure(name, "key", detail, new IllegalStateException(detail));
    if (now) {
      Reports.tell(failures, failure);
    } else {
      Reaper.userCodeExecutor().execute(() -> Reports.tell(failures, failure));
    }
  }

  final void wakeSweeper(Segment<K, V, N> segment) {
    if (sweeper != null) {
      sweeper.wakeFor(segment.due());
    }
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
      Load<K, V, N> load = segment.loadOf(key, hash);
      return load != null && load.node == node ? load.old : segment.liveValue(node, now());
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
    if (counters != null) {
      (hit ? counters.hits : counters.misses).increment();
    }
  }

  @Override
  public @Nullable V getIfPresent(K key) {
    V value = lookup(key, hash(key));
    count(value != null);
    return value;
  }

  @Override
  public final @Nullable V get(K key, Function<? super K, ? extends @Nullable V> loader) {
    Objects.requireNonNull(loader, "loader");
    V value = getIfPresent(key);
    return value != null ? value : computations.load(key, loader);
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
    return computations.loadAll(Objects.requireNonNull(keys, "keys"), Objects.requireNonNull(bulkLoader, "bulkLoader"));
  }

  // ---- writing ----

  /** On what a write depends. */
  enum When { ALWAYS, ABSENT, PRESENT, EQUAL }

  /** Not a lifetime: the cache's own applies. */
  static final long USUAL = -1;

  /**
   * Stores a value if the condition holds, and returns the value before.
   *
   * @param expected what the value before must be equal to, for {@link When#EQUAL}
   * @param waits whether to wait for a computation of the key, or else to supersede it
   */
  final @Nullable V store(K key, V value, When when, @Nullable Object expected, long lifetime, boolean waits) {
    int hash = hash(key);
    int weight = weigh(key, value);
    Segment<K, V, N> segment = segmentOf(hash);
    Expiration<K, V> timing = expiration;
    for (int attempt = 0; ; attempt++) {
      long now = now();
      long life = lifetime;
      boolean guessed = false; // that the key is present, for the user's expiry
      boolean asked = timing != null && timing.isVariable() && lifetime == USUAL;
      if (timing != null && lifetime == USUAL) {
        long deadline = asked ? liveDeadline(key, hash, now) : -1;
        guessed = deadline >= 0;
        life = timing.lifetime(key, value, now, deadline);
      }
      Load<K, V, N> running = null;
      segment.lock();
      try {
        N node = segment.find(key, hash);
        if (node != null && segment.removeIfDead(node, now)) {
          node = null;
        }
        Load<K, V, N> load = segment.loadOf(key, hash);
        if (load != null && waits) {
          load.expectWaiter();
          running = load;
        } else {
          V old = node == null ? null : segment.liveValue(node, now);
          boolean present = node != null;
          if (present ? when == When.ABSENT : when == When.PRESENT || when == When.EQUAL) {
            return old;
          }
          if (when == When.EQUAL && expected != old && !Objects.requireNonNull(expected).equals(old)) {
            return null;
          }
          if (asked && present != guessed) {
            continue;
          }
          if (load != null) {
            load.supersede(RemovalCause.REPLACED);
            segment.end(load);
          }
          if (write(segment, node, key, hash, value, weight, now, life, attempt)) {
            return old;
          }
        }
      } finally {
        segment.unlockAndTell();
      }
      if (running != null) {
        running.await(this::loadsOf);
        attempt = 0;
      } else {
        evictElsewhere(hash, now);
      }
    }
  }

  private static final int ATTEMPTS = 8;

  /**
   * Writes a value to the node or a new one, under the lock. Returns false if room must be made elsewhere first; after some attempts
   * nobody has room to give, and the value leaves at once.
   */
  final boolean write(Segment<K, V, N> segment, @Nullable N node, K key, int hash, V value, int weight, long now,
      long lifetime, int attempt) {
    int before = node == null ? 0 : layout.weight(node);
    int growth = weight - before;
    Boolean evicting = isTooHeavy(weight) ? null : growth > 0 ? reserve(segment, growth, node, now) : Boolean.FALSE;
    if (evicting == null) {
      if (!isTooHeavy(weight) && attempt < ATTEMPTS) {
        return false;
      }
      if (node != null) {
        segment.remove(node, RemovalCause.REPLACED);
      }
      segment.gone(key, value, RemovalCause.SIZE);
      evicted(weight);
      return true;
    }
    Object raw = wrap(segment, hash, value);
    if (node == null) {
      boolean inserted = false;
      try {
        segment.insert(key, raw, hash, weight, evicting, now, lifetime);
        inserted = true;
      } finally {
        if (!inserted) {
          giveBack(weight); // out of memory: the room must not be lost for ever
        }
      }
    } else {
      layout.setWeight(node, weight);
      @Nullable Object replaced = layout.exchangeValue(node, raw);
      giveBack(Math.max(0, -growth));
      V last = replaced == null ? null : unwrap(replaced); // a put that took no lock may have come before
      if (last != null && last != value) {
        segment.gone(key, last, RemovalCause.REPLACED);
      }
      if (byUse) {
        segment.order.used(node);
      } else {
        layout.flag(node, 0, Node.USED);
      }
      if (expiration != null) {
        expiration.written(segment, node, now, lifetime);
      }
    }
    return true;
  }

  /** Returns when the live entry of the key expires, or a negative number if there is none. */
  final long liveDeadline(K key, int hash, long now) {
    N node = search(key, hash);
    if (node == null || expiration == null) {
      return -1;
    }
    long deadline = layout.deadlineOpaque(node);
    Object raw = layout.valueAcquire(node);
    return deadline <= now || raw != null && unwrap(raw) == null ? -1 : deadline;
  }

  /** Removes the key if its value is equal to the expected one, or any if null is expected. Returns the value. */
  final @Nullable V remove(K key, @Nullable Object expected, boolean waits) {
    int hash = hash(key);
    if (segmentIfAny(hash >>> 3 & segmentMask) == null) {
      return null;
    }
    Segment<K, V, N> segment = segmentOf(hash);
    while (true) {
      Load<K, V, N> load;
      segment.lock();
      try {
        N node = segment.find(key, hash);
        load = segment.loadOf(key, hash);
        if (load == null || !waits) {
          if (load != null) {
            load.supersede(RemovalCause.EXPLICIT);
            segment.end(load);
          }
          long now = now();
          if (node == null || segment.removeIfDead(node, now)) {
            return null;
          }
          V old = segment.liveValue(node, now);
          if (expected != null && expected != old && !expected.equals(old)) {
            return null;
          }
          segment.remove(node, RemovalCause.EXPLICIT);
          return old;
        }
        load.expectWaiter();
      } finally {
        segment.unlockAndTell();
      }
      load.await(this::loadsOf);
    }
  }

  @Override
  public void put(K key, V value) {
    Objects.requireNonNull(key, "key");
    store(key, Objects.requireNonNull(value, "value"), When.ALWAYS, null, USUAL, false);
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
    store(key, value, When.ALWAYS, null, nanos(lifetime), false);
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
    remove(Objects.requireNonNull(key, "key"), null, false);
  }

  @Override
  public final void invalidateAll(Iterable<? extends K> keys) {
    Objects.requireNonNull(keys, "keys").forEach(this::invalidate);
  }

  @Override
  public final void invalidateAll() {
    for (int i = 0; i < segments.length; i++) {
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

  // ---- the rest ----

  @Override
  public final long estimatedSize() {
    // Where there is an exact count of entries it is also exact here; sums of several moments may be above the maximum.
    if (budget != null && !budget.isWeighed()) {
      return budget.get();
    }
    long sum = 0;
    for (int i = 0; i < segments.length; i++) {
      Segment<K, V, N> segment = segmentIfAny(i);
      sum += segment == null ? 0 : segment.nodes();
    }
    return sum;
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
    for (int i = 0; i < segments.length; i++) {
      Segment<K, V, N> segment = segmentIfAny(i);
      for (boolean through = segment == null; !through; ) {
        through = Sweeper.slice(Objects.requireNonNull(segment), now(), true);
      }
    }
  }

  @Override
  public final String name() {
    return name;
  }

  /** Returns its name and size. */
  @Override
  public final String toString() {
    return name + " (" + estimatedSize() + " entries)";
  }

  final Eviction eviction() {
    return eviction;
  }

  final Computations<K, V, N> computations() {
    return computations;
  }

  /** Returns the loads that the thread runs in this cache, in the order in which it began them. */
  final List<Load<K, V, N>> loadsOf(Thread thread) {
    List<Load<K, V, N>> found = new ArrayList<>();
    for (int i = 0; i < segments.length; i++) {
      Segment<K, V, N> segment = segmentIfAny(i);
      if (segment != null) {
        segment.lock();
        try {
          for (Load<K, V, N> load = segment.firstLoad(); load != null; load = load.next) {
            if (load.owner == thread) {
              found.add(load);
            }
          }
        } finally {
          segment.unlockAndTell();
        }
      }
    }
    found.sort(Comparator.comparingLong(load -> load.number));
    return found;
  }

  /** Throws if the structure is not what it should be while nobody uses the cache, for tests. */
  final void verify() {
    long nodes = 0;
    long weights = 0;
    for (int i = 0; i < segments.length; i++) {
      Segment<K, V, N> segment = segmentIfAny(i);
      if (segment != null) {
        segment.lock();
        try {
          nodes += segment.nodes();
          weights += segment.verify();
        } finally {
          segment.unlockAndTell();
        }
      }
    }
    if (budget != null) {
      long counted = budget.isWeighed() ? weights : nodes;
      Segment.ensure(counted == budget.get(), "the budget counts " + budget.get() + " where there are " + counted);
      Segment.ensure(counted <= budget.maximum(), "there are " + counted + " over a maximum of " + budget.maximum());
    }
  }
}
