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
 * those who wait as it is, without a {@code CompletionException} around it. A function that throws makes a failed future.
 *
 * <p><b>Bound.</b> At most 128 results unless told otherwise, exactly, and at most {@link AsyncMemoBuilder#maximumLoads} loads at a time.
 *
 * <p><b>Threads.</b> Safe for use by many threads, virtual ones too. Dependents of a future run where the load ends; after a timeout on
 * the executor. No thread waits for a load.
 *
 * <p><b>Not promised.</b> That a load which needs itself is seen: give {@link AsyncMemoBuilder#orTimeout}. That a load that is cancelled stops:
 * this is for its future to say.
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

  /** Returns a future, of the caller's own, of the result for the key: complete if it is remembered. */
  @Override
  public CompletableFuture<V> apply(K key) {
    return core.get(Objects.requireNonNull(key, "key"));
  }

  /** Forgets the key's result. A load that is running goes on for those who wait, its result is not remembered, and the next call loads anew. */
  public void invalidate(K key) {
    core.invalidate(key);
  }

  /** Forgets all results, as {@link #invalidate} each. The counts go on. */
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
