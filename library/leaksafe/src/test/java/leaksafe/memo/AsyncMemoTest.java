package leaksafe.memo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import leaksafe.Container;
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
class AsyncMemoTest extends PendingLoads {
  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void end() {
    threads.shutdownNow();
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
  void a_blocking_function_runs_on_the_executor() throws Exception {
    AsyncMemo<Integer, String> memo = AsyncMemo.<Integer, String>builder().executor(threads).buildBlocking(key -> {
      calls.incrementAndGet();
      return Thread.currentThread() + " " + key;
    });
    assertThat(get(memo.apply(1))).isNotEqualTo(Thread.currentThread() + " 1").isEqualTo(get(memo.apply(1)));
    assertThat(calls).hasValue(1);
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
    assertThatIllegalStateException().isThrownBy(() -> builder.buildBulk(keys -> CompletableFuture.completedFuture(Map.of()))).withMessageEndingWith("set coalesce");
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
}
