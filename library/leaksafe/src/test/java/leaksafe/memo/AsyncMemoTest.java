package leaksafe.memo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import leaksafe.Container;
import leaksafe.Failure;
import leaksafe.cache.Cache;
import leaksafe.internal.Containers;
import leaksafe.testing.ChildLoader;
import leaksafe.testing.Gc;
import leaksafe.testing.Seeded;
import leaksafe.testing.VirtualThreads;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(90)
class AsyncMemoTest {
  private static final Duration LONG = Duration.ofHours(1);

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Map<Integer, CompletableFuture<String>> loads = new ConcurrentHashMap<>();
  private final AtomicInteger calls = new AtomicInteger();
  private final List<Failure> failures = new CopyOnWriteArrayList<>();

  @AfterEach
  void end() {
    threads.shutdownNow();
  }

  private CompletableFuture<String> load(int key) {
    calls.incrementAndGet();
    CompletableFuture<String> load = new CompletableFuture<>();
    loads.put(key, load);
    return load;
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.get(30, TimeUnit.SECONDS);
  }

  @Test
  void callers_share_one_load_and_each_has_a_future_of_his_own() throws Exception {
    AsyncMemo<Integer, String> memo = AsyncMemo.of(this::load);
    CompletableFuture<String> one = memo.apply(1);
    CompletableFuture<String> two = memo.apply(1);
    CompletableFuture<String> three = memo.apply(1);
    assertThat(calls).hasValue(1);
    one.cancel(true);
    two.complete("mine");
    assertThat(loads.get(1).isDone()).isFalse();
    assertThat(three.isDone()).isFalse();
    loads.get(1).complete("v");
    assertThat(get(three)).isEqualTo("v");
    assertThat(get(two)).isEqualTo("mine");
    assertThat(one).isCancelled();
    CompletableFuture<String> later = memo.apply(1);
    assertThat(later).isCompletedWithValue("v");
    later.obtrudeValue("spoilt");
    assertThat(memo.apply(1)).isCompletedWithValue("v");
    assertThat(calls).hasValue(1);
    assertThat(memo.info()).isEqualTo(new MemoInfo(4, 1, 1, java.util.OptionalLong.of(128)));
  }

  @Test
  void a_load_is_cancelled_when_the_last_who_waits_is_gone() {
    AsyncMemo<Integer, String> memo = AsyncMemo.of(this::load);
    CompletableFuture<String> one = memo.apply(1);
    CompletableFuture<String> two = memo.apply(1);
    CompletableFuture<String> load = loads.get(1);
    one.cancel(true);
    assertThat(load).isNotCancelled();
    two.completeExceptionally(new IllegalStateException("enough"));
    assertThat(load).isCancelled();
    assertThat(memo.info().size()).isZero();
    CompletableFuture<String> again = memo.apply(1);
    assertThat(calls).hasValue(2);
    loads.get(1).complete("v");
    assertThat(again).isCompletedWithValue("v");
  }

  /** A key that does something when its hash is asked for the next time. */
  private static final class Tripwire {
    private Runnable action;

    @Override
    public int hashCode() {
      Runnable once = action;
      action = null;
      if (once != null) {
        once.run();
      }
      return 1;
    }

    @Override
    public boolean equals(Object other) {
      return other == this;
    }
  }

  /** The memo asks for the key's hash to take out a load that was given up, so what the key does then is done in the moment before. */
  @Test
  void who_comes_when_the_last_has_just_gone_gets_a_load_of_his_own() throws Exception {
    List<CompletableFuture<String>> started = new ArrayList<>();
    AsyncMemo<Tripwire, String> memo = AsyncMemo.of(key -> {
      started.add(new CompletableFuture<>());
      return started.get(started.size() - 1);
    });
    Tripwire key = new Tripwire();
    CompletableFuture<String> first = memo.apply(key);
    List<CompletableFuture<String>> second = new ArrayList<>();
    key.action = () -> second.add(memo.apply(key));
    first.cancel(true);
    assertThat(second).hasSize(1);
    assertThat(started).hasSize(2);
    assertThat(started.get(0)).isCancelled();
    started.get(1).complete("v");
    assertThat(get(second.get(0))).isEqualTo("v");
    assertThat(memo.apply(key)).isCompletedWithValue("v");
    assertThat(memo.info()).isEqualTo(new MemoInfo(1, 2, 1, java.util.OptionalLong.of(128)));
  }

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
  void an_invalidated_load_serves_those_who_wait_and_is_not_remembered() throws Exception {
    AsyncMemo<Integer, String> memo = AsyncMemo.of(this::load);
    CompletableFuture<String> before = memo.apply(1);
    CompletableFuture<String> load = loads.get(1);
    memo.invalidate(1);
    CompletableFuture<String> after = memo.apply(1);
    assertThat(calls).hasValue(2);
    load.complete("old");
    assertThat(get(before)).isEqualTo("old");
    assertThat(after.isDone()).isFalse();
    loads.get(1).complete("new");
    assertThat(get(after)).isEqualTo("new");
    assertThat(memo.apply(1)).isCompletedWithValue("new");
    memo.clear();
    assertThat(memo.apply(1).isDone()).isFalse();
    memo.clear();
    loads.get(1).complete("stale");
    assertThat(memo.info().size()).isZero();
  }

  @Test
  void it_never_keeps_more_than_it_is_told() {
    AsyncMemo<Integer, String> memo = AsyncMemo.<Integer, String>builder(Cache.builder().maximumSize(10)).build(
        key -> CompletableFuture.completedFuture("v" + key));
    for (int i = 0; i < 1000; i++) {
      assertThat(memo.apply(i)).isCompletedWithValue("v" + i);
      assertThat(memo.info().size()).isLessThanOrEqualTo(10);
    }
    assertThat(memo.info().maximum()).hasValue(10);
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
  void a_blocking_function_runs_on_the_executor() throws Exception {
    AsyncMemo<Integer, String> memo = AsyncMemo.<Integer, String>builder().executor(threads).buildBlocking(key -> {
      calls.incrementAndGet();
      return Thread.currentThread() + " " + key;
    });
    assertThat(get(memo.apply(1))).isNotEqualTo(Thread.currentThread() + " 1").isEqualTo(get(memo.apply(1)));
    assertThat(calls).hasValue(1);
  }

  private final List<Set<Integer>> batches = new CopyOnWriteArrayList<>();
  private final List<CompletableFuture<Map<Integer, String>>> bulkLoads = new CopyOnWriteArrayList<>();

  private CompletableFuture<Map<Integer, String>> loadAll(Set<? extends Integer> keys) {
    batches.add(Set.copyOf(keys));
    Map<Integer, String> found = new HashMap<>();
    keys.forEach(key -> {
      if (key >= 0) {
        found.put(key, "v" + key);
      }
    });
    return CompletableFuture.completedFuture(found);
  }

  private CompletableFuture<Map<Integer, String>> loadAllLater(Set<? extends Integer> keys) {
    batches.add(Set.copyOf(keys));
    CompletableFuture<Map<Integer, String>> load = new CompletableFuture<>();
    bulkLoads.add(load);
    return load;
  }

  @Test
  void a_full_batch_goes_off_at_once_and_holds_each_key_once() throws Exception {
    AsyncMemo<Integer, String> memo = AsyncMemo.<Integer, String>builder().coalesce(LONG, 3).buildBulk(this::loadAll);
    List<CompletableFuture<String>> futures = new ArrayList<>();
    for (int key : new int[] {1, 2, 1, 2, 3, 4}) {
      futures.add(memo.apply(key));
    }
    assertThat(batches).containsExactly(Set.of(1, 2, 3));
    assertThat(get(futures.get(2))).isEqualTo("v1");
    assertThat(futures.get(5).isDone()).isFalse();
    memo.apply(1);
    memo.apply(5);
    memo.apply(6);
    assertThat(batches).containsExactly(Set.of(1, 2, 3), Set.of(4, 5, 6));
    assertThat(futures.get(5)).isCompletedWithValue("v4");
  }

  @Test
  void a_batch_that_does_not_fill_goes_off_after_the_window() throws Exception {
    AsyncMemo<Integer, String> memo = AsyncMemo.<Integer, String>builder().coalesce(Duration.ofMillis(5), 1000).buildBulk(this::loadAll);
    for (int round = 0; round < 3; round++) {
      CompletableFuture<String> one = memo.apply(10 * round);
      CompletableFuture<String> two = memo.apply(10 * round + 1);
      assertThat(get(one) + get(two)).isEqualTo("v" + 10 * round + "v" + (10 * round + 1));
    }
    assertThat(batches.stream().flatMap(Set::stream)).containsExactlyInAnyOrder(0, 1, 10, 11, 20, 21);
  }

  @Test
  void keys_without_a_result_end_with_null_and_a_failed_batch_fails_all_of_its_keys() throws Exception {
    AsyncMemo<Integer, String> memo = AsyncMemo.<Integer, String>builder().name("users").coalesce(LONG, 2).buildBulk(this::loadAll);
    CompletableFuture<String> missing = memo.apply(-1);
    CompletableFuture<String> found = memo.apply(1);
    assertThat(get(missing)).isNull();
    assertThat(get(found)).isEqualTo("v1");
    assertThat(memo.info().size()).isEqualTo(1);
    AsyncMemo<Integer, String> failing = AsyncMemo.<Integer, String>builder().name("users").coalesce(LONG, 2).buildBulk(keys -> {
      throw new IllegalStateException("down");
    });
    CompletableFuture<String> one = failing.apply(1);
    CompletableFuture<String> two = failing.apply(2);
    assertThatThrownBy(() -> get(one)).hasRootCauseMessage("down");
    assertThatThrownBy(() -> get(two)).hasRootCauseMessage("down");
    AsyncMemo<Integer, String> nothing = AsyncMemo.<Integer, String>builder().name("users").coalesce(LONG, 1).buildBulk(
        keys -> CompletableFuture.completedFuture(null));
    assertThatThrownBy(() -> get(nothing.apply(1))).hasRootCauseMessage(
        "users: the bulk function's stage ended with null, must end with a map");
  }

  @Test
  void a_bulk_load_is_cancelled_when_all_who_wait_for_any_of_it_are_gone() {
    AsyncMemo<Integer, String> memo = AsyncMemo.<Integer, String>builder().coalesce(LONG, 3).buildBulk(this::loadAllLater);
    CompletableFuture<String> gone = memo.apply(1);
    gone.cancel(true);
    CompletableFuture<String> two = memo.apply(2);
    CompletableFuture<String> three = memo.apply(3);
    assertThat(batches).as("nobody wants 1 any more").containsExactly(Set.of(2, 3));
    two.cancel(true);
    assertThat(bulkLoads.get(0)).isNotCancelled();
    three.cancel(true);
    assertThat(bulkLoads.get(0)).isCancelled();
    assertThat(memo.info().size()).isZero();
  }

  @Test
  void it_is_in_the_census_once_as_a_memo() {
    AsyncMemo<Integer, String> memo = AsyncMemo.<Integer, String>builder().name("async users").build(this::load);
    memo.apply(1);
    assertThat(Containers.list()).filteredOn(container -> container.name().equals("async users")).singleElement()
        .satisfies(container -> {
          assertThat(container.kind()).isEqualTo("memo");
          assertThat(container.bound()).isEqualTo("maximumSize 128; at most 1024 loads at a time");
          assertThat(container.estimatedSize()).isEqualTo(1);
          assertThat(container.figures()).containsEntry("loading", 1).containsEntry("misses", 1L);
        });
    assertThat(Containers.list()).extracting(Container::creationSite)
        .filteredOn(site -> site.contains("AsyncMemoTest.it_is_in_the_census")).hasSize(1);
  }

  @Test
  void wrong_options_are_refused() {
    AsyncMemoBuilder<Integer, String> builder = AsyncMemo.builder();
    assertThatIllegalArgumentException().isThrownBy(() -> builder.maximumLoads(0)).withMessage("maximumLoads must be at least 1, but was 0");
    assertThatIllegalArgumentException().isThrownBy(() -> builder.orTimeout(Duration.ZERO))
        .withMessage("orTimeout must be at least 1 ms, but was PT0S");
    assertThatIllegalArgumentException().isThrownBy(() -> builder.coalesce(Duration.ofMillis(1), 0))
        .withMessage("maximumBatch must be at least 1, but was 0");
    assertThatIllegalStateException().isThrownBy(() -> builder.buildBulk(this::loadAll)).withMessageEndingWith("set coalesce");
    assertThatIllegalStateException().isThrownBy(() -> AsyncMemo.<Integer, String>builder().coalesce(LONG, 2).build(this::load))
        .withMessageEndingWith("use buildBulk");
    assertThatIllegalStateException().isThrownBy(() -> AsyncMemo.<Integer, String>builder(Cache.builder()).build(this::load))
        .withMessageContaining("would grow for ever");
    assertThatIllegalStateException().isThrownBy(() -> AsyncMemo.<Integer, String>builder(Cache.builder().weakKeys()).build(this::load))
        .withMessageContaining("leave out weakKeys");
    assertThatNullPointerException().isThrownBy(() -> AsyncMemo.of(this::load).apply(null)).withMessage("key");
  }

  @Test
  void threads_that_ask_cancel_and_invalidate_never_load_a_key_twice_at_once_and_all_get_an_answer() {
    Seeded.check(4, random -> {
      Map<Integer, AtomicInteger> running = new ConcurrentHashMap<>();
      List<String> faults = new CopyOnWriteArrayList<>();
      boolean invalidates = random.nextBoolean();
      AsyncMemo<Integer, String> memo = AsyncMemo.<Integer, String>builder(Cache.builder().maximumSize(8)).executor(threads).build(key -> {
        AtomicInteger loading = running.computeIfAbsent(key, k -> new AtomicInteger());
        if (loading.incrementAndGet() > 1 && !invalidates) {
          faults.add("two loads of " + key);
        }
        return CompletableFuture.supplyAsync(() -> {
          Thread.yield();
          loading.decrementAndGet();
          if (key % 5 == 4) {
            throw new IllegalStateException("no " + key);
          }
          return "v" + key;
        }, threads);
      });
      CyclicBarrier start = new CyclicBarrier(4);
      List<Future<?>> all = new ArrayList<>();
      for (int t = 0; t < 4; t++) {
        long seed = random.nextLong();
        all.add(threads.submit(() -> {
          java.util.Random own = new java.util.Random(seed);
          start.await();
          for (int i = 0; i < 500; i++) {
            int key = own.nextInt(20);
            if (invalidates && own.nextInt(10) == 0) {
              memo.invalidate(key);
            }
            CompletableFuture<String> future = memo.apply(key);
            if (invalidates && own.nextInt(4) == 0) {
              future.cancel(true);
            } else {
              try {
                assertThat(get(future)).isEqualTo("v" + key);
                assertThat(key % 5).isNotEqualTo(4);
              } catch (ExecutionException e) {
                assertThat(e.getCause()).hasMessage("no " + key);
              }
            }
          }
          return null;
        }));
      }
      for (Future<?> one : all) {
        get(one);
      }
      assertThat(faults).isEmpty();
      Gc.awaitWithoutGc("no load is left", () -> memo.info().size() <= 8);
    });
  }

  @Test
  void who_gave_up_is_not_held_by_a_load_that_hangs() {
    AsyncMemo<Integer, String> memo = AsyncMemo.of(this::load);
    CompletableFuture<String> stays = memo.apply(1);
    List<WeakReference<?>> gone = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      gone.add(giveUp(memo));
    }
    Gc.awaitCleared(gone);
    assertThat(stays.isDone()).isFalse();
  }

  private static WeakReference<?> giveUp(AsyncMemo<Integer, String> memo) {
    CompletableFuture<String> future = memo.apply(1);
    future.cancel(true);
    return new WeakReference<>(future);
  }

  /** Leaves loads that hang in memos of static fields. */
  public static final class Careless implements Runnable {
    private static final AsyncMemo<Integer, String> MEMO =
        AsyncMemo.<Integer, String>builder().orTimeout(LONG).build(key -> new CompletableFuture<>());
    private static final AsyncMemo<Integer, String> BULK =
        AsyncMemo.<Integer, String>builder().coalesce(LONG, 100).buildBulk(keys -> new CompletableFuture<>());

    @Override
    public void run() {
      for (int i = 0; i < 10; i++) {
        MEMO.apply(i);
        BULK.apply(i).thenAccept(value -> { });
      }
    }
  }

  @Test
  void a_class_loader_with_hanging_loads_in_static_fields_is_collected() {
    Gc.awaitCleared(ChildLoader.runAndDrop(Careless.class));
  }

  @Test
  void virtual_threads_may_wait_for_the_futures() throws Exception {
    ExecutorService virtual = VirtualThreads.executor();
    AsyncMemo<Integer, String> memo = AsyncMemo.of(this::load);
    List<Future<String>> all = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      all.add(virtual.submit(() -> get(memo.apply(1))));
    }
    Gc.awaitWithoutGc("the load is running", () -> loads.containsKey(1));
    virtual.submit(() -> loads.get(1).complete("v")); // never runs if the waiting ones hold all carriers
    for (Future<String> one : all) {
      assertThat(get(one)).isEqualTo("v");
    }
    assertThat(calls).hasValue(1);
    virtual.shutdown();
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
