package leaksafe.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import leaksafe.cache.internal.Verify;
import leaksafe.testing.ManualTicker;
import leaksafe.testing.Seeded;
import org.junit.jupiter.api.Test;

class CacheSnapshotTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final ManualTicker ticker = new ManualTicker();

  private static <K> List<K> keys(CacheSnapshot<K, ?> snapshot) {
    List<K> keys = new ArrayList<>();
    snapshot.entries().forEach(entry -> keys.add(entry.key()));
    return keys;
  }

  @Test
  void a_snapshot_has_the_entries_from_hot_to_cold_and_restoring_keeps_the_order() {
    Cache<Integer, String> cache = Cache.builder().maximumSize(5).eviction(Eviction.LRU).build();
    for (int i = 0; i < 7; i++) {
      cache.put(i, "v" + i);
    }
    cache.getIfPresent(3);
    CacheSnapshot<Integer, String> snapshot = cache.policy().snapshot();
    assertThat(keys(snapshot)).containsExactly(3, 6, 5, 4, 2);
    assertThat(snapshot.entries().get(0)).isEqualTo(new CacheEntry<>(3, "v3", null, null));

    Cache<Integer, String> smaller = Cache.builder().maximumSize(3).eviction(Eviction.LRU).build();
    assertThat(smaller.policy().restore(snapshot)).isEqualTo(3);
    assertThat(keys(smaller.policy().snapshot())).containsExactly(3, 6, 5);
    smaller.put(9, "new");
    assertThat(smaller.asMap()).containsOnlyKeys(3, 6, 9);
    Verify.structure(smaller);
  }

  @Test
  void an_adaptive_cache_keeps_the_hot_half_of_what_was_restored() {
    Cache<Integer, String> cache = Cache.builder().maximumSize(200).build();
    for (int i = 0; i < 4000; i++) {
      int key = i % 2 == 0 ? i / 2 % 50 : 1000 + i;
      cache.get(key, k -> "v");
    }
    Cache<Integer, String> restored = Cache.builder().maximumSize(100).build();
    CacheSnapshot<Integer, String> snapshot = cache.policy().snapshot();
    assertThat(restored.policy().restore(snapshot)).isEqualTo(100);
    assertThat(restored.asMap().keySet()).containsExactlyInAnyOrderElementsOf(keys(snapshot).subList(0, 100));
    for (int i = 0; i < 60; i++) {
      restored.put(9000 + i, "newcomer");
    }
    List<Integer> hottest = keys(snapshot).subList(0, 40);
    assertThat(hottest.stream().filter(restored.asMap()::containsKey).count()).as("of the 40 hottest").isGreaterThanOrEqualTo(35);
    Verify.structure(restored);
  }

  @Test
  void lifetimes_go_on() {
    Cache<String, String> cache = Cache.builder().expireAfterWrite(MINUTE).ticker(ticker).build();
    cache.put("old", "1");
    ticker.advance(Duration.ofSeconds(40));
    cache.put("young", "2");
    CacheSnapshot<String, String> snapshot = cache.policy().snapshot();
    assertThat(snapshot.entries()).containsExactlyInAnyOrder(
        new CacheEntry<>("old", "1", Duration.ofSeconds(20), Duration.ofSeconds(20)), new CacheEntry<>("young", "2", MINUTE, MINUTE));

    Cache<String, String> restored = Cache.builder().expireAfterWrite(MINUTE).ticker(ticker).build();
    assertThat(restored.policy().restore(snapshot)).isEqualTo(2);
    ticker.advance(Duration.ofSeconds(20));
    assertThat(restored.asMap()).containsOnlyKeys("young");
    Cache<String, String> shorter = Cache.builder().expireAfterWrite(Duration.ofSeconds(5)).ticker(ticker).build();
    shorter.policy().restore(snapshot);
    assertThat(shorter.policy().expiresIn("young")).contains(Duration.ofSeconds(5));
  }

  @Test
  void time_that_passed_since_the_snapshot_counts() {
    Cache<String, String> cache = Cache.builder().expireAfterWrite(MINUTE).ticker(ticker).build();
    Duration half = MINUTE.dividedBy(2);
    CacheSnapshot<String, String> old = new CacheSnapshot<>(Instant.now().minus(MINUTE),
        List.of(new CacheEntry<>("expired", "", half, half), new CacheEntry<>("alive", "", MINUTE.plus(half), MINUTE.plus(half)),
            new CacheEntry<>("without end", "", null, null)));
    assertThat(cache.policy().restore(old)).isEqualTo(2);
    assertThat(cache.policy().expiresIn("alive").get()).isLessThanOrEqualTo(half).isGreaterThan(Duration.ZERO);
    assertThat(cache.policy().expiresIn("without end")).as("the cache's own").contains(MINUTE);
    CacheSnapshot<String, String> future = new CacheSnapshot<>(Instant.now().plus(MINUTE), List.of(new CacheEntry<>("b", "", half, half)));
    cache.policy().restore(future);
    assertThat(cache.policy().expiresIn("b")).contains(half);
  }

  @Test
  void both_lifetimes_go_on_where_there_are_two() {
    Cache<String, String> cache = Cache.builder().expireAfterWrite(MINUTE).expireAfterAccess(Duration.ofSeconds(30)).ticker(ticker).build();
    cache.put("a", "");
    ticker.advance(Duration.ofSeconds(20));
    CacheSnapshot<String, String> snapshot = cache.policy().snapshot();
    assertThat(snapshot.entries()).containsExactly(new CacheEntry<>("a", "", Duration.ofSeconds(10), Duration.ofSeconds(40)));
    Cache<String, String> restored = Cache.builder().expireAfterWrite(MINUTE).expireAfterAccess(Duration.ofSeconds(30)).ticker(ticker).build();
    restored.policy().restore(snapshot);
    assertThat(restored.policy().expiresIn("a").get()).isLessThanOrEqualTo(Duration.ofSeconds(10)).isGreaterThan(Duration.ofSeconds(5));
    restored.getIfPresent("a");
    assertThat(restored.policy().expiresIn("a").get()).as("prolonged by its use").isGreaterThan(Duration.ofSeconds(25));
    for (int i = 0; i < 3; i++) {
      ticker.advance(Duration.ofSeconds(13));
      restored.getIfPresent("a");
    }
    ticker.advance(Duration.ofSeconds(1));
    assertThat(restored.getIfPresent("a")).as("its end stands").isNull();
  }

  @Test
  void lifetimes_by_use_and_of_their_own_go_on() {
    Cache<String, String> byUse = Cache.builder().expireAfterAccess(MINUTE).ticker(ticker).build();
    byUse.put("a", "");
    Cache<String, String> own = Cache.builder().expireAfter(Expiry.creating((String key, String value) -> MINUTE)).ticker(ticker).build();
    own.put("a", "", Duration.ofMinutes(10));
    ticker.advance(MINUTE.dividedBy(2));
    CacheSnapshot<String, String> first = byUse.policy().snapshot();
    assertThat(first.entries()).containsExactly(new CacheEntry<>("a", "", MINUTE.dividedBy(2), null));
    byUse.invalidateAll();
    byUse.policy().restore(first);
    assertThat(byUse.policy().expiresIn("a").get()).isLessThanOrEqualTo(MINUTE.dividedBy(2));
    CacheSnapshot<String, String> second = own.policy().snapshot();
    own.invalidateAll();
    own.policy().restore(second);
    assertThat(own.policy().expiresIn("a").get()).isGreaterThan(Duration.ofMinutes(9)).isLessThanOrEqualTo(Duration.ofSeconds(570));
  }

  @Test
  void what_is_there_takes_precedence_and_nothing_is_evicted() {
    Cache<Integer, String> cache = Cache.builder().maximumSize(3).build();
    cache.put(1, "newer");
    cache.put(2, "newer");
    CacheSnapshot<Integer, String> snapshot = new CacheSnapshot<>(Instant.now(),
        List.of(new CacheEntry<>(1, "older", null, null), new CacheEntry<>(3, "hot", null, null), new CacheEntry<>(4, "cold", null, null)));
    assertThat(cache.policy().restore(snapshot)).isEqualTo(1);
    assertThat(cache.asMap()).containsExactlyInAnyOrderEntriesOf(Map.of(1, "newer", 2, "newer", 3, "hot"));
  }

  @Test
  void weights_and_budgets_bound_what_is_restored() {
    List<CacheEntry<Integer, Integer>> entries = new ArrayList<>();
    for (int weight : new int[] {6, 5, 3, 2, 1}) {
      entries.add(new CacheEntry<>(weight, weight, null, null));
    }
    CacheSnapshot<Integer, Integer> snapshot = new CacheSnapshot<>(Instant.now(), entries);
    Cache<Integer, Integer> weighed = Cache.builder().maximumWeight(10).weigher((Integer key, Integer value) -> value).build();
    weighed.policy().restore(snapshot);
    assertThat(weighed.asMap()).containsOnlyKeys(6, 3, 1);
    Budget budget = Budget.ofWeight(12);
    Cache<Integer, Integer> other = Cache.builder().budget(budget).build();
    other.put(1, 1);
    Cache<Integer, Integer> shared = Cache.builder().budget(budget).weigher((Integer key, Integer value) -> value).build();
    shared.policy().restore(snapshot);
    assertThat(shared.asMap()).containsOnlyKeys(6, 5);
    assertThat(other.asMap()).hasSize(1);
  }

  @Test
  void restored_values_are_refreshed_when_they_are_read() {
    AtomicInteger loads = new AtomicInteger();
    Cache<String, String> cache = Cache.<String, String>builder().maximumSize(10).executor(Runnable::run)
        .refreshAfterWrite(MINUTE, key -> "new" + loads.incrementAndGet()).build();
    cache.policy().restore(new CacheSnapshot<>(Instant.now(), List.of(new CacheEntry<>("a", "old", null, null))));
    assertThat(cache.getIfPresent("a")).isEqualTo("old");
    assertThat(cache.getIfPresent("a")).isEqualTo("new1");
    assertThat(loads).hasValue(1);
  }

  @Test
  void bad_input_is_refused() {
    Cache<String, String> cache = Cache.builder().maximumSize(10).build();
    assertThatThrownBy(() -> cache.policy().restore(null)).isInstanceOf(NullPointerException.class).hasMessage("snapshot");
    assertThatThrownBy(() -> new CacheEntry<>("a", null, null, null)).isInstanceOf(NullPointerException.class).hasMessage("value");
    assertThatThrownBy(() -> new CacheEntry<>(null, "a", null, null)).isInstanceOf(NullPointerException.class).hasMessage("key");
    assertThatThrownBy(() -> new CacheSnapshot<>(null, List.of())).isInstanceOf(NullPointerException.class).hasMessage("takenAt");
    assertThatThrownBy(() -> new CacheSnapshot<>(Instant.now(), null)).isInstanceOf(NullPointerException.class).hasMessage("entries");
  }

  @Test
  void what_is_restored_into_an_empty_cache_as_large_is_all_that_was_there_in_the_same_order() {
    Seeded.check(40, random -> {
      int maximum = 1 + random.nextInt(40);
      Eviction eviction = random.nextBoolean() ? Eviction.LRU : Eviction.FIFO;
      Cache<Integer, Integer> cache = Cache.builder().maximumSize(maximum).eviction(eviction).build();
      for (int i = 0; i < 300; i++) {
        int key = random.nextInt(60);
        if (random.nextBoolean()) {
          cache.put(key, i);
        } else {
          cache.getIfPresent(key);
        }
      }
      CacheSnapshot<Integer, Integer> snapshot = cache.policy().snapshot();
      Cache<Integer, Integer> restored = Cache.builder().maximumSize(maximum).eviction(eviction).build();
      assertThat(restored.policy().restore(snapshot)).isEqualTo(snapshot.entries().size());
      assertThat(restored.policy().snapshot().entries()).isEqualTo(snapshot.entries());
      assertThat(restored.asMap()).isEqualTo(new HashMap<>(cache.asMap()));
      Verify.structure(restored);
    });
  }
}
