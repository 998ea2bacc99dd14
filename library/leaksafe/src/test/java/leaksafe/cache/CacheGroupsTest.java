package leaksafe.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import leaksafe.RemovalCause;
import leaksafe.cache.internal.Verify;
import leaksafe.testing.Gc;
import leaksafe.testing.ManualTicker;
import leaksafe.testing.Seeded;
import org.junit.jupiter.api.Test;

class CacheGroupsTest {

  /** A value that says its groups: its letters. */
  private static List<String> letters(String value) {
    return value.isEmpty() ? List.of() : Arrays.asList(value.split(""));
  }

  private static CacheBuilder<Integer, String> byLetters() {
    return Cache.builder().maximumSize(1000).groups((Integer key, String value) -> letters(value));
  }

  @Test
  void invalidating_a_group_removes_its_entries_and_no_others() {
    List<String> told = new ArrayList<>();
    Cache<Integer, String> cache = byLetters().removalListener((Integer key, String value, RemovalCause cause) -> told.add(key + value + cause))
        .build();
    cache.put(1, "ab");
    cache.put(2, "bc");
    cache.put(3, "");
    cache.put(4, "aab");
    assertThat(cache.invalidateGroup("a")).isEqualTo(2);
    assertThat(cache.asMap()).containsOnlyKeys(2, 3);
    assertThat(told).containsExactlyInAnyOrder("1abEXPLICIT", "4aabEXPLICIT");
    assertThat(cache.invalidateGroup("a")).isZero();
    assertThat(cache.invalidateGroup("nobody's")).isZero();
    Verify.structure(cache);
  }

  @Test
  void a_new_value_has_its_own_groups_however_it_was_written() {
    Cache<Integer, String> cache = byLetters().build();
    cache.put(1, "a");
    cache.put(1, "b");
    cache.asMap().computeIfAbsent(2, key -> "a");
    cache.asMap().compute(2, (key, value) -> "b");
    cache.asMap().replace(2, "b", "c");
    cache.get(3, key -> "a");
    cache.asMap().replace(3, "d");
    cache.getAll(List.of(4, 5), keys -> Map.of(4, "a", 5, "b"));
    assertThat(cache.invalidateGroup("a")).isEqualTo(1);
    assertThat(cache.asMap()).containsOnlyKeys(1, 2, 3, 5);
    assertThat(cache.invalidateGroup("b")).isEqualTo(2);
    assertThat(cache.asMap()).containsOnlyKeys(2, 3);
    Verify.structure(cache);
  }

  @Test
  void a_load_that_began_before_the_invalidation_of_its_group_is_not_stored() throws Exception {
    Cache<Integer, String> cache = byLetters().build();
    CountDownLatch loading = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try {
      Future<String> loaded = thread.submit(() -> cache.get(1, key -> {
        loading.countDown();
        await(go);
        return "ab";
      }));
      await(loading);
      assertThat(cache.invalidateGroup("b")).isZero();
      go.countDown();
      assertThat(loaded.get(20, TimeUnit.SECONDS)).isEqualTo("ab");
      assertThat(cache.asMap()).isEmpty();
      assertThat(cache.get(1, key -> "b")).isEqualTo("b");
      assertThat(cache.asMap()).containsOnlyKeys(1);
    } finally {
      thread.shutdownNow();
    }
    Verify.structure(cache);
  }

  @Test
  void an_entry_that_is_being_computed_goes_with_its_group_and_with_the_one_it_is_to_have() throws Exception {
    for (String group : List.of("a", "b")) {
      Map<String, RemovalCause> told = new ConcurrentHashMap<>();
      Cache<Integer, String> cache = byLetters()
          .removalListener((Integer key, String value, RemovalCause cause) -> told.put(value, cause)).build();
      cache.put(1, "a");
      CountDownLatch computing = new CountDownLatch(1);
      CountDownLatch go = new CountDownLatch(1);
      ExecutorService thread = Executors.newSingleThreadExecutor();
      try {
        Future<String> computed = thread.submit(() -> cache.asMap().compute(1, (key, value) -> {
          computing.countDown();
          await(go);
          return "b";
        }));
        await(computing);
        cache.invalidateGroup(group);
        go.countDown();
        assertThat(computed.get(20, TimeUnit.SECONDS)).isEqualTo("b");
      } finally {
        thread.shutdownNow();
      }
      assertThat(cache.asMap()).isEmpty();
      assertThat(told).containsEntry("b", RemovalCause.EXPLICIT).containsKey("a");
      Verify.structure(cache);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void groups_end_with_their_entries_whyever_those_go() {
    ManualTicker ticker = new ManualTicker();
    Cache<Integer, String> cache = Cache.builder().maximumSize(10).expireAfterWrite(Duration.ofSeconds(1)).ticker(ticker)
        .groups((Integer key, String value) -> List.of(value)).build();
    for (int i = 0; i < 10_000; i++) {
      cache.put(i, "group " + i);
    }
    assertThat(Verify.groups(cache)).isEqualTo(10);
    ticker.advance(Duration.ofSeconds(1));
    cache.cleanUp();
    assertThat(Verify.groups(cache)).isZero();
    cache.put(1, "a");
    cache.invalidate(1);
    assertThat(Verify.groups(cache)).isZero();
    cache.put(1, "a");
    cache.invalidateAll();
    assertThat(Verify.groups(cache)).isZero();
  }

  @Test
  void groups_end_with_collected_keys_and_are_not_kept_by_the_cache() {
    Cache<Object, String> cache = Cache.builder().weakKeys().groups((Object key, String value) -> List.of(value, new Object())).build();
    Object key = new Object();
    cache.put(key, "stays");
    WeakReference<Object> gone = putAndDrop(cache);
    Gc.awaitCleared(gone);
    Gc.await("the group of the collected key gone", () -> Verify.groups(cache) == 2);
    assertThat(cache.invalidateGroup("stays")).isEqualTo(1);
    assertThat(key).isNotNull();
    Verify.structure(cache);
  }

  private static WeakReference<Object> putAndDrop(Cache<Object, String> cache) {
    Object key = new Object();
    cache.put(key, "goes");
    return new WeakReference<>(key);
  }

  @Test
  void functions_that_fail_leave_everything_as_it_was() {
    Cache<Integer, String> cache = Cache.builder().maximumSize(10).groups((Integer key, String value) -> switch (value) {
      case "throws" -> throw new IllegalArgumentException("on purpose");
      case "null" -> null;
      case "null in it" -> Arrays.asList("a", null);
      default -> List.of("a");
    }).build();
    cache.put(1, "good");
    assertThatThrownBy(() -> cache.put(1, "throws")).isInstanceOf(IllegalArgumentException.class).hasMessage("on purpose");
    assertThatThrownBy(() -> cache.put(1, "null")).isInstanceOf(NullPointerException.class)
        .hasMessage("groups returned null: return an empty collection for none");
    assertThatThrownBy(() -> cache.get(2, key -> "null in it")).isInstanceOf(NullPointerException.class)
        .hasMessage("groups returned a collection with null in it");
    assertThat(cache.asMap()).containsExactlyEntriesOf(Map.of(1, "good"));
    Verify.structure(cache);
  }

  @Test
  void a_put_that_names_its_groups_is_in_those_and_no_others() {
    Cache<Integer, String> cache = byLetters().build();
    List<String> groups = new ArrayList<>(List.of("x", "y", "x"));
    cache.put(1, "a", groups);
    groups.clear();
    cache.put(2, "b", List.of());
    cache.put(3, "c");
    assertThat(cache.invalidateGroup("a")).isZero();
    assertThat(cache.invalidateGroup("b")).isZero();
    assertThat(cache.invalidateGroup("y")).isEqualTo(1);
    assertThat(cache.asMap()).containsOnlyKeys(2, 3);
    cache.put(2, "b", List.of("x"));
    cache.put(2, "b"); // as the function says
    assertThat(cache.invalidateGroup("x")).isZero();
    assertThat(cache.invalidateGroup("b")).isEqualTo(1);
    assertThat(Verify.groups(cache)).isEqualTo(1);
    Verify.structure(cache);
  }

  @Test
  void a_cache_may_have_the_groups_of_its_puts_alone() {
    Cache<Integer, String> cache = Cache.<Integer, String>builder().maximumSize(10).groups().build();
    cache.put(1, "a", List.of("x"));
    cache.put(2, "b");
    assertThat(cache.get(3, key -> "c")).isEqualTo("c");
    assertThat(cache.invalidateGroup("x")).isEqualTo(1);
    assertThat(cache.asMap()).containsOnlyKeys(2, 3);
    assertThat(Verify.groups(cache)).isZero();
  }

  @Test
  void bad_input_is_refused() {
    assertThatThrownBy(() -> byLetters().build().put(1, "a", Arrays.asList("x", null))).isInstanceOf(NullPointerException.class)
        .hasMessage("a group must not be null: leave it out");
    assertThatThrownBy(() -> byLetters().build().put(1, "a", (List<?>) null)).isInstanceOf(NullPointerException.class).hasMessage("groups");
    assertThatThrownBy(() -> Cache.<Integer, String>builder().maximumSize(10).build().put(1, "a", List.of("x")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("put with groups needs a cache that knows the groups of its entries: build it with groups()");
    Cache<Integer, String> without = Cache.builder().maximumSize(10).build();
    assertThatThrownBy(() -> without.invalidateGroup("a")).isInstanceOf(IllegalStateException.class)
        .hasMessage("invalidateGroup needs a cache that knows the groups of its entries: build it with groups(…)");
    assertThatThrownBy(() -> byLetters().build().invalidateGroup(null)).isInstanceOf(NullPointerException.class).hasMessage("group");
    assertThatThrownBy(() -> Cache.builder().groups(null)).isInstanceOf(NullPointerException.class).hasMessage("groups");
    assertThatThrownBy(() -> Cache.<Integer, String>builder().groups((key, value) -> List.of()).build())
        .isInstanceOf(IllegalStateException.class).hasMessageContaining("this cache would grow for ever");
  }

  @Test
  void a_cache_with_groups_behaves_as_a_map_whose_entries_are_searched() {
    Seeded.check(60, random -> {
      Cache<Integer, String> cache = Cache.builder().maximumSize(100).groups((Integer key, String value) -> letters(value)).build();
      Map<Integer, String> model = new HashMap<>();
      for (int i = 0; i < 400; i++) {
        int key = random.nextInt(20);
        String value = random.ints(random.nextInt(4), 'a', 'f').collect(StringBuilder::new, StringBuilder::appendCodePoint,
            StringBuilder::append).toString();
        String group = String.valueOf((char) ('a' + random.nextInt(6)));
        switch (random.nextInt(8)) {
          case 0, 1, 2 -> {
            cache.put(key, value);
            model.put(key, value);
          }
          case 3 -> {
            cache.invalidate(key);
            model.remove(key);
          }
          case 4 -> assertThat(cache.asMap().merge(key, value, String::concat)).isEqualTo(model.merge(key, value, String::concat));
          case 5 -> assertThat(cache.get(key, k -> value)).isEqualTo(model.computeIfAbsent(key, k -> value));
          case 6 -> {
            int before = model.size();
            model.values().removeIf(v -> v.contains(group));
            assertThat(cache.invalidateGroup(group)).isEqualTo(before - model.size());
          }
          default -> assertThat(cache.getIfPresent(key)).isEqualTo(model.get(key));
        }
        assertThat(cache.asMap()).isEqualTo(model);
      }
      Verify.structure(cache);
      assertThat(Verify.groups(cache)).isEqualTo(model.values().stream().flatMap(v -> letters(v).stream()).distinct().count());
    });
  }

  /** A value that knows how often it was reported to have left. */
  private static final class Value {
    final AtomicInteger left = new AtomicInteger();
    final List<Integer> groups;

    Value(int key, SplittableRandom random) {
      groups = List.of(key % 7, 100 + random.nextInt(5));
    }
  }

  @Test
  void every_value_leaves_once_while_threads_write_and_invalidate_groups() throws Exception {
    Cache<Integer, Value> cache = Cache.builder().maximumSize(3000).groups((Integer key, Value value) -> value.groups)
        .removalListener((Integer key, Value value, RemovalCause cause) -> value.left.incrementAndGet()).build();
    ExecutorService threads = Executors.newFixedThreadPool(4);
    List<Value> all = new ArrayList<>();
    try {
      List<Future<List<Value>>> workers = new ArrayList<>();
      for (int t = 0; t < 4; t++) {
        int seed = t;
        workers.add(threads.submit(() -> {
          SplittableRandom random = new SplittableRandom(seed);
          List<Value> mine = new ArrayList<>();
          for (int i = 0; i < 10_000; i++) {
            int key = random.nextInt(4000);
            Value value = new Value(key, random);
            if (i % 200 == 0) {
              cache.invalidateGroup(random.nextInt(7));
            } else if (i % 3 == 0) {
              cache.get(key, k -> {
                mine.add(value);
                return value;
              });
            } else {
              mine.add(value);
              cache.put(key, value);
            }
          }
          return mine;
        }));
      }
      for (Future<List<Value>> worker : workers) {
        all.addAll(worker.get());
      }
    } finally {
      threads.shutdownNow();
    }
    Verify.structure(cache);
    for (int group = 0; group < 7; group++) {
      cache.invalidateGroup(group);
    }
    assertThat(cache.asMap()).isEmpty();
    assertThat(cache.estimatedSize()).isZero();
    assertThat(Verify.groups(cache)).isZero();
    assertThat(all).allMatch(value -> value.left.get() == 1);
    Verify.structure(cache);
  }
}
