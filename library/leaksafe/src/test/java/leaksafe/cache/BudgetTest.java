package leaksafe.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import leaksafe.Container;
import leaksafe.RemovalCause;
import leaksafe.cache.internal.Verify;
import leaksafe.internal.Containers;
import leaksafe.testing.Gc;
import leaksafe.testing.Seeded;
import org.junit.jupiter.api.Test;

class BudgetTest {

  @Test
  void caches_share_one_maximum() {
    Budget budget = Budget.ofWeight(100);
    Cache<Integer, Integer> one = Cache.builder().budget(budget).weigher((Integer key, Integer value) -> value).build();
    Cache<Integer, String> other = Cache.builder().budget(budget).build();
    one.put(1, 60);
    one.put(2, 30);
    for (int i = 0; i < 10; i++) {
      other.put(i, "weighs 1");
    }
    assertThat(budget.weight()).isEqualTo(100);
    assertThat(one.asMap()).as("what fits is kept").hasSize(2);
    assertThat(other.asMap()).hasSize(10);
    other.put(10, "one too many");
    assertThat(budget.weight()).isLessThanOrEqualTo(100);
    assertThat(one.policy().weightedSize().getAsLong() + other.policy().weightedSize().getAsLong()).isEqualTo(budget.weight());
    one.invalidateAll();
    other.invalidateAll();
    assertThat(budget.weight()).isZero();
    assertThat(budget.stats().evictionCount()).isPositive();
    Verify.structure(one);
    Verify.structure(other);
  }

  @Test
  void a_cache_gets_its_room_from_one_that_is_not_used() {
    Budget budget = Budget.ofWeight(1000);
    Cache<Integer, String> idle = Cache.builder().name("idle").budget(budget).build();
    for (int i = 0; i < 1000; i++) {
      idle.put(i, "nobody needs it any more");
    }
    Cache<Integer, String> used = Cache.builder().name("used").budget(budget).build();
    Random random = new Random(7);
    for (int i = 0; i < 60_000; i++) {
      used.get(random.nextInt(900), key -> "value");
    }
    assertThat(used.estimatedSize()).as("of the entries in use").isGreaterThan(850);
    assertThat(budget.weight()).isLessThanOrEqualTo(1000);
    assertThat(budget.stats().shares()).extracting(BudgetStats.Share::cache).containsExactly("idle", "used");
  }

  @Test
  void a_cache_that_is_only_scanned_gives_way_to_one_whose_entries_come_back() {
    for (boolean scanFirst : new boolean[] {true, false}) {
      Budget budget = Budget.ofWeight(1000);
      Cache<Integer, String> scanned = Cache.builder().name("scanned").budget(budget).build();
      Cache<Integer, String> used = Cache.builder().name("used").budget(budget).build();
      Random random = new Random(3);
      int scan = 0;
      int hits = 0;
      for (int round = 0; round < 100_000; round++) {
        if (scanFirst && round < 5000 || round % 2 == 0) {
          scanned.get(scan++, key -> "never again");
        } else {
          int key = (int) Math.min(1500, 800 * Math.abs(random.nextGaussian()));
          hits += used.getIfPresent(key) != null && round > 50_000 ? 1 : 0;
          used.get(key, k -> "again and again");
        }
      }
      assertThat(used.estimatedSize()).isGreaterThan(700);
      assertThat(hits).as("of 25,000, where an even split would have about 11,500").isGreaterThan(15_000);
    }
  }

  @Test
  void a_small_hot_cache_keeps_what_it_has_beside_a_large_greedy_one() {
    Budget budget = Budget.ofWeight(20_000);
    Cache<Integer, String> hot = Cache.builder().name("hot").budget(budget).build();
    Cache<Integer, String> greedy = Cache.builder().name("greedy").budget(budget).build();
    SplittableRandom random = new SplittableRandom(5);
    int misses = 0;
    for (int i = 0; i < 400_000; i++) {
      if (i % 2 == 0) {
        int key = random.nextInt(50);
        misses += hot.getIfPresent(key) == null ? 1 : 0;
        hot.get(key, k -> "hot");
      } else {
        greedy.get(random.nextInt(100_000), k -> "greedy");
      }
    }
    assertThat(misses).as("of 200,000 reads of 50 keys").isLessThan(4000);
    assertThat(budget.weight()).isEqualTo(20_000);
  }

  /** What became of a cache: hits of 100,000 reads, and its size at each of them on average, since at one moment a wrong guess may be under way. */
  private record Outcome(int hits, long meanSize) {}

  /** Reads two caches of a budget of 2000 in turn, keys at random, and returns the outcome for each in the second half. */
  private static Outcome[] read(Cache<Integer, String> one, int keysOfOne, Cache<Integer, String> other, int keysOfOther, Random random) {
    int[] hits = new int[2];
    long[] sizes = new long[2];
    for (int i = 0; i < 400_000; i++) {
      int which = i % 2;
      Cache<Integer, String> cache = which == 0 ? one : other;
      int key = random.nextInt(which == 0 ? keysOfOne : keysOfOther);
      if (i >= 200_000) {
        hits[which] += cache.getIfPresent(key) != null ? 1 : 0;
        sizes[which] += cache.estimatedSize();
      }
      cache.get(key, k -> "v");
    }
    return new Outcome[] {new Outcome(hits[0], sizes[0] / 100_000), new Outcome(hits[1], sizes[1] / 100_000)};
  }

  @Test
  void of_unequal_weights_the_cache_gives_way_that_gains_least_for_each_unit() {
    Seeded.check(3, random -> {
      Budget budget = Budget.ofWeight(2000);
      Cache<Integer, String> big = Cache.builder().name("big").budget(budget).weigher((Integer key, String value) -> 20).build();
      Cache<Integer, String> small = Cache.builder().name("small").budget(budget).build();
      // An entry of the big one is read five times as often, 1/300 to 1/1500, but for a unit of weight it is 1/6000 to 1/1500.
      Outcome[] outcomes = read(big, 300, small, 1500, random);
      assertThat(outcomes[1].meanSize()).as("of 1500 entries that are worth most").isGreaterThan(1375);
      assertThat(outcomes[1].hits()).as("of 100,000, where an even split would have 67,000").isGreaterThan(90_000);
      assertThat(outcomes[0].hits() + outcomes[1].hits()).as("an even split would have 83,000, the best 108,000").isGreaterThan(98_000);
      assertThat(budget.weight()).isBetween(1981L, 2000L);
      Verify.structure(big);
      Verify.structure(small);
    });
  }

  @Test
  void a_cache_of_big_entries_keeps_them_where_they_gain_most_for_each_unit() {
    Seeded.check(3, random -> {
      Budget budget = Budget.ofWeight(2000);
      Cache<Integer, String> big = Cache.builder().name("big").budget(budget).weigher((Integer key, String value) -> 20).build();
      Cache<Integer, String> small = Cache.builder().name("small").budget(budget).build();
      Outcome[] outcomes = read(big, 75, small, 20_000, random); // for a unit 1/1500 to 1/20,000
      assertThat(outcomes[0].meanSize()).as("of 75 entries that are worth most").isGreaterThan(70);
      assertThat(outcomes[0].hits()).as("of 100,000, where an even split would have 67,000").isGreaterThan(85_000);
    });
  }

  @Test
  void a_cache_that_is_used_no_more_gives_what_it_was_worth_keeping_before() {
    Seeded.check(3, random -> {
      Budget budget = Budget.ofWeight(2000);
      Cache<Integer, String> goesCold = Cache.builder().name("goes cold").budget(budget).build();
      Cache<Integer, String> stays = Cache.builder().name("stays").budget(budget).build();
      Outcome[] outcomes = read(goesCold, 1500, stays, 5000, random);
      assertThat(outcomes[0].meanSize()).as("of 1500 entries").isGreaterThan(1400);
      int reads = 0;
      while (goesCold.estimatedSize() > 100) {
        stays.get(random.nextInt(5000), key -> "v");
        assertThat(++reads).as("reads of the other cache until then").isLessThan(10_000);
      }
    });
  }

  @Test
  void a_cache_that_was_dropped_gives_back_what_it_held() {
    Budget budget = Budget.ofWeight(100);
    Cache<Integer, String> kept = Cache.builder().budget(budget).build();
    kept.put(1, "stays");
    fillAndDrop(budget);
    assertThat(budget.weight()).isEqualTo(51);
    Gc.await("the weight of the dropped cache given back", () -> budget.weight() == 1);
    assertThat(budget.stats().shares()).hasSize(1);
    assertThat(kept.getIfPresent(1)).isEqualTo("stays");
  }

  private static void fillAndDrop(Budget budget) {
    Cache<Integer, String> dropped = Cache.builder().budget(budget).build();
    for (int i = 0; i < 50; i++) {
      dropped.put(i, "goes");
    }
  }

  @Test
  void a_budget_is_collected_with_its_caches() {
    Gc.awaitCleared(droppedBudget());
  }

  private static WeakReference<Budget> droppedBudget() {
    Budget budget = Budget.builder().maximumWeight(10).memoryPressure(MemoryPressure.above(0.9)).build();
    Cache<Integer, String> cache = Cache.builder().budget(budget).build();
    cache.put(1, "a");
    return new WeakReference<>(budget);
  }

  @Test
  void a_maximum_of_its_own_applies_besides() {
    Budget budget = Budget.ofWeight(100);
    Cache<Integer, String> few = Cache.builder().budget(budget).maximumSize(10).build();
    Cache<Integer, Integer> light = Cache.builder().budget(budget).maximumWeight(20).weigher((Integer key, Integer value) -> value).build();
    for (int i = 0; i < 50; i++) {
      few.put(i, "");
      light.put(i, 3);
    }
    assertThat(few.estimatedSize()).isEqualTo(10);
    assertThat(light.policy().weightedSize()).hasValue(18);
    assertThat(budget.weight()).isEqualTo(28);
    few.policy().setMaximum(3);
    assertThat(few.estimatedSize()).isEqualTo(3);
    assertThat(budget.weight()).isEqualTo(21);
    assertThat(few.policy().maximum()).hasValue(3);
  }

  @Test
  void a_value_heavier_than_the_budget_leaves_at_once_and_nothing_else_for_it() {
    Budget budget = Budget.ofWeight(10);
    List<String> told = new ArrayList<>();
    Cache<Integer, Integer> cache = Cache.builder().budget(budget).weigher((Integer key, Integer value) -> value)
        .removalListener((Integer key, Integer value, RemovalCause cause) -> told.add(value + " " + cause)).build();
    cache.put(1, 4);
    cache.put(2, 11);
    assertThat(told).containsExactly("11 SIZE");
    assertThat(cache.asMap()).containsOnlyKeys(1);
  }

  @Test
  void one_heavy_value_takes_the_place_of_many_light_ones_of_another_cache() {
    Budget budget = Budget.ofWeight(1000);
    Cache<Integer, Integer> light = Cache.builder().budget(budget).build();
    for (int i = 0; i < 1000; i++) {
      light.put(i, i);
    }
    Cache<Integer, Integer> heavy = Cache.builder().budget(budget).weigher((Integer key, Integer value) -> value).build();
    heavy.put(1, 900);
    assertThat(heavy.asMap()).containsOnlyKeys(1);
    assertThat(light.estimatedSize()).isEqualTo(100);
    assertThat(budget.weight()).isEqualTo(1000);
  }

  @Test
  void the_maximum_can_be_lowered_and_raised() {
    Budget budget = Budget.ofWeight(1000);
    List<Cache<Integer, String>> caches = IntStream.range(0, 5).mapToObj(i -> Cache.builder().budget(budget).<Integer, String>build()).toList();
    for (int i = 0; i < 200; i++) {
      for (Cache<Integer, String> cache : caches) {
        cache.put(i, "");
      }
    }
    assertThat(budget.weight()).isEqualTo(1000);
    budget.setMaximumWeight(7);
    assertThat(budget.weight()).isEqualTo(7);
    assertThat(caches.stream().mapToLong(Cache::estimatedSize).sum()).isEqualTo(7);
    budget.setMaximumWeight(500);
    for (int i = 0; i < 600; i++) {
      caches.get(0).put(i, "");
    }
    assertThat(budget.weight()).isEqualTo(500);
    caches.forEach(Verify::structure);
  }

  @Test
  void exact_orders_stay_exact() {
    Budget budget = Budget.ofWeight(3);
    Cache<Integer, String> cache = Cache.builder().budget(budget).eviction(Eviction.LRU).build();
    for (int i = 0; i < 3; i++) {
      cache.put(i, "");
    }
    cache.getIfPresent(0);
    cache.put(3, "");
    assertThat(cache.asMap()).containsOnlyKeys(0, 2, 3);
  }

  @Test
  void expired_entries_give_their_weight_back() {
    Budget budget = Budget.ofWeight(10);
    Cache<Integer, String> cache = Cache.builder().budget(budget).expireAfterWrite(Duration.ofMillis(20)).build();
    cache.put(1, "");
    Gc.awaitWithoutGc("expired", () -> budget.weight() == 0);
  }

  @Test
  void it_is_in_the_census() {
    Budget budget = Budget.builder().name("all caches").maximumWeight(50).memoryPressure(MemoryPressure.above(0.9)).build();
    Cache<Integer, String> cache = Cache.builder().name("a cache of the budget").budget(budget).build();
    cache.put(1, "");
    Container found = Containers.list().stream().filter(container -> container.name().equals("all caches")).findFirst().orElseThrow();
    assertThat(found.kind()).isEqualTo("budget");
    assertThat(found.estimatedSize()).isEqualTo(1);
    assertThat(found.bound()).isEqualTo("maximumWeight 50");
    assertThat(found.creationSite()).contains("BudgetTest");
    assertThat(found.figures()).containsEntry("weight", 1L).containsEntry("maximumWeight", 50L).containsEntry("evictions", 0L)
        .containsEntry("shrinks", 0L).containsEntry("growths", 0L);
    assertThat(Containers.list().stream().filter(container -> container.name().equals("a cache of the budget")).map(Container::bound))
        .containsExactly("budget all caches");
    assertThat(budget).hasToString("all caches (1 of 50)");
  }

  @Test
  void bad_input_is_refused() {
    assertThatThrownBy(() -> Budget.ofWeight(0)).isInstanceOf(IllegalArgumentException.class).hasMessage("maximumWeight must be at least 1, but was 0");
    assertThatThrownBy(() -> Budget.ofWeight(5).setMaximumWeight(-1)).isInstanceOf(IllegalArgumentException.class)
        .hasMessage("maximumWeight must be at least 1, but was -1");
    assertThatThrownBy(() -> Budget.builder().build()).isInstanceOf(IllegalStateException.class).hasMessage("a budget needs a bound: set maximumWeight");
    assertThatThrownBy(() -> Budget.builder().name(null)).isInstanceOf(NullPointerException.class).hasMessage("name");
    assertThatThrownBy(() -> Cache.builder().budget(null)).isInstanceOf(NullPointerException.class).hasMessage("budget");
    assertThatThrownBy(() -> Cache.builder().weigher((Object k, Object v) -> 1).maximumSize(3).budget(Budget.ofWeight(2)).build())
        .isInstanceOf(IllegalStateException.class).hasMessage("maximumSize 3 counts entries, but a weigher is set: set maximumWeight");
    assertThatThrownBy(() -> Cache.builder().unbounded().budget(Budget.ofWeight(2)).build()).isInstanceOf(IllegalStateException.class)
        .hasMessage("unbounded contradicts the bound that is set: keep one");
  }

  /** With FIFO a single cache in a budget is a queue of a maximum weight, and the budget's weight is what is in it. */
  @Test
  void a_single_cache_in_a_budget_behaves_as_its_model() {
    Seeded.check(60, random -> {
      int maximum = 1 + random.nextInt(30);
      Budget budget = Budget.ofWeight(maximum);
      Cache<Integer, Integer> cache = Cache.builder().budget(budget).eviction(Eviction.FIFO).weigher((Integer key, Integer value) -> value).build();
      Deque<int[]> model = new ArrayDeque<>();
      for (int i = 0; i < 300; i++) {
        int key = random.nextInt(12);
        if (random.nextInt(5) == 0) {
          cache.invalidate(key);
          model.removeIf(entry -> entry[0] == key);
        } else {
          int weight = 1 + random.nextInt(5);
          if (cache.getIfPresent(key) == null) {
            cache.put(key, weight);
            if (weight <= maximum) {
              model.add(new int[] {key, weight});
            }
            while (model.stream().mapToInt(entry -> entry[1]).sum() > maximum) {
              model.poll();
            }
          }
        }
        assertThat(cache.policy().coldest(100).keySet()).containsExactlyElementsOf(model.stream().map(entry -> entry[0]).toList());
        assertThat(budget.weight()).isEqualTo(model.stream().mapToInt(entry -> entry[1]).sum());
      }
      Verify.structure(cache);
    });
  }

  /** A value that knows how often it was reported to have left. */
  private static final class Value {
    final int weight;
    final AtomicInteger left = new AtomicInteger();

    Value(int weight) {
      this.weight = weight;
    }
  }

  @Test
  void the_bound_holds_at_every_instant_and_every_value_leaves_once() throws Exception {
    int maximum = 2000;
    Budget budget = Budget.ofWeight(maximum);
    List<Cache<Integer, Value>> caches = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      CacheBuilder<Integer, Value> builder = Cache.<Integer, Value>builder().budget(budget).weigher((key, value) -> value.weight)
          .removalListener((key, value, cause) -> value.left.incrementAndGet());
      caches.add(switch (i) {
        case 0 -> builder.eviction(Eviction.LRU).build();
        case 1 -> builder.expireAfterWrite(Duration.ofMillis(5)).build();
        case 2 -> builder.maximumWeight(700).build();
        default -> builder.build();
      });
    }
    AtomicBoolean done = new AtomicBoolean();
    Queue<Value> all = new ConcurrentLinkedQueue<>();
    ExecutorService threads = Executors.newFixedThreadPool(5);
    try {
      Future<Long> watcher = threads.submit(() -> {
        long most = 0;
        while (!done.get()) {
          most = Math.max(most, budget.weight());
          Thread.onSpinWait();
        }
        return most;
      });
      List<Future<?>> workers = new ArrayList<>();
      for (int t = 0; t < 4; t++) {
        int seed = t;
        workers.add(threads.submit(() -> {
          SplittableRandom random = new SplittableRandom(seed);
          for (int i = 0; i < 30_000; i++) {
            Cache<Integer, Value> cache = caches.get(random.nextInt(4));
            int key = random.nextInt(500);
            Value value = new Value(random.nextInt(30));
            switch (random.nextInt(8)) {
              case 0, 1, 2 -> {
                all.add(value);
                cache.put(key, value);
              }
              case 3, 4 -> cache.get(key, k -> {
                all.add(value);
                return value;
              });
              case 5 -> cache.asMap().compute(key, (k, old) -> {
                all.add(value);
                return value;
              });
              case 6 -> cache.invalidate(key);
              default -> {
                if (i % 1000 == 0) {
                  budget.setMaximumWeight(maximum / 2 + random.nextInt(maximum / 2));
                } else {
                  cache.getIfPresent(key);
                }
              }
            }
          }
        }));
      }
      for (Future<?> worker : workers) {
        worker.get();
      }
      done.set(true);
      assertThat(watcher.get()).isLessThanOrEqualTo(maximum);
    } finally {
      done.set(true);
      threads.shutdownNow();
    }
    caches.forEach(Verify::structure);
    assertThat(caches.stream().mapToLong(cache -> cache.policy().weightedSize().getAsLong()).sum()).isEqualTo(budget.weight());
    caches.forEach(Cache::invalidateAll);
    assertThat(budget.weight()).isZero();
    Gc.awaitWithoutGc("all told", () -> all.stream().allMatch(value -> value.left.get() > 0));
    assertThat(all).allMatch(value -> value.left.get() == 1);
  }
}
