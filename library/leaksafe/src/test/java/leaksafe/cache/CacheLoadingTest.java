package leaksafe.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import leaksafe.RemovalCause;
import leaksafe.cache.internal.Verify;
import leaksafe.registry.WeakRegistry;
import leaksafe.testing.VirtualThreads;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CacheLoadingTest {
  private final List<String> told = new ArrayList<>();
  private final Cache<String, String> cache = Cache.builder().maximumSize(100)
      .removalListener((String key, String value, RemovalCause cause) -> told.add(key + "=" + value + " " + cause)).recordStats().build();
  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void stop() {
    threads.shutdownNow();
    Verify.structure(cache);
  }

  @Test
  void a_value_is_loaded_once_for_all_who_ask_at_the_same_time() throws Exception {
    CountDownLatch loading = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    AtomicInteger loads = new AtomicInteger();
    Function<String, String> loader = key -> {
      loads.incrementAndGet();
      loading.countDown();
      await(go);
      return "v";
    };
    Future<String> first = threads.submit(() -> cache.get("k", loader));
    loading.await();
    List<Future<String>> others = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      others.add(threads.submit(() -> cache.get("k", loader)));
    }
    assertThat(cache.getIfPresent("k")).isNull();
    cache.put("other", "not held up");
    assertThat(cache.get("third", key -> "nor this")).isEqualTo("nor this");
    go.countDown();
    assertThat(first.get()).isEqualTo("v");
    for (Future<String> other : others) {
      assertThat(other.get()).isEqualTo("v");
    }
    assertThat(loads).hasValue(1);
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void a_loader_that_throws_leaves_nothing_behind_and_the_next_one_is_asked() {
    assertThatThrownBy(() -> cache.get("k", key -> {
      throw new IllegalStateException("on purpose");
    })).hasMessage("on purpose");
    assertThat(cache.asMap()).isEmpty();
    assertThat(cache.get("k", key -> null)).isNull();
    assertThat(cache.get("k", key -> "v")).isEqualTo("v");
    assertThat(cache.stats().loadFailureCount()).isEqualTo(2);
    assertThat(cache.stats().loadSuccessCount()).isEqualTo(1);
    assertThat(cache.stats().missCount()).isEqualTo(3);
    assertThat(cache.stats().totalLoadTime()).isPositive();
  }

  @Test
  void one_who_waited_for_a_loader_that_threw_tries_his_own() throws Exception {
    CountDownLatch loading = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    Future<String> first = threads.submit(() -> cache.get("k", key -> {
      loading.countDown();
      await(go);
      throw new IllegalStateException("on purpose");
    }));
    loading.await();
    Future<String> second = threads.submit(() -> cache.get("k", key -> "mine"));
    go.countDown();
    assertThatThrownBy(first::get).hasRootCauseMessage("on purpose");
    assertThat(second.get()).isEqualTo("mine");
  }

  @Test
  void loaders_may_load_other_keys_as_deep_as_the_stack_allows() {
    Cache<Integer, Long> fibonacci = Cache.builder().maximumSize(1000).build();
    assertThat(fib(fibonacci, 90)).isEqualTo(2880067194370816120L);
    Verify.structure(fibonacci);
  }

  private static Long fib(Cache<Integer, Long> cache, int n) {
    return cache.get(n, key -> key < 2 ? (long) key : fib(cache, key - 1) + fib(cache, key - 2));
  }

  @Test
  void a_key_that_needs_itself_is_told_the_chain_of_keys() {
    assertThatThrownBy(() -> cache.get("a", a -> cache.get("b", b -> cache.get("c", c -> cache.get("a", again -> "never")))))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("a value depends on itself: a -> b -> c -> a; a loader must not need, directly or through others, the key that it loads");
    assertThat(cache.asMap()).isEmpty();
    assertThatThrownBy(() -> cache.get("a", a -> cache.asMap().compute("a", (key, value) -> "never"))).hasMessageContaining("a -> a;");
    assertThat(cache.get("a", key -> "now")).isEqualTo("now");
  }

  @Test
  void a_cycle_through_two_threads_fails_instead_of_hanging() throws Exception {
    CountDownLatch both = new CountDownLatch(2);
    Function<String, Function<String, String>> needs = other -> key -> {
      both.countDown();
      await(both);
      return cache.get(other, k -> "leaf");
    };
    Future<String> one = threads.submit(() -> cache.get("a", needs.apply("b")));
    Future<String> two = threads.submit(() -> cache.get("b", needs.apply("a")));
    List<String> messages = new ArrayList<>();
    for (Future<String> future : List.of(one, two)) {
      try {
        messages.add(future.get(30, TimeUnit.SECONDS));
      } catch (ExecutionException e) {
        messages.add(e.getCause().getMessage());
      }
    }
    // Whoever closed the cycle fails; the other then loads that key by itself.
    assertThat(messages).anyMatch(message -> message.contains("a -> b -> a") || message.contains("b -> a -> b"));
    assertThat(messages).contains("leaf");
  }

  @Test
  void a_cycle_through_a_cache_and_a_registry_fails_instead_of_hanging() throws Exception {
    WeakRegistry<Object, String> registry = WeakRegistry.<Object, String>builder().name("registry").build();
    Object owner = new Object();
    CountDownLatch both = new CountDownLatch(2);
    Future<String> one = threads.submit(() -> cache.get("a", key -> {
      both.countDown();
      await(both);
      return registry.computeIfAbsent(owner, o -> "leaf");
    }));
    Future<String> two = threads.submit(() -> registry.computeIfAbsent(owner, o -> {
      both.countDown();
      await(both);
      return cache.get("a", key -> "leaf");
    }));
    List<String> ends = new ArrayList<>();
    for (Future<String> future : List.of(one, two)) {
      try {
        ends.add(future.get(30, TimeUnit.SECONDS));
      } catch (ExecutionException e) {
        ends.add(e.getCause().getMessage());
      }
    }
    assertThat(ends).contains("leaf").anyMatch(message -> message.contains("a value depends on itself: a -> a java.lang.Object in registry -> a;") || message.contains("by way of thread"));
  }

  @Test
  void an_invalidation_during_a_load_keeps_its_value_out() {
    String loaded = cache.get("k", key -> {
      cache.invalidate("k");
      return "stale";
    });
    assertThat(loaded).isEqualTo("stale");
    assertThat(cache.asMap()).isEmpty();
    assertThat(told).containsExactly("k=stale EXPLICIT");
    cache.get("k", key -> {
      cache.invalidateAll();
      return "stale too";
    });
    assertThat(cache.asMap()).isEmpty();
  }

  @Test
  void a_put_during_a_load_or_a_computation_wins_at_once() {
    assertThat(cache.get("k", key -> {
      cache.put("k", "put");
      assertThat(cache.getIfPresent("k")).isEqualTo("put");
      return "loaded";
    })).isEqualTo("loaded");
    assertThat(cache.getIfPresent("k")).isEqualTo("put");
    assertThat(told).containsExactly("k=loaded REPLACED");
    cache.asMap().compute("k", (key, old) -> {
      assertThat(cache.getIfPresent("k")).isEqualTo("put");
      cache.put("k", "put again");
      return "computed";
    });
    assertThat(cache.getIfPresent("k")).isEqualTo("put again");
    assertThat(told).containsExactly("k=loaded REPLACED", "k=put REPLACED", "k=computed REPLACED");
  }

  @Test
  void a_computation_that_throws_leaves_the_value_as_it_was() {
    cache.put("k", "v");
    assertThatThrownBy(() -> cache.asMap().computeIfPresent("k", (key, value) -> {
      throw new IllegalStateException("on purpose");
    })).hasMessage("on purpose");
    assertThat(cache.getIfPresent("k")).isEqualTo("v");
    assertThat(cache.asMap().computeIfPresent("k", (key, value) -> null)).isNull();
    assertThat(told).containsExactly("k=v EXPLICIT");
  }

  @Test
  void the_absent_keys_are_loaded_in_one_call() {
    cache.put("a", "1");
    List<Set<? extends String>> asked = new ArrayList<>();
    Map<String, String> all = cache.getAll(List.of("c", "a", "b", "missing", "a"), keys -> {
      asked.add(keys);
      return Map.of("b", "2", "c", "3", "extra", "4");
    });
    assertThat(all).containsExactly(Map.entry("c", "3"), Map.entry("a", "1"), Map.entry("b", "2"));
    assertThat(asked).containsExactly(Set.of("b", "c", "missing"));
    assertThat(cache.asMap()).containsOnlyKeys("a", "b", "c", "extra");
    assertThat(cache.getAllPresent(List.of("extra", "missing", "a"))).containsExactly(Map.entry("extra", "4"), Map.entry("a", "1"));
    assertThatThrownBy(() -> cache.getAll(List.of("x"), keys -> {
      throw new IllegalStateException("on purpose");
    })).hasMessage("on purpose");
    assertThatThrownBy(() -> cache.getAll(List.of("x"), keys -> null)).hasMessage("the bulk loader returned null");
    assertThat(cache.get("x", key -> "free again")).isEqualTo("free again");
  }

  @Test
  void bulk_loads_that_overlap_wait_for_each_other_and_load_each_key_once() throws Exception {
    // Many times: a waiter that has not woken yet once looked as if it still waited, which closed a cycle that was none.
    for (int round = 0; round < 500; round++) {
      cache.invalidateAll();
      overlappingBulkLoads();
    }
  }

  private void overlappingBulkLoads() throws Exception {
    Map<String, AtomicInteger> loads = new ConcurrentHashMap<>();
    List<Future<Map<String, String>>> results = new ArrayList<>();
    List<String> keys = List.of("a", "b", "c", "d");
    for (int i = 0; i < 8; i++) {
      List<String> mine = new ArrayList<>(keys);
      Collections.rotate(mine, i);
      results.add(threads.submit(() -> cache.getAll(mine.subList(0, 3), absent -> {
        Map<String, String> loaded = new HashMap<>();
        for (String key : absent) {
          loads.computeIfAbsent(key, k -> new AtomicInteger()).incrementAndGet();
          loaded.put(key, "v" + key);
        }
        return loaded;
      })));
    }
    for (Future<Map<String, String>> result : results) {
      assertThat(result.get()).hasSize(3).allSatisfy((key, value) -> assertThat(value).isEqualTo("v" + key));
    }
    assertThat(loads.values()).allSatisfy(count -> assertThat(count).hasValue(1));
  }

  @Test
  void waiting_keeps_the_interrupt_for_later() throws Exception {
    CountDownLatch loading = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    threads.submit(() -> cache.get("k", key -> {
      loading.countDown();
      await(go);
      return "v";
    }));
    loading.await();
    Future<Boolean> interrupted = threads.submit(() -> {
      Thread.currentThread().interrupt();
      assertThat(cache.get("k", key -> "mine")).isEqualTo("v");
      return Thread.interrupted();
    });
    go.countDown();
    assertThat(interrupted.get()).isTrue();
  }

  @Test
  void tens_of_thousands_of_keys_are_loaded_in_one_call_in_the_time_that_their_number_takes() {
    Set<String> keys = IntStream.range(0, 200_000).mapToObj(i -> "key " + i).collect(Collectors.toSet());
    Cache<String, String> small = Cache.builder().maximumSize(100).build();
    assertThat(small.getAll(keys, absent -> absent.stream().collect(Collectors.toMap(key -> key, key -> key)))).hasSameSizeAs(keys);
    Verify.structure(small);
  }

  @Test
  void a_bulk_loader_may_return_less_more_or_else_and_what_it_must_not_is_told() {
    Set<String> keys = Set.of("a", "b");
    assertThat(cache.getAll(keys, absent -> Map.of("a", "1", "x", "9"))).containsExactly(Map.entry("a", "1"));
    assertThat(cache.asMap()).containsOnly(Map.entry("a", "1"), Map.entry("x", "9"));
    assertThatThrownBy(() -> cache.getAll(keys, absent -> null)).isInstanceOf(NullPointerException.class).hasMessage("the bulk loader returned null");
    assertThatThrownBy(() -> cache.getAll(keys, absent -> Collections.singletonMap("b", null)))
        .isInstanceOf(NullPointerException.class).hasMessage("the bulk loader returned a null value");
    assertThatThrownBy(() -> cache.getAll(keys, absent -> {
      throw new IllegalStateException("fails on purpose");
    })).hasMessage("fails on purpose");
    assertThatThrownBy(() -> cache.getAll(keys, absent -> {
      absent.clear();
      return Map.of();
    })).isInstanceOf(UnsupportedOperationException.class);
    assertThat(cache.getAll(keys, absent -> Map.of())).containsExactly(Map.entry("a", "1"));
    assertThat(cache.get("b", key -> "2")).as("nothing is left of the loads that failed").isEqualTo("2");
  }

  /** Whose identifier is beyond the first two billion, as it is after so many virtual threads. */
  private static final class Late extends Thread {
    Late(Runnable work) {
      super(work);
    }

    @Override
    @SuppressWarnings("deprecation") // by the newer JDK
    public long getId() {
      return 0x8000_0001L;
    }
  }

  @Test
  void a_thread_that_comes_after_two_billion_others_may_load() throws Exception {
    Late late = new Late(() -> cache.get("k", key -> "v"));
    late.start();
    late.join();
    assertThat(cache.getIfPresent("k")).isEqualTo("v");
  }

  @Test
  void an_expiry_that_fails_while_a_put_takes_the_place_of_a_computation_leaves_no_key_that_hangs() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    Expiry<Integer, Integer> expiry = new Expiry<>() {
      @Override
      public long expireAfterCreate(Integer key, Integer value, long now) {
        return Long.MAX_VALUE;
      }

      @Override
      public long expireAfterUpdate(Integer key, Integer value, long now, long current) {
        if (value == 1000 && asked.incrementAndGet() > 1) {
          throw new IllegalStateException("fails on purpose");
        }
        return current;
      }
    };
    Cache<Integer, Integer> weighed = Cache.builder().maximumWeight(1024).weigher((Integer key, Integer value) -> value).expireAfter(expiry).build();
    int reached = 0;
    for (int key = 0; key < 100; key++) { // some of which find nothing to evict in their segment, and so try a second time
      weighed.invalidateAll();
      weighed.put(key, 1);
      for (int other = 1; other < 51; other++) {
        weighed.put(1000 + key + other * 7, 20);
      }
      asked.set(0);
      reached += putDuringAComputation(weighed, key) ? 1 : 0;
      assertThat(weighed.get(key, k -> 7)).isIn(1, 2, 7, 1000);
      Verify.structure(weighed);
    }
    assertThat(reached).as("puts that tried twice").isPositive();
  }

  private boolean putDuringAComputation(Cache<Integer, Integer> weighed, int key) throws Exception {
    CountDownLatch computing = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    Future<Integer> computation = threads.submit(() -> weighed.asMap().compute(key, (k, old) -> {
      computing.countDown();
      await(go);
      return 2;
    }));
    computing.await();
    boolean failed = false;
    try {
      weighed.put(key, 1000);
    } catch (IllegalStateException e) {
      failed = true;
    }
    go.countDown();
    computation.get();
    return failed;
  }

  @Test
  void virtual_threads_load_and_wait_without_holding_their_carriers() throws Exception {
    ExecutorService virtual = VirtualThreads.executor();
    CountDownLatch go = new CountDownLatch(1);
    List<Future<String>> all = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      String key = "k" + i % 20;
      all.add(virtual.submit(() -> cache.get(key, k -> {
        await(go);
        return "v" + k;
      })));
    }
    all.add(virtual.submit(() -> {
      go.countDown(); // never runs if the waiting ones hold all carriers
      return "vgo";
    }));
    for (Future<String> one : all) {
      assertThat(one.get(30, TimeUnit.SECONDS)).startsWith("v");
    }
    virtual.shutdown();
  }
}
