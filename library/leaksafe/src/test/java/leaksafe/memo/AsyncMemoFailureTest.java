package leaksafe.memo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import leaksafe.cache.Cache;
import leaksafe.testing.Gc;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Loads, keys, executors and functions that fail, are refused or take too long. */
@Timeout(90)
class AsyncMemoFailureTest extends PendingLoads {
  /** Fails the n-th time that it is called, and arms the key again until then. */
  private static Runnable failingAt(Tripwire key, int[] calls) {
    return new Runnable() {
      @Override
      public void run() {
        if (--calls[0] == 0) {
          throw new IllegalStateException("fails on purpose");
        }
        key.action = this;
      }
    };
  }

  @Test
  void a_key_that_fails_at_any_moment_leaves_nobody_waiting_and_can_be_loaded_again() throws Exception {
    int unharmed = 0;
    int told = 0;
    for (int moment = 1; unharmed == 0; moment++) {
      List<CompletableFuture<String>> started = new ArrayList<>();
      failures.clear();
      AsyncMemo<Tripwire, String> memo = AsyncMemo.<Tripwire, String>builder(Cache.builder().maximumSize(5).failureListener(failures::add)).build(key -> {
        started.add(new CompletableFuture<>());
        return started.get(started.size() - 1);
      });
      Tripwire key = new Tripwire();
      int[] calls = {moment};
      key.action = failingAt(key, calls);
      CompletableFuture<String> first;
      try {
        first = memo.apply(key);
        started.forEach(load -> load.complete("v"));
      } catch (IllegalStateException e) {
        first = CompletableFuture.failedFuture(e);
      }
      assertThat(first).as("at moment " + moment).isDone();
      unharmed = calls[0];
      told += failures.size();
      key.action = null;
      assertThat(memo.info().size()).as("at moment " + moment).isLessThanOrEqualTo(1);
      CompletableFuture<String> again = memo.apply(key);
      started.forEach(load -> load.complete("v"));
      assertThat(get(again)).as("at moment " + moment).isEqualTo("v");
      assertThat(memo.apply(key)).isCompletedWithValue("v");
      assertThat(memo.info().size()).as("at moment " + moment).isEqualTo(1);
    }
    assertThat(told).as("moments when nobody was left to be told by a future").isEqualTo(1);
  }

  @Test
  void a_failed_or_cancelled_load_and_a_null_are_not_remembered() throws Exception {
    AsyncMemo<Integer, String> memo = AsyncMemo.of(this::load);
    CompletableFuture<String> failed = memo.apply(1);
    loads.get(1).completeExceptionally(new IllegalStateException("down"));
    assertThatThrownBy(() -> get(failed)).isInstanceOf(ExecutionException.class).cause().isInstanceOf(IllegalStateException.class);
    CompletableFuture<String> cancelled = memo.apply(1);
    loads.get(1).cancel(true);
    assertThatThrownBy(() -> get(cancelled)).isInstanceOf(CancellationException.class);
    CompletableFuture<String> nothing = memo.apply(1);
    loads.get(1).complete(null);
    assertThat(get(nothing)).isNull();
    assertThat(memo.info().size()).isZero();
    memo.apply(1);
    assertThat(calls).hasValue(4);
  }

  @Test
  void a_failure_through_dependent_stages_arrives_bare() {
    AsyncMemo<Integer, String> memo = AsyncMemo.of(key -> load(key).thenApply(value -> value + "!"));
    CompletableFuture<String> future = memo.apply(1);
    loads.get(1).completeExceptionally(new IllegalStateException("down"));
    List<Throwable> seen = new ArrayList<>();
    future.whenComplete((value, failure) -> seen.add(failure));
    assertThat(seen).singleElement().isInstanceOf(IllegalStateException.class);
  }

  @Test
  void a_function_that_throws_or_returns_null_makes_a_failed_future() {
    AsyncMemo<Integer, String> throwing = AsyncMemo.of(key -> {
      throw new IllegalArgumentException("no " + key);
    });
    assertThatThrownBy(() -> get(throwing.apply(1))).hasRootCauseMessage("no 1");
    AsyncMemo<Integer, String> none = AsyncMemo.<Integer, String>builder().name("users").build(key -> null);
    assertThatThrownBy(() -> get(none.apply(1))).hasRootCauseMessage("users: the function returned null for 1, must return a CompletionStage");
    assertThat(throwing.info().size() + none.info().size()).isZero();
  }

  @Test
  void more_loads_than_allowed_are_refused_at_once() {
    AsyncMemo<Integer, String> memo = AsyncMemo.<Integer, String>builder().name("users").maximumLoads(2).build(this::load);
    memo.apply(1);
    CompletableFuture<String> two = memo.apply(2);
    memo.apply(2);
    assertThatThrownBy(() -> get(memo.apply(3))).cause().isInstanceOf(RejectedExecutionException.class)
        .hasMessage("users: 2 loads are running, as many as there may be: set maximumLoads higher, or orTimeout if they hang");
    loads.get(2).complete("v");
    assertThat(two).isCompletedWithValue("v");
    assertThat(memo.apply(3).isDone()).isFalse();
    assertThat(calls).hasValue(3);
  }

  @Test
  void a_load_that_hangs_fails_after_its_time_and_is_cancelled() throws Exception {
    AsyncMemo<Integer, String> memo = AsyncMemo.<Integer, String>builder().name("users").orTimeout(Duration.ofMillis(20)).build(this::load);
    CompletableFuture<String> one = memo.apply(1);
    CompletableFuture<String> two = memo.apply(1);
    for (CompletableFuture<String> future : List.of(one, two)) {
      assertThatThrownBy(() -> get(future)).cause().isInstanceOf(TimeoutException.class).hasMessage("users: no result for 1 within 20 ms");
    }
    Gc.awaitWithoutGc("it is cancelled", () -> loads.get(1).isCancelled());
    assertThat(memo.info().size()).isZero();
    Gc.awaitWithoutGc("a later one hangs, too", () -> memo.apply(2).isDone() || calls.get() > 2);
    AsyncMemo<Integer, String> quick = AsyncMemo.<Integer, String>builder().orTimeout(LONG).build(this::load);
    CompletableFuture<String> future = quick.apply(3);
    loads.get(3).complete("v");
    assertThat(get(future)).isEqualTo("v");
  }

  @Test
  void a_timeout_comes_though_the_executor_refuses() {
    ExecutorService closed = Executors.newSingleThreadExecutor();
    closed.shutdown();
    AsyncMemo<Integer, String> memo = AsyncMemo.<Integer, String>builder(Cache.builder().maximumSize(5).failureListener(failures::add))
        .orTimeout(Duration.ofMillis(20)).executor(closed).build(this::load);
    CompletableFuture<String> future = memo.apply(1);
    assertThatThrownBy(() -> get(future)).cause().isInstanceOf(TimeoutException.class);
    assertThat(failures).singleElement().satisfies(failure -> assertThat(failure.role()).isEqualTo("executor"));
    AsyncMemo<Integer, String> blocking = AsyncMemo.<Integer, String>builder().executor(closed).buildBlocking(key -> "v");
    assertThatThrownBy(() -> get(blocking.apply(1))).cause().isInstanceOf(RejectedExecutionException.class);
  }

  @Test
  void a_weigher_that_throws_fails_the_future_and_leaves_nothing() {
    AsyncMemo<Integer, String> memo = AsyncMemo.<Integer, String>builder(
        Cache.<Integer, String>builder().maximumWeight(10).weigher((key, value) -> {
          throw new IllegalStateException("no weight");
        })).build(this::load);
    CompletableFuture<String> future = memo.apply(1);
    loads.get(1).complete("v");
    assertThatThrownBy(future::join).isInstanceOf(CompletionException.class).hasRootCauseMessage("no weight");
    assertThat(memo.info().size()).isZero();
  }
}
