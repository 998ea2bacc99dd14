package leaksafe.cache.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import leaksafe.Failure;
import leaksafe.FailureListener;
import leaksafe.RemovalListener;
import leaksafe.cache.Eviction;
import leaksafe.cache.Weigher;
import leaksafe.internal.Containers;
import leaksafe.internal.HitCounter;
import leaksafe.internal.Reaper;
import leaksafe.internal.Reports;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a cache, and what each of them needs to know of the whole: segments, tables, budget, clock, listener, counters.
 *
 * @param <N> the type of the nodes
 */
abstract class Structure<K, V, N> {
  private static final VarHandle SEGMENT = MethodHandles.arrayElementVarHandle(Segment[].class);
  private static final VarHandle SEGMENTS;
  private static final Segment<?, ?, ?>[] NONE = {};

  static {
    try {
      SEGMENTS = MethodHandles.lookup().findVarHandle(Structure.class, "segments", Segment[].class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private static final int MOST_SEGMENTS = 64;
  private static final int LEAST_ENTRIES = 256; // a segment
  private static final int MOST_ENTRIES = 1_024; // a segment, as far as the number of segments allows: more would have writers meet more often

  private final @Nullable String name; // null if the user gave none: then it is made of the site
  private final String site;
  final Layout<K, V, N> layout;
  final @Nullable Expiration<K, V> expiration;
  final @Nullable Budget budget;
  /** The budget again if it is shared with other caches. */
  final @Nullable Share share;
  final @Nullable Duel duel;
  final @Nullable Removals<K, V> removals;
  final @Nullable Counters counters;
  /** Those of the counters, or of the memo that this is a part of. */
  final @Nullable HitCounter hits;
  final @Nullable Groups<K, V> groups;
  final boolean weighed;
  /** Whether hits need more than the use flag. */
  final boolean special;
  final N[][] tables;
  final N[] resizing;
  final int segmentMask;

  final Eviction eviction;
  private final boolean weakValues;
  final boolean byUse;
  final @Nullable Weigher<? super K, ? super V> weigher;
  private final FailureListener failures;
  // The array and what is in it are created when first needed, read acquire and written by compare-and-set: an empty cache is small.
  private volatile Segment<K, V, N>[] segments;
  final @Nullable Sweeper<K, V, N> sweeper;
  private final AtomicBoolean suspected = new AtomicBoolean();

  @SuppressWarnings("unchecked") // the builder saw to it that the functions take K and V
  Structure(Settings settings, String site, Layout<K, V, N> layout, N[][] tables) {
    this.name = settings.name;
    this.site = site;
    this.layout = layout;
    this.tables = tables;
    this.segmentMask = tables.length - 1;
    this.resizing = layout.table(1);
    Arrays.fill(tables, layout.table(1));
    this.segments = (Segment<K, V, N>[]) NONE;
    this.eviction = eviction(settings);
    this.weakValues = settings.weakValues;
    this.weigher = (Weigher<? super K, ? super V>) settings.weigher;
    this.weighed = weigher != null;
    this.failures = settings.failureListener != null ? settings.failureListener : FailureListener.logging();
    this.expiration = settings.refreshNanos != null ? new Refreshing<>(settings, settings.refreshNanos)
        : settings.isTimed() ? new Expiration<>(settings) : null;
    this.groups = settings.groups == null ? null
        : new Groups<>((BiFunction<? super K, ? super V, ? extends Collection<?>>) settings.groups);
    this.share = settings.shared == null ? null : new Share(settings.shared, settings.ownMaximum(), settings.maximumSize == null);
    this.budget = share != null ? share
        : settings.maximumSize != null ? new Budget(settings.maximumSize, false)
        : settings.maximumWeight != null ? new Budget(settings.maximumWeight, true) : null;
    this.duel = budget != null && eviction == Eviction.ADAPTIVE ? new Duel() : null;
    this.byUse = budget != null && eviction == Eviction.LRU;
    this.removals = settings.listener == null ? null
        : new Removals<>(this::name, (RemovalListener<? super K, ? super V>) settings.listener, failures, settings.listenerExecutor, settings.executor);
    this.counters = settings.recordStats ? new Counters() : null;
    this.hits = counters != null ? counters.hits : settings.hits;
    this.special = expiration != null || weakValues || byUse;
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
    } else if (settings.isLimited()) {
      long weight = Math.min(settings.ownMaximum(), settings.shared == null ? Long.MAX_VALUE : settings.shared.maximum());
      most = Math.min(most, weight / LEAST_ENTRIES);
    } else {
      wanted *= 4;
    }
    return Integer.highestOneBit((int) Math.max(1, Math.min(wanted, most)));
  }

  /** Returns the name that the user gave, or one made of the place where the cache was built. */
  public final String name() {
    return name != null ? name : Containers.defaultName("cache", site);
  }

  // ---- what differs by the kind of keys ----

  abstract int hash(K key);

  abstract boolean sameKey(K one, K other);

  /** Returns the node of the key without taking a lock, or under the lock if its table is being replaced. */
  abstract @Nullable N search(K key, int hash);

  /** Returns whether the key's hash code is not the one that it was put with. */
  abstract boolean hasChanged(K key, int meta);

  // ---- segments ----

  final int segmentCount() {
    return tables.length;
  }

  /** Returns the segment, or null if nothing was ever put into it. */
  @SuppressWarnings("unchecked")
  final @Nullable Segment<K, V, N> segmentIfAny(int id) {
    Segment<K, V, N>[] all = segments;
    return all.length == 0 ? null : (Segment<K, V, N>) SEGMENT.getAcquire(all, id); // acquire: pairs with the creation
  }

  @SuppressWarnings("unchecked")
  final Segment<K, V, N> segmentOf(int hash) {
    int id = hash >>> 3 & segmentMask;
    Segment<K, V, N> segment = segmentIfAny(id);
    if (segment == null) {
      if (segments.length == 0) {
        SEGMENTS.compareAndSet(this, NONE, new Segment<?, ?, ?>[tables.length]); // of two that try one wins
      }
      Segment<K, V, N> created = new Segment<>(this, id);
      // Volatile: of two that create it one wins, and its fields are published.
      Object before = SEGMENT.compareAndExchange(segments, id, null, created);
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
      long needed = Math.min(Integer.MAX_VALUE / 2, budget.maximum() / segmentCount()) * Segment.FILLED_OF / Segment.FILLED + 8;
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

  /** Returns the groups of an entry, or null if the cache has none. Calls users' code: not under a lock. */
  final Object @Nullable [] groupsOf(K key, V value) {
    return groups == null ? null : groups.of(key, value);
  }

  final FailureListener failureListener() {
    return failures;
  }

  /** Tells the failure listener. Not under a lock. */
  final void report(Failure failure) {
    Reports.tell(failures, failure);
  }

  /** Reports, once for a cache, that keys do not behave. */
  final void suspect(@Nullable Object changed, boolean now) {
    if (!suspected.compareAndSet(false, true)) {
      return;
    }
    String detail = changed != null
        ? "the hashCode of a " + changed.getClass().getName() + " changed or throws since it was put as a key, so its entry could not be found any more"
        : "more than " + Segment.LONGEST_CHAIN + " keys have the same hashCode";
    Failure failure = new Failure(name(), "key", detail, new IllegalStateException(detail));
    if (now) {
      Reports.tell(failures, failure);
    } else {
      Reaper.userCodeExecutor().execute(() -> Reports.tell(failures, failure));
    }
  }

  final void wakeSweeper(Segment<K, V, N> segment) {
    if (sweeper != null) {
      sweeper.wakeFor(segment.sweep().due());
    }
  }

  /** Returns how many nodes there are. */
  final long size() {
    // Where there is an exact count of entries it is also exact here; sums of several moments may be above the maximum.
    if (budget != null && !budget.isWeighed()) {
      return budget.get();
    }
    long sum = 0;
    for (int i = 0; i < segmentCount(); i++) {
      Segment<K, V, N> segment = segmentIfAny(i);
      sum += segment == null ? 0 : segment.nodes();
    }
    return sum;
  }

  /** Returns the loads that the thread runs in this cache, in the order in which it began them. */
  final List<Load<K, V, N>> loadsOf(Thread thread) {
    List<Load<K, V, N>> found = new ArrayList<>();
    for (int i = 0; i < segmentCount(); i++) {
      Segment<K, V, N> segment = segmentIfAny(i);
      if (segment != null) {
        segment.lock();
        try {
          segment.loads.forEach(load -> {
            if (load.owner == thread) {
              found.add(load);
            }
          });
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
    for (int i = 0; i < segmentCount(); i++) {
      Segment<K, V, N> segment = segmentIfAny(i);
      if (segment != null) {
        segment.lock();
        try {
          nodes += segment.nodes();
          weights += Invariants.verify(segment);
        } finally {
          segment.unlockAndTell();
        }
      }
    }
    if (budget != null) {
      long counted = budget.isWeighed() ? weights : nodes;
      Invariants.ensure(counted == budget.get(), "the budget counts " + budget.get() + " where there are " + counted);
      Invariants.ensure(counted <= budget.maximum(), "there are " + counted + " over a maximum of " + budget.maximum());
    }
  }
}
