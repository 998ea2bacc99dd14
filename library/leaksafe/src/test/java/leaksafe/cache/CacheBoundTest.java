package leaksafe.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import leaksafe.Failure;
import leaksafe.RemovalCause;
import leaksafe.cache.internal.Settings;
import leaksafe.cache.internal.Verify;
import leaksafe.testing.Gc;
import leaksafe.testing.Seeded;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class CacheBoundTest {

  @Test
  void what_fits_is_never_evicted() {
    for (int size : new int[] {1, 2, 10, 500, 5000, 100_000}) {
      Cache<Integer, Integer> cache = Cache.builder().maximumSize(size).build();
      for (int round = 0; round < 3; round++) {
        for (int i = 0; i < size; i++) {
          cache.put(i * 7919, i);
        }
      }
      assertThat(cache.estimatedSize()).isEqualTo(size);
      for (int i = 0; i < size; i++) {
        assertThat(cache.getIfPresent(i * 7919)).isEqualTo(i);
      }
      Verify.structure(cache);
    }
  }

  @Test
  void a_huge_maximum_costs_nothing() {
    Cache<Integer, Integer> cache = Cache.builder().maximumSize(Long.MAX_VALUE).build();
    for (int i = 0; i < 10_000; i++) {
      cache.put(i, i);
    }
    assertThat(cache.estimatedSize()).isEqualTo(10_000);
    Verify.structure(cache);
  }

  @Test
  void lru_is_exact_for_one_thread() {
    Seeded.check(30, random -> {
      int size = 1 + random.nextInt(20);
      Cache<Integer, Integer> cache = Cache.builder().maximumSize(size).eviction(Eviction.LRU).build();
      Map<Integer, Integer> model = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, Integer> eldest) {
          return size() > size;
        }
      };
      for (int i = 0; i < 3000; i++) {
        int key = random.nextInt(30);
        switch (random.nextInt(4)) {
          case 0 -> {
            cache.put(key, i);
            model.put(key, i);
          }
          case 1 -> assertThat(cache.asMap().remove(key)).isEqualTo(model.remove(key));
          default -> assertThat(cache.getIfPresent(key)).isEqualTo(model.get(key));
        }
        assertThat(cache.estimatedSize()).isEqualTo(model.size());
      }
      assertThat(cache.policy().coldest(100).keySet()).containsExactlyElementsOf(model.keySet());
      Verify.structure(cache);
    });
  }

  @Test
  void fifo_evicts_the_oldest_however_much_it_is_used() {
    Cache<Integer, Integer> cache = Cache.builder().maximumSize(3).eviction(Eviction.FIFO).build();
    for (int i = 0; i < 3; i++) {
      cache.put(i, i);
    }
    cache.put(0, -1);
    assertThat(cache.getIfPresent(0)).isEqualTo(-1);
    assertThat(cache.policy().coldest(2)).containsExactly(Map.entry(0, -1), Map.entry(1, 1));
    assertThat(cache.policy().hottest(1)).containsExactly(Map.entry(2, 2));
    cache.put(3, 3);
    assertThat(cache.asMap()).containsOnlyKeys(1, 2, 3);
    assertThat(cache.policy().eviction()).isEqualTo(Eviction.FIFO);
  }

  @Test
  void a_scan_does_not_wash_out_what_is_used_again_and_again() {
    Cache<Integer, Integer> cache = Cache.builder().maximumSize(100).build();
    int hits = 0;
    for (int round = 0; round < 200; round++) {
      for (int hot = 0; hot < 50; hot++) {
        if (cache.getIfPresent(hot) != null) {
          hits++;
        } else {
          cache.put(hot, hot);
        }
      }
      for (int cold = 0; cold < 200; cold++) {
        cache.put(1_000_000 + round * 200 + cold, cold);
      }
    }
    assertThat(hits).as("of 10000; LRU has none").isGreaterThan(8000);
    assertThat(cache.policy().hottest(30).keySet()).filteredOn(key -> key < 50).hasSizeGreaterThan(25);
  }

  @Test
  void weights_are_exact_over_random_operations_with_a_weigher_that_throws() {
    Seeded.check(40, random -> {
      long maximum = 1 + random.nextInt(2000);
      Map<Integer, Integer> live = new HashMap<>();
      Cache<Integer, Integer> cache = Cache.builder().maximumWeight(maximum).weigher((Integer key, Integer weight) -> {
        if (weight < 0) {
          throw new IllegalStateException("a weigher that fails on purpose");
        }
        return weight;
      }).removalListener((Integer key, Integer value, RemovalCause cause) -> {
        if (cause != RemovalCause.REPLACED && live.get(key) == value) {
          live.remove(key);
        }
      }).build();
      for (int i = 0; i < 2000; i++) {
        int key = random.nextInt(50);
        Integer weight = new Integer[] {random.nextInt(40), random.nextInt((int) maximum + 10), 0, -1}[random.nextInt(4)];
        try {
          if (random.nextBoolean()) {
            live.put(key, weight);
            cache.put(key, weight);
          } else if (random.nextBoolean()) {
            cache.asMap().compute(key, (k, old) -> {
              live.put(k, weight);
              return weight;
            });
          } else {
            cache.invalidate(key);
          }
        } catch (IllegalStateException e) {
          assertThat(e).hasMessage("a weigher that fails on purpose");
          Integer still = cache.getIfPresent(key);
          if (still == null) {
            live.remove(key);
          } else {
            live.put(key, still);
          }
        }
        long sum = live.values().stream().mapToLong(Integer::longValue).sum();
        assertThat(cache.policy().weightedSize()).hasValue(sum);
        assertThat(sum).isLessThanOrEqualTo(maximum);
      }
      assertThat(cache.asMap()).isEqualTo(live);
      Verify.structure(cache);
    });
  }

  @Test
  void what_is_heavier_than_the_maximum_is_not_stored_and_the_listener_is_told() {
    List<String> told = new ArrayList<>();
    Cache<String, Integer> cache = Cache.builder().maximumWeight(10).weigher((String key, Integer value) -> value)
        .removalListener((String key, Integer value, RemovalCause cause) -> told.add(key + value + cause)).build();
    cache.put("a", 5);
    cache.put("b", 11);
    assertThat(cache.asMap()).containsOnlyKeys("a");
    cache.put("a", 12);
    assertThat(cache.asMap()).isEmpty();
    assertThat(told).containsExactly("b11SIZE", "a5REPLACED", "a12SIZE");
    assertThatThrownBy(() -> Cache.builder().maximumWeight(10).weigher((k, v) -> -3).build().put("a", "b"))
        .isInstanceOf(IllegalArgumentException.class).hasMessage("a weight must be at least 0, but the weigher returned -3");
  }

  @Test
  void the_maximum_changes_at_run_time() {
    Cache<Integer, Integer> cache = Cache.builder().maximumSize(10_000).build();
    for (int i = 0; i < 10_000; i++) {
      cache.put(i, i);
    }
    cache.policy().setMaximum(100);
    assertThat(cache.estimatedSize()).isEqualTo(100);
    for (int i = 0; i < 1000; i++) {
      cache.put(i, i);
      assertThat(cache.estimatedSize()).isLessThanOrEqualTo(100);
    }
    Verify.structure(cache);
    cache.policy().setMaximum(5000);
    for (int i = 0; i < 5000; i++) {
      cache.put(i, i);
    }
    assertThat(cache.estimatedSize()).isEqualTo(5000);
    assertThat(cache.policy().maximum()).hasValue(5000);
    assertThatThrownBy(() -> cache.policy().setMaximum(0)).hasMessage("maximum must be at least 1, but was 0");
    assertThatThrownBy(() -> Cache.builder().unbounded().build().policy().setMaximum(1)).isInstanceOf(IllegalStateException.class);
    Verify.structure(cache);
  }

  @Test
  void a_maximum_that_changes_holds_while_others_write_and_they_go_on() throws Exception {
    Cache<Integer, Integer> cache = Cache.builder().maximumSize(5_000).build();
    AtomicBoolean done = new AtomicBoolean();
    ExecutorService writers = Executors.newFixedThreadPool(2);
    try {
      List<Future<Integer>> all = new ArrayList<>();
      for (int t = 0; t < 2; t++) {
        int first = t * 1_000_000;
        all.add(writers.submit(() -> {
          int key = first;
          while (!done.get()) {
            cache.put(key++, key);
            cache.asMap().remove(key - 100);
          }
          return key - first;
        }));
      }
      SplittableRandom random = new SplittableRandom(1);
      for (int i = 0; i < 2_000; i++) {
        int maximum = 1 + random.nextInt(random.nextBoolean() ? 10 : 5_000);
        cache.policy().setMaximum(maximum);
        for (int look = 0; look < 20; look++) {
          assertThat(cache.estimatedSize()).isLessThanOrEqualTo(maximum);
        }
      }
      done.set(true);
      for (Future<Integer> writer : all) {
        assertThat(writer.get()).isPositive();
      }
    } finally {
      done.set(true);
      writers.shutdown();
    }
    Verify.structure(cache);
  }

  @Test
  void a_maximum_that_is_lowered_during_a_computation_holds_in_the_end() {
    Cache<Integer, Integer> cache = Cache.builder().maximumSize(2).build();
    cache.put(1, 1);
    cache.put(2, 2);
    cache.asMap().compute(1, (key, value) -> {
      cache.asMap().compute(2, (other, otherValue) -> {
        cache.policy().setMaximum(1);
        return 20;
      });
      cache.put(3, 3);
      return 10;
    });
    cache.put(4, 4);
    cache.put(5, 5);
    assertThat(cache.estimatedSize()).isEqualTo(1);
    Verify.structure(cache);
  }

  /** A key whose hash code is the same for all. */
  record Colliding(int id) {
    @Override
    public int hashCode() {
      return 42;
    }
  }

  @Test
  void a_million_keys_with_one_hash_code_do_not_make_it_unusable() {
    AtomicReference<Failure> told = new AtomicReference<>();
    Cache<Colliding, Integer> cache = Cache.builder().maximumSize(100_000).failureListener(told::set).build();
    for (int i = 0; i < 1_000_000; i++) {
      cache.put(new Colliding(i), i);
    }
    assertThat(cache.getIfPresent(new Colliding(999_999))).isEqualTo(999_999);
    assertThat(cache.estimatedSize()).isBetween(1L, 64L);
    assertThat(told.get().toString()).contains("more than 64 keys have the same hashCode");
    Verify.structure(cache);
  }

  @Test
  void without_a_maximum_a_few_hundred_keys_with_one_hash_code_stay_and_more_do_not_hang() {
    AtomicReference<Failure> told = new AtomicReference<>();
    Cache<Colliding, Integer> cache = Cache.builder().unbounded().failureListener(told::set).build();
    for (int i = 0; i < 500; i++) {
      cache.put(new Colliding(i), i);
    }
    assertThat(cache.estimatedSize()).isEqualTo(500);
    assertThat(told.get().toString()).contains("more than 64 keys have the same hashCode");
    for (int i = 500; i < 10_000; i++) {
      cache.put(new Colliding(i), i);
    }
    assertThat(cache.estimatedSize()).isEqualTo(512);
    assertThat(cache.getIfPresent(new Colliding(9_999))).isEqualTo(9_999);
    assertThat(cache.getIfPresent(new Colliding(0))).isNull();
    Verify.structure(cache);
  }

  /** A key that may change. */
  static final class Mutable {
    int id;

    Mutable(int id) {
      this.id = id;
    }

    @Override
    public int hashCode() {
      return id;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Mutable that && that.id == id;
    }
  }

  @Test
  void a_key_whose_hash_code_changed_is_reported_by_its_class() {
    AtomicReference<Failure> told = new AtomicReference<>();
    Cache<Mutable, Integer> cache = Cache.builder().maximumSize(1000).failureListener(told::set).build();
    for (int i = 0; i < 5000; i++) {
      Mutable key = new Mutable(i);
      cache.put(key, i);
      key.id = -i;
    }
    assertThat(cache.estimatedSize()).isEqualTo(1000);
    assertThat(told.get().toString()).contains("the hashCode of a leaksafe.cache.CacheBoundTest$Mutable changed or throws since it was put as a key");
    Verify.structure(cache);
  }

  /** Of all equal hash codes, so that its like is asked whether they are equal, which then uses the cache. */
  private static final class Meddler {
    private final Runnable meddling;

    Meddler(Runnable meddling) {
      this.meddling = meddling;
    }

    @Override
    public int hashCode() {
      return 7;
    }

    @Override
    public boolean equals(Object other) {
      if (other != this) {
        meddling.run();
      }
      return other == this;
    }
  }

  @Test
  @Timeout(30)
  void an_equals_that_uses_the_cache_gets_an_error_and_not_a_hang() {
    Cache<Object, String> cache = Cache.builder().maximumSize(100).build();
    Meddler first = new Meddler(() -> {});
    cache.put(first, "first");
    assertThatThrownBy(() -> cache.put(new Meddler(() -> cache.asMap().remove(first, "another value")), "second"))
        .isInstanceOf(IllegalStateException.class).hasMessageContaining("must not use it");
    Verify.structure(cache);
    assertThat(cache.asMap()).containsExactly(Map.entry(first, "first"));
    cache.invalidate(first);
    assertThat(cache.asMap()).isEmpty();
  }

  @Test
  void a_listener_on_an_executor_gets_all_in_order_through_a_bounded_queue() throws Exception {
    ExecutorService executor = Executors.newSingleThreadExecutor();
    CountDownLatch go = new CountDownLatch(1);
    List<Integer> told = Collections.synchronizedList(new ArrayList<>());
    AtomicInteger byCaller = new AtomicInteger();
    Thread caller = Thread.currentThread();
    Cache<Integer, Integer> cache = Cache.builder().maximumSize(10).eviction(Eviction.FIFO)
        .removalListener((Integer key, Integer value, RemovalCause cause) -> {
          if (Thread.currentThread() == caller) {
            byCaller.incrementAndGet();
          } else {
            try {
              go.await();
            } catch (InterruptedException e) {
              throw new AssertionError(e);
            }
            told.add(key);
          }
        }, executor).build();
    int puts = Settings.LISTENER_QUEUE + 500;
    for (int i = 0; i < puts; i++) {
      cache.put(i, i);
    }
    assertThat(byCaller.get()).as("what the queue had no room for").isBetween(puts - 10 - Settings.LISTENER_QUEUE - 1, puts - 10 - Settings.LISTENER_QUEUE);
    go.countDown();
    Gc.awaitWithoutGc("all told", () -> told.size() + byCaller.get() == puts - 10);
    assertThat(told).isSorted();
    executor.shutdown();
    cache.invalidateAll();
    assertThat(told.size() + byCaller.get()).as("with an executor that rejects").isEqualTo(puts);
  }

  @Test
  void a_listener_may_use_the_cache_and_what_it_throws_is_reported() {
    AtomicReference<Failure> told = new AtomicReference<>();
    AtomicReference<Cache<Integer, Integer>> self = new AtomicReference<>();
    Cache<Integer, Integer> cache = Cache.builder().name("listener-test").maximumSize(5).failureListener(told::set)
        .removalListener((Integer key, Integer value, RemovalCause cause) -> {
          if (key < 100) {
            self.get().put(key + 100, value);
          } else {
            throw new IllegalStateException("a listener that fails on purpose");
          }
        }).build();
    self.set(cache);
    for (int i = 0; i < 50; i++) {
      cache.put(i, i);
    }
    assertThat(cache.estimatedSize()).isEqualTo(5);
    assertThat(told.get().toString()).startsWith("listener-test: the removal listener failed (cause SIZE)");
    assertThat(told.get().cause()).hasMessage("a listener that fails on purpose");
    Verify.structure(cache);
  }
}
