package leaksafe.memo;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import leaksafe.cache.CacheBuilder;
import leaksafe.memo.internal.AsyncCore;
import leaksafe.memo.internal.Counts;
import org.jspecify.annotations.Nullable;

/**
 * A function that starts loads and remembers their results: of several who ask for a key, one starts the load, and each gets a future of
 * his own.
 *
 * <p><b>Futures.</b> Who cancels, completes or times out his future affects nobody else. When all who wait for a load are gone, it is
 * cancelled. A load that failed, was cancelled or ended with null is not remembered, and the next call starts another. A failure reaches
 * those who wait as it is, without a {@code CompletionException} around it. A function that throws makes a failed future: no call of
 * {@link #apply} throws but for a null key.
 *
 * <p><b>Bound.</b> At most 128 results unless told otherwise, exactly, and at most {@link AsyncMemoBuilder#maximumLoads} loads at a time, 1024
 * unless told otherwise, those included that were invalidated and still run. A call beyond that fails its future at once with a
 * {@link java.util.concurrent.RejectedExecutionException}. The futures of those who wait for a load are not bounded; who gives up leaves no trace.
 *
 * <p><b>How.</b> Results are in a {@link leaksafe.cache.Cache}, with its bound, order and lifetimes; loads that are running in a map beside
 * it, so only what is loaded takes a place. Who finds neither puts a load into the map and looks for a result once more, since a load that ended
 * between has stored its result before it left. An invalidation marks the running load before it removes the result: so whichever comes
 * first, nothing that was loaded before is there afterwards. Keys that are {@linkplain AsyncMemoBuilder#coalesce coalesced} are gathered under a
 * lock that is held for an addition to a list.
 *
 * <p><b>Cost.</b> O(1) for a call. A hit costs a hit of the cache and a completed future of about 24 bytes; a call that joins a load a
 * future and a short lock; a load about 400 bytes until it ends. Timeouts cost a look at every running load whenever one is due.
 *
 * <p><b>Threads.</b> Safe for use by many threads, virtual ones too. The function runs on the thread that asks, a blocking one on the
 * executor, under no lock. Dependents of a future run where the load ends; after a timeout on the executor. No thread waits for a load. What
 * was done before a load's future was completed happens-before the completion of each future of its result.
 *
 * <p><b>Errors.</b> A load ends its futures with what it failed with; with {@link java.util.concurrent.TimeoutException} after
 * {@link AsyncMemoBuilder#orTimeout}; with {@link java.util.concurrent.CancellationException} if it was cancelled; with
 * {@link NullPointerException} if the function returned null for a stage; with what a weigher or an expiry of the bounds threw.
 *
 * <p><b>Not promised.</b> That a load which needs itself is seen: give {@link AsyncMemoBuilder#orTimeout}. That a load that is cancelled stops:
 * this is for its future to say. That a key is loaded once: its result may have been evicted. The order in which those who wait are told.
 *
 * <pre>{@code
 * AsyncMemo<Long, User> users = AsyncMemo.<Long, User>builder()
 *     .coalesce(Duration.ofMillis(2), 100)
 *     .orTimeout(Duration.ofSeconds(1))
 *     .buildBulk(client::findUsers);
 * CompletableFuture<User> user = users.apply(42L);
 * }</pre>
 *
 * @param <K> the type of the keys
 * @param <V> the type of the results
 */
public final class AsyncMemo<K, V extends @Nullable Object> implements Function<K, CompletableFuture<V>> {
  private final AsyncCore<K, V> core;

  AsyncMemo(AsyncCore<K, V> core) {
    this.core = core;
  }

  /** Returns a memo, of at most 128 results, of a function that starts loads. It runs on the thread that asks, under no lock. */
  public static <K, V extends @Nullable Object> AsyncMemo<K, V> of(Function<? super K, ? extends CompletionStage<? extends V>> function) {
    return AsyncMemo.<K, V>builder().build(function);
  }

  /** Returns a builder of a memo of at most 128 results. */
  public static <K, V extends @Nullable Object> AsyncMemoBuilder<K, V> builder() {
    return new AsyncMemoBuilder<>();
  }

  /** Returns a builder of a memo that is bounded as a cache of that builder, as it is now, would be. */
  public static <K, V extends @Nullable Object> AsyncMemoBuilder<K, V> builder(CacheBuilder<? super K, ? super V> bounds) {
    return new AsyncMemoBuilder<>(bounds);
  }

  /**
   * Returns a future, of the caller's own, of the result for the key: complete if it is remembered. Never waits, beyond what the function does
   * before it returns.
   *
   * @throws NullPointerException if the key is null; whatever else fails is in the future
   */
  @Override
  public CompletableFuture<V> apply(K key) {
    return core.get(Objects.requireNonNull(key, "key"));
  }

  /**
   * Forgets the key's result. A load that is running goes on for those who wait, its result is not remembered, and the next call loads anew: what
   * is returned by a call that begins after this one returned was loaded after this one began. O(1).
   */
  public void invalidate(K key) {
    core.invalidate(key);
  }

  /** Forgets all results, as {@link #invalidate} each. The counts go on. O(results and loads). */
  public void clear() {
    core.clear();
  }

  /** Returns the figures; the size includes the loads that are running, and a call that joined a load counts as a hit. */
  public MemoInfo info() {
    Counts counts = core.counts();
    return new MemoInfo(counts.hits(), counts.misses(), core.estimatedSize(), core.maximum());
  }

  /** Releases now what has expired. Needed in tests with a {@link leaksafe.Ticker} of their own only. */
  public void cleanUp() {
    core.cleanUp();
  }

  /** Returns the name. */
  public String name() {
    return core.name();
  }

  /** Returns the name and the figures. */
  @Override
  public String toString() {
    return "AsyncMemo[" + name() + ", " + info() + "]";
  }
}
