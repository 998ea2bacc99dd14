package leaksafe.memo.internal;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import leaksafe.Failure;
import leaksafe.FailureListener;
import leaksafe.cache.Cache;
import leaksafe.cache.internal.Caches;
import leaksafe.cache.internal.Settings;
import leaksafe.internal.HandOver;
import leaksafe.internal.Reaper;
import leaksafe.internal.Reports;
import org.jspecify.annotations.Nullable;

/**
 * The asynchronous memo itself. Results are in a cache, loads that are running in a map beside it: so only what is loaded takes a place,
 * and the bound of the cache holds.
 *
 * <p><b>One load for a key.</b> Who finds neither a result nor a load puts a load into the map, and looks for a result once more: a load
 * that ended between has stored its result before it left the map.
 *
 * <p><b>No result from before an invalidation.</b> An ended load stores its result as the loader of its key in the cache, which asks there
 * whether the load was superseded. An invalidation says so to the load first, and invalidates the key in the cache then, which supersedes a
 * loader that is running: so whichever comes first, the result is not there afterwards.
 *
 * <p><b>Time.</b> The reaper holds this weakly. Somebody who still waits has this through his future.
 */
public final class AsyncCore<K, V extends @Nullable Object> implements Reaper.Client {
  private final AsyncSettings settings;
  private final int maximumLoads;
  private final long timeoutNanos;
  private final Executor executor;
  private final Cache<K, Object> cache;
  private final Loader<K, V> loader;
  private final FailureListener failures;
  private final Counts counts = new Counts();
  private final ConcurrentHashMap<K, Flight<K, V>> flights = new ConcurrentHashMap<>(); // the current load of each key
  private final Set<Flight<K, V>> running = ConcurrentHashMap.newKeySet(); // those that were superseded, too; at most maximumLoads
  private final AtomicInteger loading = new AtomicInteger();
  private final @Nullable Batches<K, V> batches;
  private final MemoContainer container;
  private volatile Reaper.@Nullable Registration registration;
  private volatile boolean planned; // the reaper comes before the next load is overdue

  /** Makes it, and makes it known. */
  public AsyncCore(MemoSettings given, AsyncSettings async, Loader<K, V> loader) {
    MemoSettings memo = given.complete(MemoSettings.MAXIMUM_SIZE);
    Settings bounds = Objects.requireNonNull(memo.cache);
    if (bounds.weakKeys) {
      throw new IllegalStateException("an AsyncMemo compares keys by equals, and weakKeys by identity: leave out weakKeys");
    }
    this.settings = async.copy();
    this.maximumLoads = settings.maximumLoads();
    this.timeoutNanos = settings.timeoutNanos();
    this.executor = settings.executor();
    this.failures = bounds.failureListener != null ? bounds.failureListener : FailureListener.logging();
    this.cache = Caches.buildPart(bounds, memo.site());
    this.loader = loader;
    this.batches = settings.coalesces() ? new Batches<>(settings.windowNanos(), settings.maximumBatch) : null;
    this.container = MemoContainer.announce(memo, bounds.unbounded, this::estimatedSize,
        () -> Caches.describe(cache).bound() + "; at most " + maximumLoads + " loads at a time",
        () -> Map.of("hits", counts.hits(), "misses", counts.misses(), "loading", loading.get()));
  }

  /** Has the reaper call this if there are timeouts or batches. */
  public AsyncCore<K, V> start() {
    if (settings.isTimed()) {
      registration = Reaper.register(this, false);
    }
    return this;
  }

  /** See {@link leaksafe.memo.AsyncMemo#apply}. */
  public CompletableFuture<V> get(K key) {
    while (true) {
      Object known = cache.getIfPresent(key);
      if (known != null) {
        counts.hits.increment();
        return CompletableFuture.completedFuture(reveal(known));
      }
      Flight<K, V> flight = flights.get(key);
      CompletableFuture<V> future = flight == null ? begin(key) : flight.join();
      if (future != null) {
        if (flight != null) {
          counts.hits.increment();
        }
        return future;
      }
      if (flight != null) {
        flights.remove(key, flight); // it has ended
      }
    }
  }

  /** Begins a load, and returns null if another thread did so first. */
  private @Nullable CompletableFuture<V> begin(K key) {
    if (loading.incrementAndGet() > maximumLoads) {
      loading.decrementAndGet();
      return CompletableFuture.failedFuture(new RejectedExecutionException(name() + ": " + maximumLoads
          + " loads are running, as many as there may be: set maximumLoads higher, or orTimeout if they hang"));
    }
    long deadline = timeoutNanos == AsyncSettings.NEVER ? 0 : System.nanoTime() + timeoutNanos;
    Flight<K, V> mine = new Flight<>(this, key, deadline);
    CompletableFuture<V> future = Objects.requireNonNull(mine.join());
    running.add(mine);
    try {
      if (flights.putIfAbsent(key, mine) != null) {
        running.remove(mine);
        loading.decrementAndGet();
        return null;
      }
      Object known = cache.getIfPresent(key); // see the class: a load may have ended meanwhile
      if (known == null) {
        counts.misses.increment();
        launch(mine);
      } else {
        counts.hits.increment();
        if (mine.beginEnd()) {
          end(mine, reveal(known), null);
        }
      }
    } catch (Throwable e) { // of the key, or for want of stack: or all who ask for the key would wait for ever
      ended(mine, null, e);
    }
    return future;
  }

  private void launch(Flight<K, V> flight) {
    boolean wakes = timeoutNanos != AsyncSettings.NEVER && !planned; // see work(long)
    if (batches == null) {
      wake(wakes);
      loader.load(flight, this);
      return;
    }
    List<Flight<K, V>> full = batches.add(flight, System.nanoTime());
    wake(wakes | batches.becomesKnown());
    if (full != null) {
      loader.load(full, this);
    }
  }

  private void wake(boolean wanted) {
    Reaper.Registration registered = registration;
    if (wanted && registered != null) {
      registered.wake();
    }
  }

  // ---- the end of a load ----

  /** The load ended: well, or with a failure. */
  void ended(Flight<K, V> flight, @Nullable V value, @Nullable Throwable failure) {
    if (!flight.beginEnd()) {
      return; // nobody waits any more
    }
    Throwable problem = failure == null ? null : Flight.bare(failure);
    if (problem == null && value != null) {
      try {
        cache.get(flight.key, key -> flight.isSuperseded() ? null : value);
      } catch (Throwable e) { // of a weigher, say
        problem = e;
      }
    }
    end(flight, value, problem);
  }

  private void end(Flight<K, V> flight, @Nullable V value, @Nullable Throwable failure) {
    takeOut(flight);
    flight.land(nullable(value), failure);
  }

  /** All who waited are gone. */
  void abandoned(Flight<K, V> flight) {
    takeOut(flight);
    flight.cancelLoad();
  }

  private void takeOut(Flight<K, V> flight) {
    if (running.remove(flight)) {
      loading.decrementAndGet();
    }
    try {
      flights.remove(flight.key, flight);
    } catch (Throwable e) { // of the key; who asks for it next takes the load out, see get
      Reports.tell(failures, new Failure(name(), "key", "its hashCode or equals failed when its load had ended", e));
    }
  }

  private void timeOut(Flight<K, V> flight) {
    if (flight.beginEnd()) {
      end(flight, null, new TimeoutException(name() + ": no result for " + flight.key + " within " + settings.timeoutText()));
      flight.cancelLoad();
    }
  }

  /** Sends batches off and ends what takes too long, on the executor. */
  @Override
  public long work(long nanoTime) {
    long soonest = endOverdue(nanoTime);
    if (batches != null) {
      List<Flight<K, V>> due = batches.takeDue(nanoTime);
      if (due != null) {
        handOver(() -> loader.load(due, this));
      }
      soonest = Math.min(soonest, batches.dueIn(nanoTime));
    }
    return soonest;
  }

  private long endOverdue(long nanoTime) {
    // Volatile: a load is added before it is looked here whether the reaper will come, and that is denied before the loads are looked at. So
    // either the load is seen here, or it wakes the reaper. Loads that come later are due later.
    planned = false;
    long soonest = Long.MAX_VALUE;
    if (timeoutNanos != AsyncSettings.NEVER) {
      for (Flight<K, V> flight : running) {
        long left = flight.deadline - nanoTime;
        if (left > 0) {
          soonest = Math.min(soonest, left);
        } else if (flight.becomesOverdue()) {
          handOver(() -> timeOut(flight));
        }
      }
    }
    planned = soonest != Long.MAX_VALUE;
    return soonest;
  }

  private void handOver(Runnable task) {
    HandOver.to(executor, task, name(), failures);
  }

  // ---- what else there is ----

  @SuppressWarnings("unchecked") // what is in the cache came from the loader
  private V reveal(Object known) {
    return (V) known;
  }

  @SuppressWarnings("NullAway") // null where the load had no result, as the user's function may
  private V nullable(@Nullable V value) {
    return value;
  }

  /** See {@link leaksafe.memo.AsyncMemo#invalidate}. */
  public void invalidate(K key) {
    Flight<K, V> flight = flights.remove(Objects.requireNonNull(key, "key"));
    if (flight != null) {
      flight.supersede();
    }
    cache.invalidate(key);
  }

  /** See {@link leaksafe.memo.AsyncMemo#clear}. */
  public void clear() {
    for (Flight<K, V> flight : flights.values()) {
      if (flights.remove(flight.key, flight)) {
        flight.supersede();
      }
    }
    cache.invalidateAll();
  }

  /** Returns the counts. */
  public Counts counts() {
    return counts;
  }

  /** Returns about how many results and loads there are. */
  public long estimatedSize() {
    return cache.estimatedSize() + loading.get();
  }

  /** Returns the largest number, or weight, of results. */
  public OptionalLong maximum() {
    return cache.policy().maximum();
  }

  /** Returns the name. */
  public String name() {
    return container.name();
  }

  /** Releases now what has expired. */
  public void cleanUp() {
    cache.cleanUp();
  }
}
