package leaksafe.memo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import leaksafe.Container;
import leaksafe.cache.Cache;
import leaksafe.cache.CacheBuilder;
import leaksafe.internal.Containers;
import leaksafe.testing.Gc;
import leaksafe.testing.ManualTicker;
import leaksafe.testing.VirtualThreads;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(90)
class MemoTest {
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final AtomicInteger calls = new AtomicInteger();

  @AfterEach
  void end() {
    threads.shutdownNow();
  }

  private String slowly(int key) {
    calls.incrementAndGet();
    return "v" + key;
  }

  private static Memo<Integer, BigInteger> fibonacci(AtomicInteger calls) {
    AtomicReference<Memo<Integer, BigInteger>> self = new AtomicReference<>();
    Memo<Integer, BigInteger> memo = Memo.of(n -> {
      calls.incrementAndGet();
      return n < 2 ? BigInteger.valueOf(n) : self.get().apply(n - 1).add(self.get().apply(n - 2));
    });
    self.set(memo);
    return memo;
  }

  private static BigInteger fibonacci(int n) {
    BigInteger a = BigInteger.ZERO;
    BigInteger b = BigInteger.ONE;
    for (int i = 0; i < n; i++) {
      BigInteger next = a.add(b);
      a = b;
      b = next;
    }
    return a;
  }

  @Test
  void a_result_is_computed_once_and_counted_exactly() {
    Memo<Integer, String> memo = Memo.of(this::slowly);
    for (int i = 0; i < 1000; i++) {
      assertThat(memo.apply(i % 10)).isEqualTo("v" + i % 10);
    }
    assertThat(calls.get()).isEqualTo(10);
    assertThat(memo.info().hits()).isEqualTo(990);
    assertThat(memo.info().misses()).isEqualTo(10);
    assertThat(memo.info().size()).isEqualTo(10);
    assertThat(memo.info().maximum()).hasValue(128);
  }

  @Test
  void it_never_keeps_more_than_128_unless_told_otherwise() {
    Memo<Integer, String> memo = Memo.of(this::slowly);
    Memo<Integer, String> larger = Memo.of(this::slowly, Cache.builder().maximumSize(1000));
    for (int i = 0; i < 5000; i++) {
      memo.apply(i);
      larger.apply(i);
      assertThat(memo.info().size()).isLessThanOrEqualTo(128);
    }
    assertThat(memo.info().size()).isEqualTo(128);
    assertThat(larger.info().size()).isEqualTo(1000);
    assertThat(larger.info().maximum()).hasValue(1000);
  }

  @Test
  void what_would_grow_for_ever_is_refused_and_unbounded_has_to_be_said() {
    assertThatIllegalStateException().isThrownBy(() -> Memo.of(this::slowly, Cache.<Integer, String>builder()))
        .withMessageContaining("would grow for ever");
    Memo<Integer, String> memo = Memo.of(this::slowly, Cache.<Integer, String>builder().unbounded());
    assertThat(containers(memo.name())).singleElement().matches(Container::isUnbounded);
  }

  @Test
  void it_is_in_the_census_once_as_a_memo() {
    long before = Containers.list().stream().filter(c -> c.name().contains("MemoTest")).count();
    Memo<Integer, String> memo = Memo.of(this::slowly);
    assertThat(Containers.list().stream().filter(c -> c.name().contains("MemoTest")).count()).isEqualTo(before + 1);
    memo.apply(1);
    memo.apply(1);
    assertThat(memo.name()).startsWith("memo@").contains("MemoTest.java:");
    assertThat(containers(memo.name())).singleElement().satisfies(container -> {
      assertThat(container.kind()).isEqualTo("memo");
      assertThat(container.bound()).isEqualTo("maximumSize 128");
      assertThat(container.creationSite()).contains("MemoTest.java:");
      assertThat(container.estimatedSize()).isEqualTo(1);
      assertThat(container.figures()).containsEntry("hits", 1L).containsEntry("misses", 1L);
    });
    assertThat(Memo.of(this::slowly, Memo.builder().name("prices")).name()).isEqualTo("prices");
    assertThat(Memo.of(this::slowly, Cache.builder().name("sums").maximumSize(1)).name()).isEqualTo("sums");
  }

  private static List<Container> containers(String name) {
    return Containers.list().stream().filter(container -> container.name().equals(name)).toList();
  }

  @Test
  void invalidate_forgets_one_and_clear_all_and_unwrap_returns_the_function() {
    Function<Integer, String> function = this::slowly;
    Memo<Integer, String> memo = Memo.of(function);
    memo.apply(1);
    memo.apply(2);
    memo.invalidate(1);
    memo.apply(1);
    memo.apply(2);
    assertThat(calls.get()).isEqualTo(3);
    memo.clear();
    assertThat(memo.info().size()).isZero();
    memo.apply(1);
    memo.apply(2);
    assertThat(calls.get()).isEqualTo(5);
    assertThat(memo.unwrap()).isSameAs(function);
  }

  @Test
  void a_null_result_is_returned_and_forgotten_unless_nulls_are_cached() {
    Function<Integer, String> nothing = key -> {
      calls.incrementAndGet();
      return null;
    };
    Memo<Integer, String> forgetful = Memo.of(nothing);
    assertThat(forgetful.apply(1)).isNull();
    assertThat(forgetful.apply(1)).isNull();
    assertThat(forgetful.info()).isEqualTo(new MemoInfo(0, 2, 0, java.util.OptionalLong.of(128)));
    List<Object> told = new ArrayList<>();
    Memo<Integer, String> memo = Memo.of(nothing, Memo.builder(
        Cache.builder().maximumSize(2).removalListener((key, value, cause) -> told.add(value))).cacheNulls());
    assertThat(memo.apply(1)).isNull();
    assertThat(memo.apply(1)).isNull();
    assertThat(memo.info()).isEqualTo(new MemoInfo(1, 1, 1, java.util.OptionalLong.of(2)));
    memo.clear();
    assertThat(told).isEmpty();
    assertThat(memo.apply(1)).isNull();
    assertThat(calls.get()).isEqualTo(4);
  }

  @Test
  void nulls_go_with_no_option_that_would_have_to_judge_them() {
    assertThatIllegalStateException().isThrownBy(() -> Memo.of(this::slowly, Memo.builder(
        Cache.<Integer, String>builder().maximumWeight(10).weigher((k, v) -> v.length())).cacheNulls()))
        .withMessage("cacheNulls excludes a weigher, which cannot weigh a null: set maximumSize instead of maximumWeight");
    assertThatIllegalStateException().isThrownBy(() -> Memo.of(this::slowly, Memo.builder(
        Cache.<Integer, String>builder().expireAfter(leaksafe.cache.Expiry.creating((k, v) -> Duration.ofDays(1)))).cacheNulls()))
        .withMessageContaining("cacheNulls excludes expireAfter(Expiry)");
  }

  @Test
  void a_failure_is_thrown_and_forgotten_unless_failures_are_cached_for_a_time() {
    Function<Integer, String> failing = key -> {
      throw new IllegalArgumentException("no " + key + ", call " + calls.incrementAndGet());
    };
    Memo<Integer, String> forgetful = Memo.of(failing);
    assertThatThrownBy(() -> forgetful.apply(7)).hasMessage("no 7, call 1");
    assertThatThrownBy(() -> forgetful.apply(7)).hasMessage("no 7, call 2");
    assertThat(forgetful.info().size()).isZero();
    ManualTicker ticker = new ManualTicker();
    Memo<Integer, String> memo = Memo.of(failing, Memo.builder(
        Cache.builder().maximumSize(10).expireAfterWrite(Duration.ofHours(1)).ticker(ticker)).cacheFailures(Duration.ofSeconds(5)));
    assertThatThrownBy(() -> memo.apply(7)).hasMessage("no 7, call 3");
    assertThatThrownBy(() -> memo.apply(7)).hasMessage("no 7, call 3");
    assertThat(memo.info()).isEqualTo(new MemoInfo(1, 1, 1, java.util.OptionalLong.of(10)));
    assertThat(containers(memo.name())).singleElement().satisfies(container -> assertThat(container.bound())
        .isEqualTo("maximumSize 10, expireAfterWrite PT1H; failures: maximumSize 10, expireAfterWrite PT5S"));
    ticker.advance(Duration.ofSeconds(6));
    assertThatThrownBy(() -> memo.apply(7)).hasMessage("no 7, call 4");
    memo.invalidate(7);
    assertThatThrownBy(() -> memo.apply(7)).hasMessage("no 7, call 5");
    memo.clear();
    assertThatThrownBy(() -> memo.apply(7)).hasMessage("no 7, call 6");
    ticker.advance(Duration.ofSeconds(6));
    memo.cleanUp();
    assertThat(memo.info().size()).isZero();
  }

  @Test
  void failures_are_bounded_and_errors_are_never_remembered() {
    Memo<Integer, String> memo = Memo.of(key -> {
      throw new IllegalArgumentException("no " + key);
    }, Memo.builder().cacheFailures(Duration.ofHours(1)));
    for (int i = 0; i < 1000; i++) {
      int key = i;
      assertThatIllegalArgumentException().isThrownBy(() -> memo.apply(key));
    }
    assertThat(memo.info().size()).isEqualTo(128);
    Memo<Integer, String> failing = Memo.of(key -> {
      throw new AssertionError("call " + calls.incrementAndGet());
    }, Memo.builder().cacheFailures(Duration.ofHours(1)));
    assertThatThrownBy(() -> failing.apply(1)).hasMessage("call 1");
    assertThatThrownBy(() -> failing.apply(1)).hasMessage("call 2");
    assertThat(failing.info().size()).isZero();
  }

  @Test
  void a_failure_of_a_call_that_began_before_an_invalidation_is_not_remembered() throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    Memo<Integer, String> memo = Memo.of(key -> {
      if (calls.incrementAndGet() == 1) {
        running.countDown();
        await(go);
        throw new IllegalArgumentException("stale");
      }
      return "fresh";
    }, Memo.builder().cacheFailures(Duration.ofHours(1)));
    Future<String> first = threads.submit(() -> memo.apply(1));
    running.await();
    memo.invalidate(1);
    go.countDown();
    assertThatThrownBy(() -> first.get(30, TimeUnit.SECONDS)).hasRootCauseMessage("stale");
    assertThat(memo.apply(1)).isEqualTo("fresh");
  }

  @Test
  void wrong_lifetimes_of_failures_and_options_for_instances_are_refused() {
    assertThatIllegalArgumentException().isThrownBy(() -> Memo.builder().cacheFailures(Duration.ZERO))
        .withMessage("cacheFailures must be longer than 0 and at most 24 hours, but was PT0S");
    assertThatIllegalArgumentException().isThrownBy(() -> Memo.builder().cacheFailures(Duration.ofDays(2)))
        .withMessageContaining("PT48H");
    assertThatIllegalStateException().isThrownBy(() -> Memo.of(this::slowly, Memo.builder().onCycle(leaksafe.registry.CyclePolicy.WARN)))
        .withMessageContaining("onCycle is for memos that are made with perInstance");
    assertThatNullPointerException().isThrownBy(() -> Memo.of((Function<Integer, String>) null)).withMessage("function");
    assertThatNullPointerException().isThrownBy(() -> Memo.of(this::slowly).apply(null)).withMessage("key");
  }

  @Test
  void threads_that_want_one_key_share_one_call_which_counts_one_miss() throws Exception {
    CyclicBarrier start = new CyclicBarrier(8);
    Memo<Integer, String> memo = Memo.of(this::slowly);
    List<Future<String>> all = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      all.add(threads.submit(() -> {
        start.await();
        return memo.apply(1);
      }));
    }
    for (Future<String> one : all) {
      assertThat(one.get(30, TimeUnit.SECONDS)).isEqualTo("v1");
    }
    assertThat(calls.get()).isEqualTo(1);
    assertThat(memo.info().hits()).isEqualTo(7);
    assertThat(memo.info().misses()).isEqualTo(1);
  }

  @Test
  void recursion_computes_a_key_once_but_for_what_was_evicted_while_the_memo_learned() {
    Memo<Integer, BigInteger> memo = fibonacci(calls);
    assertThat(memo.apply(300)).isEqualTo(fibonacci(300));
    assertThat(calls.get()).isLessThan(2 * 301);
    calls.set(0);
    Memo<Integer, BigInteger> roomy = Memo.of(memo.unwrap(), Cache.builder().maximumSize(1000));
    assertThat(roomy.apply(301)).isEqualTo(fibonacci(301));
    assertThat(calls.get()).isLessThan(301);
  }

  @Test
  void recursion_goes_as_deep_as_the_stack() throws Exception {
    Memo<Integer, BigInteger> memo = fibonacci(calls);
    AtomicReference<BigInteger> result = new AtomicReference<>();
    Thread deep = new Thread(null, () -> result.set(memo.apply(10_000)), "deep", 1L << 30);
    deep.start();
    deep.join(60_000);
    assertThat(result.get()).isEqualTo(fibonacci(10_000));
    assertThat(calls.get()).isLessThan(20_000);
  }

  @Test
  void by_steps_it_goes_as_far_as_one_likes() {
    Memo<Integer, BigInteger> memo = fibonacci(calls);
    for (int i = 0; i <= 10_000; i += 50) {
      memo.apply(i);
    }
    assertThat(memo.apply(10_000)).isEqualTo(fibonacci(10_000));
  }

  @Test
  void a_true_cycle_is_an_error_that_names_the_keys() {
    AtomicReference<Memo<String, String>> self = new AtomicReference<>();
    self.set(Memo.of(key -> self.get().apply(key.equals("a") ? "b" : key.equals("b") ? "c" : "a")));
    assertThatIllegalStateException().isThrownBy(() -> self.get().apply("a"))
        .withMessageContaining("a value depends on itself: a -> b -> c -> a");
    assertThat(self.get().info().size()).isZero();
  }

  @Test
  void a_cycle_across_threads_and_memos_is_an_error_too() throws Exception {
    CountDownLatch both = new CountDownLatch(2);
    AtomicReference<Memo<String, String>> right = new AtomicReference<>();
    Memo<String, String> left = Memo.of(key -> {
      both.countDown();
      await(both);
      return right.get().apply("right");
    });
    right.set(Memo.of(key -> {
      both.countDown();
      await(both);
      return left.apply("left");
    }));
    Future<String> one = threads.submit(() -> left.apply("left"));
    Future<String> other = threads.submit(() -> right.get().apply("right"));
    List<Throwable> failures = new ArrayList<>();
    for (Future<String> each : List.of(one, other)) {
      try {
        each.get(30, TimeUnit.SECONDS);
      } catch (java.util.concurrent.ExecutionException e) {
        failures.add(e.getCause());
      }
    }
    assertThat(failures).anySatisfy(e -> assertThat(e).isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("depends on itself"));
  }

  @Test
  void an_interrupt_does_not_end_a_wait_and_is_kept() throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    Memo<Integer, String> memo = Memo.of(key -> {
      running.countDown();
      await(go);
      return "v";
    });
    threads.submit(() -> memo.apply(1));
    running.await();
    Future<Boolean> interrupted = threads.submit(() -> {
      Thread.currentThread().interrupt();
      memo.apply(1);
      return Thread.interrupted();
    });
    go.countDown();
    assertThat(interrupted.get(30, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void a_supplier_is_asked_once_and_after_its_time_again() {
    ManualTicker ticker = new ManualTicker();
    Supplier<Integer> supplier = calls::incrementAndGet;
    SupplierMemo<Integer> memo = Memo.ofSupplier(supplier);
    assertThat(List.of(memo.get(), memo.get())).containsExactly(1, 1);
    assertThat(memo.info().maximum()).hasValue(1);
    memo.clear();
    assertThat(memo.get()).isEqualTo(2);
    assertThat(memo.unwrap()).isSameAs(supplier);
    SupplierMemo<Integer> timed = Memo.ofSupplier(supplier, Memo.builder(
        Cache.builder().expireAfterWrite(Duration.ofMinutes(1)).ticker(ticker)));
    assertThat(timed.get()).isEqualTo(3);
    assertThat(timed.get()).isEqualTo(3);
    ticker.advance(Duration.ofMinutes(2));
    timed.cleanUp();
    assertThat(timed.info().size()).isZero();
    assertThat(timed.get()).isEqualTo(4);
    assertThat(containers(timed.name())).singleElement().matches(container -> container.kind().equals("memo"));
  }

  @Test
  void what_expired_is_let_go_though_nobody_calls() {
    Memo<Integer, String> memo = Memo.of(key -> "v" + key, Memo.builder(Cache.builder().expireAfterWrite(Duration.ofMillis(20))));
    memo.apply(1);
    Gc.awaitWithoutGc("the result let go", () -> memo.info().size() == 0);
  }

  @Test
  void groups_cannot_be_told_of_nulls() {
    CacheBuilder<Integer, String> grouped = Cache.<Integer, String>builder().maximumSize(10).groups((key, value) -> List.of(value));
    assertThatIllegalStateException().isThrownBy(() -> Memo.of((Integer key) -> "v", Memo.builder(grouped).cacheNulls()))
        .withMessage("cacheNulls excludes groups, which cannot be told of a null: let the function return an Optional");
  }

  @Test
  void a_supplier_that_needs_itself_is_an_error() {
    AtomicReference<SupplierMemo<Integer>> self = new AtomicReference<>();
    self.set(Memo.ofSupplier(() -> self.get().get()));
    assertThatIllegalStateException().isThrownBy(() -> self.get().get()).withMessageContaining("depends on itself");
  }

  @Test
  void two_arguments_make_one_key_in_their_order() {
    BiMemo<Integer, Integer, String> memo = Memo.ofBiFunction((a, b) -> calls.incrementAndGet() + ": " + a + ", " + b);
    assertThat(memo.apply(1, 2)).isEqualTo("1: 1, 2");
    assertThat(memo.apply(2, 1)).isEqualTo("2: 2, 1");
    assertThat(memo.apply(1, 2)).isEqualTo("1: 1, 2");
    memo.invalidate(1, 2);
    assertThat(memo.apply(1, 2)).isEqualTo("3: 1, 2");
    assertThat(memo.apply(2, 1)).isEqualTo("2: 2, 1");
    memo.clear();
    assertThat(memo.info()).isEqualTo(new MemoInfo(2, 3, 0, java.util.OptionalLong.of(128)));
    assertThatNullPointerException().isThrownBy(() -> memo.apply(1, null)).withMessage("second");
    BiMemo<Integer, Integer, String> small = Memo.ofBiFunction((a, b) -> "x", Memo.builder(Cache.builder().maximumSize(2)));
    Set<Integer> firsts = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      firsts.add(i);
      small.apply(i, 0);
    }
    assertThat(small.info().size()).isEqualTo(2);
  }

  @Test
  void virtual_threads_wait_for_each_other_without_holding_their_carriers() throws Exception {
    ExecutorService virtual = VirtualThreads.executor();
    CountDownLatch go = new CountDownLatch(1);
    Memo<Integer, String> memo = Memo.of(key -> {
      await(go);
      return slowly(key);
    });
    List<Future<String>> all = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      int key = i % 20;
      all.add(virtual.submit(() -> memo.apply(key)));
    }
    virtual.submit(go::countDown); // never runs if the waiting ones hold all carriers
    for (Future<String> one : all) {
      assertThat(one.get(30, TimeUnit.SECONDS)).startsWith("v");
    }
    assertThat(calls.get()).isEqualTo(20);
    assertThat(memo.info().hits() + memo.info().misses()).isEqualTo(200);
    virtual.shutdown();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
