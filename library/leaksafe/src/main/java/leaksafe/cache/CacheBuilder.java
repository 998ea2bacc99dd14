package leaksafe.cache;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import java.util.function.Function;
import leaksafe.FailureListener;
import leaksafe.RemovalListener;
import leaksafe.Ticker;
import leaksafe.cache.internal.Caches;
import leaksafe.cache.internal.Settings;
import leaksafe.internal.Once;
import org.jspecify.annotations.Nullable;

/**
 * Builds caches. At least one of {@link #maximumSize}, {@link #maximumWeight}, a {@link #budget}, an {@code expireAfter}…, {@link #weakKeys},
 * {@link #weakValues} and {@link #unbounded} must be said. Each option may be set once.
 *
 * <p>A builder is not safe for use by many threads; it may build any number of caches, which share nothing.
 *
 * @param <K> the type of the keys that the options so far can deal with
 * @param <V> the type of the values that the options so far can deal with
 */
public final class CacheBuilder<K, V> {
  static {
    Caches.readBuildersBy(builder -> builder.settings.copy());
  }

  private final Settings settings = new Settings();

  CacheBuilder() {}

  /** Names the cache, for the census, reports and metrics. Without it the name is made of the place where the cache is built. */
  public CacheBuilder<K, V> name(String name) {
    settings.name = Once.set(settings.name, Objects.requireNonNull(name, "name"), "name");
    return this;
  }

  /**
   * Bounds the number of entries. The memory that the cache takes grows with what is in it, not with the maximum.
   *
   * @param maximumSize at least 1; {@link Long#MAX_VALUE} is allowed
   */
  public CacheBuilder<K, V> maximumSize(long maximumSize) {
    settings.maximumSize = Once.set(settings.maximumSize, atLeastOne(maximumSize, "maximumSize"), "maximumSize");
    return this;
  }

  /**
   * Bounds the sum of the weights of the entries. Needs a {@link #weigher}.
   *
   * @param maximumWeight at least 1, in the units of the weigher
   */
  public CacheBuilder<K, V> maximumWeight(long maximumWeight) {
    settings.maximumWeight = Once.set(settings.maximumWeight, atLeastOne(maximumWeight, "maximumWeight"), "maximumWeight");
    return this;
  }

  /**
   * Has the cache share the maximum weight of the budget with all other caches that are built with it. A {@link #weigher} says how much
   * an entry takes of it; without one each takes 1. A {@link #maximumSize} or {@link #maximumWeight} of its own applies besides.
   */
  public CacheBuilder<K, V> budget(Budget budget) {
    settings.shared = Once.set(settings.shared, Objects.requireNonNull(budget, "budget").shared(), "budget");
    return this;
  }

  /** Lowers the {@link #maximumSize} or {@link #maximumWeight} while the heap is full. */
  public CacheBuilder<K, V> memoryPressure(MemoryPressure pressure) {
    settings.pressure = Once.set(settings.pressure, Objects.requireNonNull(pressure, "pressure"), "memoryPressure");
    return this;
  }

  /** Weighs the entries for {@link #maximumWeight} or a {@link #budget}. */
  public <K1 extends K, V1 extends V> CacheBuilder<K1, V1> weigher(Weigher<? super K1, ? super V1> weigher) {
    settings.weigher = Once.set(settings.weigher, Objects.requireNonNull(weigher, "weigher"), "weigher");
    return narrowed();
  }

  /** Has a value expire when so much time has passed since it was written. */
  public CacheBuilder<K, V> expireAfterWrite(Duration lifetime) {
    settings.writeNanos = Once.setTime(settings.writeNanos, Lifetimes.positiveNanos(lifetime, "expireAfterWrite"), "expireAfterWrite");
    return this;
  }

  /** Has a value expire when so much time has passed since it was last read or written. */
  public CacheBuilder<K, V> expireAfterAccess(Duration lifetime) {
    settings.accessNanos = Once.setTime(settings.accessNanos, Lifetimes.positiveNanos(lifetime, "expireAfterAccess"), "expireAfterAccess");
    return this;
  }

  /** Has each value expire after a time of its own. Excludes {@link #expireAfterWrite} and {@link #expireAfterAccess}. */
  public <K1 extends K, V1 extends V> CacheBuilder<K1, V1> expireAfter(Expiry<? super K1, ? super V1> expiry) {
    settings.expiry = Once.set(settings.expiry, Objects.requireNonNull(expiry, "expiry"), "expireAfter");
    return narrowed();
  }

  /**
   * Has a value reloaded when it is read and so much time has passed since it was written. The reader, as all others, gets the old value
   * at once; the reloader runs on the {@linkplain #executor executor}.
   *
   * <p>For a key one reload is in flight at a time. What it returns replaces the old value as a {@code put} would, a null removes it; but if the
   * entry was written, removed or expired meanwhile, the result is dropped, and the removal listener told of it. If the reloader throws, or
   * takes longer than {@link #refreshTimeout}, the old value stays, the {@linkplain #failureListener failure listener} is told,
   * and a reader that comes after another tenth of the time has it tried again. At most 1024 reloads of a cache are in flight; what is stale
   * beyond that waits for a later reader.
   *
   * <p>This is no bound: a value that nobody reads stays as it is. Combine it with a longer {@link #expireAfterWrite}, so that values
   * that cannot be reloaded end some time, or with a maximum.
   */
  public <K1 extends K, V1 extends V> CacheBuilder<K1, V1> refreshAfterWrite(Duration time,
      Function<? super K1, ? extends @Nullable V1> reloader) {
    Objects.requireNonNull(reloader, "reloader");
    settings.refreshNanos = Once.setTime(settings.refreshNanos, Lifetimes.positiveNanos(time, "refreshAfterWrite"), "refreshAfterWrite");
    settings.reloader = reloader;
    return narrowed();
  }

  /**
   * Gives a reload up that took so long, 30 s unless told otherwise, counted from the read that caused it. Its thread is not
   * interrupted, and what it returns in the end is dropped.
   */
  public CacheBuilder<K, V> refreshTimeout(Duration timeout) {
    settings.refreshTimeoutNanos = Once.setTime(settings.refreshTimeoutNanos, Lifetimes.positiveNanos(timeout, "refreshTimeout"), "refreshTimeout");
    return this;
  }

  /**
   * Has the reloader called for stale values without waiting for a reader, if they were read since they were written: within a tenth of the
   * time of {@link #refreshAfterWrite}, at least 10 ms and at most 10 s, after it passed.
   *
   * <p><b>Cost.</b> A look at every entry in such an interval, on the library's background thread.
   */
  public CacheBuilder<K, V> refreshProactively() {
    settings.refreshHot = true;
    return this;
  }

  /**
   * Says to which groups an entry belongs, for {@link Cache#invalidateGroup}: the products on a page, the tenant of a row. It is asked when
   * a value is stored, outside every lock; what it throws goes to the caller, and nothing is stored.
   *
   * <p>The groups are compared by {@code equals}; the cache holds them as long as they have an entry. {@code equals} and
   * {@code hashCode} of theirs run under a segment's lock and must not use the cache. An entry takes about 90 bytes more, and 40 for each of
   * its groups.
   */
  public <K1 extends K, V1 extends V> CacheBuilder<K1, V1> groups(BiFunction<? super K1, ? super V1, ? extends Collection<?>> groups) {
    settings.groups = Once.set(settings.groups, Objects.requireNonNull(groups, "groups"), "groups");
    return narrowed();
  }

  /** Has entries carry the groups that {@link Cache#put(Object, Object, Collection)} is given, and no others. */
  public CacheBuilder<K, V> groups() {
    return groups((key, value) -> List.of());
  }

  /**
   * Holds the keys weakly, and compares them by identity: an entry goes when its key is collected, and no access is needed for that.
   *
   * <p><b>Not promised.</b> Anything for a value that reaches its own key: it keeps the key, and so itself, alive. Use
   * {@code WeakRegistry} for such, or {@link #weakValues} too.
   */
  public CacheBuilder<K, V> weakKeys() {
    settings.weakKeys = true;
    return this;
  }

  /** Holds the values weakly: an entry goes when nobody else holds its value, and no access is needed for that. */
  public CacheBuilder<K, V> weakValues() {
    settings.weakValues = true;
    return this;
  }

  /** Says how it is decided what leaves, {@link Eviction#ADAPTIVE} unless told otherwise. Needs a maximum. */
  public CacheBuilder<K, V> eviction(Eviction eviction) {
    settings.eviction = Once.set(settings.eviction, Objects.requireNonNull(eviction, "eviction"), "eviction");
    return this;
  }

  /**
   * Tells the listener of every value that left, exactly once for each, on the thread that caused it; where nobody did, because a
   * lifetime ended or the collector acted, on a thread of the common pool. What the listener causes itself it is told of after it returned.
   */
  public <K1 extends K, V1 extends V> CacheBuilder<K1, V1> removalListener(RemovalListener<? super K1, ? super V1> listener) {
    settings.listener = Once.set(settings.listener, Objects.requireNonNull(listener, "listener"), "removalListener");
    return narrowed();
  }

  /**
   * Tells the listener of every value that left, exactly once for each, on the executor, in the order in which they left where one
   * thread caused it. At most {@value Settings#LISTENER_QUEUE} removals wait; beyond that, or when the executor rejects the work, the
   * thread that caused a removal delivers it, or a thread of the common pool where nobody did.
   */
  public <K1 extends K, V1 extends V> CacheBuilder<K1, V1> removalListener(RemovalListener<? super K1, ? super V1> listener,
      Executor executor) {
    Objects.requireNonNull(executor, "executor");
    settings.listener = Once.set(settings.listener, Objects.requireNonNull(listener, "listener"), "removalListener");
    settings.listenerExecutor = executor;
    return narrowed();
  }

  /** Tells the listener of what users' callbacks threw; {@link FailureListener#logging()} unless told otherwise. */
  public CacheBuilder<K, V> failureListener(FailureListener listener) {
    settings.failureListener = Once.set(settings.failureListener, Objects.requireNonNull(listener, "listener"), "failureListener");
    return this;
  }

  /** Takes the time from the ticker, for tests. It is read under locks and must not use the cache. */
  public CacheBuilder<K, V> ticker(Ticker ticker) {
    settings.ticker = Once.set(settings.ticker, Objects.requireNonNull(ticker, "ticker"), "ticker");
    return this;
  }

  /**
   * Reads {@link System#nanoTime} at every use of an entry that can expire, instead of a clock that ticks every 10 ms. That costs 20
   * to 70 ns each. A cache with a fixed lifetime below 100 ms does so on its own.
   */
  public CacheBuilder<K, V> exactClock() {
    settings.exactClock = true;
    return this;
  }

  /**
   * Has reloads, and removal listeners that nobody's call caused, run on the executor instead of the common pool, which takes over what the executor
   * rejects, and what it has not begun to tell a listener after 10 s.
   */
  public CacheBuilder<K, V> executor(Executor executor) {
    settings.executor = Once.set(settings.executor, Objects.requireNonNull(executor, "executor"), "executor");
    return this;
  }

  /** Counts hits, misses, loads and evictions, see {@link Cache#stats()}. */
  public CacheBuilder<K, V> recordStats() {
    settings.recordStats = true;
    return this;
  }

  /**
   * Says that the cache may grow for ever: a map that the census sees. Only entries whose keys have the same hash code as more than 500
   * others are evicted even so, the oldest first and with the cause SIZE, since they would make every look-up of them a long search.
   */
  public CacheBuilder<K, V> unbounded() {
    settings.unbounded = true;
    return this;
  }

  /**
   * Builds a cache.
   *
   * @throws IllegalStateException if there is nothing that ends the growth of the cache, or if options contradict each other
   */
  public <K1 extends K, V1 extends V> Cache<K1, V1> build() {
    settings.check();
    return Caches.build(settings.copy());
  }

  @SuppressWarnings("unchecked") // the options so far accept every K, and with it every K1
  private <K1 extends K, V1 extends V> CacheBuilder<K1, V1> narrowed() {
    return (CacheBuilder<K1, V1>) this;
  }

  private static long atLeastOne(long value, String name) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be at least 1, but was " + value);
    }
    return value;
  }
}
