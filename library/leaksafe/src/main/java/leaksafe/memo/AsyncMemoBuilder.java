package leaksafe.memo;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import leaksafe.cache.CacheBuilder;
import leaksafe.cache.internal.Caches;
import leaksafe.internal.Once;
import leaksafe.memo.internal.AsyncCore;
import leaksafe.memo.internal.AsyncSettings;
import leaksafe.memo.internal.Loader;
import leaksafe.memo.internal.MemoSettings;
import org.jspecify.annotations.Nullable;

/**
 * Builds {@link AsyncMemo}s. Each option may be set once. Not safe for use by many threads; may build any number of memos, which share nothing.
 *
 * @param <K> the type of the keys that the options so far can deal with
 * @param <V> the type of the results that the options so far can deal with
 */
public final class AsyncMemoBuilder<K, V extends @Nullable Object> {
  private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE / 4);

  private final MemoSettings memo = new MemoSettings();
  private final AsyncSettings settings = new AsyncSettings();

  AsyncMemoBuilder() {}

  AsyncMemoBuilder(CacheBuilder<? super K, ? super V> bounds) {
    memo.cache = Caches.settingsOf(bounds);
  }

  /** Names the memo, for the census and reports. Without it the name is made of the place where the memo is built. */
  public AsyncMemoBuilder<K, V> name(String name) {
    memo.name = Once.set(memo.name, Objects.requireNonNull(name, "name"), "name");
    return this;
  }

  /**
   * Bounds the number of loads that run at a time, 1024 unless told otherwise. Beyond that, futures fail at once with a
   * {@link java.util.concurrent.RejectedExecutionException}.
   *
   * @param maximum at least 1
   */
  public AsyncMemoBuilder<K, V> maximumLoads(int maximum) {
    if (maximum < 1) {
      throw new IllegalArgumentException("maximumLoads must be at least 1, but was " + maximum);
    }
    settings.maximumLoads = Once.set(settings.maximumLoads, maximum, "maximumLoads");
    return this;
  }

  /**
   * Has a load that takes longer cancelled, and the futures of all who wait for it fail with a
   * {@link java.util.concurrent.TimeoutException}, on the executor. Some milliseconds late, and some hundred when the first container of a
   * program has just been built and the library's thread is still being started.
   *
   * @param timeout at least 1 ms
   */
  public AsyncMemoBuilder<K, V> orTimeout(Duration timeout) {
    settings.timeoutNanos = Once.setTime(settings.timeoutNanos, atLeastAMillisecond(timeout, "orTimeout"), "orTimeout");
    return this;
  }

  /**
   * Has loads gathered for a {@linkplain #buildBulk bulk function}: a batch is sent off when it is full, by the thread that asked for
   * the last of its keys, or when the first has waited for so long, on the executor and as late as {@link #orTimeout} says.
   *
   * @param window at least 1 ms
   * @param maximumBatch how many keys a batch has at most, at least 1
   */
  public AsyncMemoBuilder<K, V> coalesce(Duration window, int maximumBatch) {
    if (maximumBatch < 1) {
      throw new IllegalArgumentException("maximumBatch must be at least 1, but was " + maximumBatch);
    }
    settings.windowNanos = Once.setTime(settings.windowNanos, atLeastAMillisecond(window, "window"), "coalesce");
    settings.maximumBatch = maximumBatch;
    return this;
  }

  /** Sets what runs timeouts, batches, and functions that block. The default is the common pool. */
  public AsyncMemoBuilder<K, V> executor(Executor executor) {
    settings.executor = Once.set(settings.executor, Objects.requireNonNull(executor, "executor"), "executor");
    return this;
  }

  /**
   * Builds a memo of a function that starts loads. It runs on the thread that asks, under no lock.
   *
   * @throws IllegalStateException if nothing is set that ends its growth, or options contradict each other
   */
  public <K1 extends K, V1 extends V> AsyncMemo<K1, V1> build(
      Function<? super K1, ? extends CompletionStage<? extends V1>> function) {
    return memo(Loader.single(Objects.requireNonNull(function, "function")), false);
  }

  /**
   * Builds a memo of a function that blocks and so runs on the executor.
   *
   * @throws IllegalStateException as {@link #build}
   */
  public <K1 extends K, V1 extends V> AsyncMemo<K1, V1> buildBlocking(Function<? super K1, ? extends V1> function) {
    Objects.requireNonNull(function, "function");
    Executor executor = settings.executor();
    return memo(Loader.single(key -> CompletableFuture.supplyAsync(() -> function.apply(key), executor)), false);
  }

  /**
   * Builds a memo of a function that starts loads for many keys at once, which {@link #coalesce} gathers. Keys that it leaves out have no
   * result (null); what it returns beyond the keys asked for is ignored. A load is cancelled when all who wait for any key of the batch
   * are gone.
   *
   * @throws IllegalStateException if coalesce was not set, or as {@link #build}
   */
  public <K1 extends K, V1 extends V> AsyncMemo<K1, V1> buildBulk(
      Function<? super Set<? extends K1>, ? extends CompletionStage<? extends Map<? extends K1, ? extends V1>>> function) {
    return memo(Loader.bulk(Objects.requireNonNull(function, "function")), true);
  }

  private <K1 extends K, V1 extends V> AsyncMemo<K1, V1> memo(Loader<K1, V1> loader, boolean bulk) {
    boolean coalesces = settings.maximumBatch > 0;
    if (bulk != coalesces) {
      throw new IllegalStateException(bulk ? "a bulk function needs to be told how many keys to gather and for how long: set coalesce"
          : "coalesce gathers keys for a bulk function: use buildBulk");
    }
    return new AsyncMemo<>(new AsyncCore<>(memo, settings, loader).start());
  }

  private static long atLeastAMillisecond(Duration time, String name) {
    Objects.requireNonNull(time, name);
    if (time.compareTo(Duration.ofMillis(1)) < 0) {
      throw new IllegalArgumentException(name + " must be at least 1 ms, but was " + time);
    }
    return time.compareTo(LONGEST) > 0 ? LONGEST.toNanos() : time.toNanos();
  }
}
