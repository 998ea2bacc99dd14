package leaksafe.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.Function;
import leaksafe.cache.internal.Verify;
import leaksafe.memo.AsyncMemo;
import leaksafe.memo.Memo;
import leaksafe.testing.Gc;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What loaders that are interrupted leave behind: the interrupt for their thread, and nothing for the others. */
@Timeout(60)
class CacheInterruptTest {
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch blocked = new CountDownLatch(1);
  private final CompletableFuture<Thread> loading = new CompletableFuture<>();

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  /** Blocks until it is interrupted, and does about it what well-behaved code does. */
  private String block() {
    loading.complete(Thread.currentThread());
    try {
      blocked.await();
      return "not interrupted";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** Says what a call threw, and whether its thread was interrupted then. */
  private static String outcomeOf(Runnable call) {
    String outcome;
    try {
      call.run();
      outcome = "returned";
    } catch (Exception e) {
      outcome = e.getCause() instanceof InterruptedException ? "threw" : e.toString();
    }
    return outcome + (Thread.interrupted() ? ", interrupted" : "");
  }

  /** Interrupts a thread that loads, for which others wait. */
  private void interruptOneThatLoads(Function<Function<String, String>, String> get) throws Exception {
    Future<String> first = threads.submit(() -> outcomeOf(() -> get.apply(key -> block())));
    Thread loader = loading.get(30, TimeUnit.SECONDS);
    AtomicInteger loads = new AtomicInteger();
    List<Future<String>> waiting = new ArrayList<>();
    CountDownLatch asking = new CountDownLatch(3);
    for (int i = 0; i < 3; i++) {
      waiting.add(threads.submit(() -> {
        asking.countDown();
        return get.apply(key -> "v" + loads.incrementAndGet());
      }));
    }
    assertThat(asking.await(30, TimeUnit.SECONDS)).isTrue();
    loader.interrupt();
    assertThat(first.get(30, TimeUnit.SECONDS)).isEqualTo("threw, interrupted");
    for (Future<String> one : waiting) {
      assertThat(one.get(30, TimeUnit.SECONDS)).as("one of those who waited loads for all").isEqualTo("v1");
    }
  }

  @Test
  void who_waited_for_a_loader_that_is_interrupted_loads_himself() throws Exception {
    Cache<String, String> cache = Cache.<String, String>builder().maximumSize(10).recordStats().build();
    interruptOneThatLoads(loader -> cache.get("k", loader));
    assertThat(cache.stats().loadFailureCount()).isEqualTo(1);
    assertThat(cache.stats().loadSuccessCount()).isEqualTo(1);
    assertThat(cache.asMap()).containsOnlyKeys("k");
    Verify.structure(cache);
  }

  @Test
  void who_waited_for_a_bulk_loader_that_is_interrupted_loads_himself() throws Exception {
    Cache<String, String> cache = Cache.<String, String>builder().maximumSize(10).build();
    interruptOneThatLoads(loader -> cache.getAll(List.of("k", "l"), keys -> {
      String value = loader.apply("k");
      return Map.of("k", value, "l", value);
    }).get("k"));
    assertThat(cache.asMap()).containsOnlyKeys("k", "l");
    Verify.structure(cache);
  }

  @Test
  void a_computation_that_is_interrupted_keeps_the_value_and_lets_the_next_one_run() throws Exception {
    Cache<String, String> cache = Cache.<String, String>builder().maximumSize(10).build();
    cache.put("k", "v");
    BiFunction<String, String, String> append = (key, value) -> value + "+";
    Future<String> first = threads.submit(() -> outcomeOf(() -> cache.asMap().compute("k", (key, value) -> block())));
    Thread computing = loading.get(30, TimeUnit.SECONDS);
    Future<String> second = threads.submit(() -> cache.asMap().compute("k", append));
    computing.interrupt();
    assertThat(first.get(30, TimeUnit.SECONDS)).isEqualTo("threw, interrupted");
    assertThat(second.get(30, TimeUnit.SECONDS)).isEqualTo("v+");
    Verify.structure(cache);
  }

  @Test
  void a_loader_that_interrupts_its_own_thread_has_its_value_stored_and_the_interrupt_kept() {
    Cache<String, String> cache = Cache.<String, String>builder().maximumSize(10).build();
    String outcome = outcomeOf(() -> cache.get("k", key -> {
      Thread.currentThread().interrupt();
      return "v";
    }));
    assertThat(outcome).isEqualTo("returned, interrupted");
    assertThat(cache.getIfPresent("k")).isEqualTo("v");
  }

  @Test
  void who_waited_for_a_memos_function_that_is_interrupted_runs_it_himself() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    Memo<String, String> memo = Memo.of(key -> calls.incrementAndGet() == 1 ? block() : "v" + (calls.get() - 1));
    interruptOneThatLoads(loader -> memo.apply("k"));
    assertThat(memo.info().size()).isEqualTo(1);
    assertThat(memo.info().misses()).isEqualTo(2);
  }

  @Test
  void a_memo_of_failures_remembers_no_interrupt() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    Memo<String, String> memo = Memo.<String, String>builder().cacheFailures(Duration.ofHours(1))
        .build(key -> calls.incrementAndGet() == 1 ? block() : "v" + (calls.get() - 1));
    interruptOneThatLoads(loader -> memo.apply("k"));
    assertThat(memo.info().size()).isEqualTo(1);
  }

  @Test
  void an_async_memos_function_that_is_interrupted_fails_the_futures_and_keeps_the_interrupt() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    AsyncMemo<String, String> memo = AsyncMemo.of(key -> CompletableFuture.completedFuture(calls.incrementAndGet() == 1 ? block() : "v"));
    Future<CompletableFuture<String>> first = threads.submit(() -> {
      CompletableFuture<String> future = memo.apply("k");
      assertThat(Thread.interrupted()).isTrue();
      return future;
    });
    Thread loader = loading.get(30, TimeUnit.SECONDS);
    CompletableFuture<String> joined = memo.apply("k");
    loader.interrupt();
    for (CompletableFuture<String> future : List.of(first.get(30, TimeUnit.SECONDS), joined)) {
      assertThatThrownBy(() -> future.get(30, TimeUnit.SECONDS)).isInstanceOf(ExecutionException.class)
          .hasRootCauseInstanceOf(InterruptedException.class);
    }
    assertThat(memo.info().size()).isZero();
    assertThat(memo.apply("k")).isCompletedWithValue("v");
  }

  @Test
  void a_blocking_function_that_is_interrupted_on_its_executor_fails_the_future_and_leaves_nothing() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    AsyncMemo<String, String> memo = AsyncMemo.<String, String>builder().executor(threads)
        .buildBlocking(key -> calls.incrementAndGet() == 1 ? block() : "v");
    CompletableFuture<String> future = memo.apply("k");
    loading.get(30, TimeUnit.SECONDS).interrupt();
    assertThatThrownBy(() -> future.get(30, TimeUnit.SECONDS)).hasRootCauseInstanceOf(InterruptedException.class);
    assertThat(memo.info().size()).isZero();
    assertThat(memo.apply("k").get(30, TimeUnit.SECONDS)).isEqualTo("v");
  }

  @Test
  void who_waited_for_an_opener_that_is_interrupted_opens_himself() throws Exception {
    Handle.Source source = new Handle.Source();
    try (LeaseCache<String, Handle> cache = LeaseCache.<String, Handle>builder().maximumOpen(1).build()) {
      Future<?> first = threads.submit(() -> cache.acquire("k", key -> {
        loading.complete(Thread.currentThread());
        blocked.await();
        return source.open(key);
      }));
      Thread opener = loading.get(30, TimeUnit.SECONDS);
      Future<Integer> second = threads.submit(() -> {
        try (var lease = cache.acquire("k", source::open)) {
          return lease.get().use().number;
        }
      });
      Gc.awaitWithoutGc("it waits", () -> cache.stats().open() == 1);
      opener.interrupt();
      assertThatThrownBy(() -> first.get(30, TimeUnit.SECONDS)).hasRootCauseInstanceOf(InterruptedException.class);
      assertThat(second.get(30, TimeUnit.SECONDS)).isEqualTo(1);
      assertThat(cache.stats().openFailures()).isEqualTo(1);
      assertThat(cache.stats().open()).isEqualTo(1);
    }
    assertThat(source.open).hasValue(0);
    assertThat(source.faults).isEmpty();
  }
}
