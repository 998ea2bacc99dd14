package leaksafe.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.Reference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.stream.Stream;
import leaksafe.testing.Allocation;
import leaksafe.watch.Footprint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a cache promises not to take: objects for a hit, memory for a maximum that is not used, entries that fit. */
class CacheCostTest {
  private static final double NOTHING = 0.5; // bytes: what the JVM itself allocates now and then, over many runs

  static Stream<String> kinds() {
    return configurations().keySet().stream();
  }

  private static Map<String, Supplier<CacheBuilder<Object, Object>>> configurations() {
    Map<String, Supplier<CacheBuilder<Object, Object>>> all = new LinkedHashMap<>();
    all.put("size", () -> Cache.builder().maximumSize(Long.MAX_VALUE));
    all.put("weight", () -> Cache.builder().maximumWeight(Long.MAX_VALUE).weigher((key, value) -> 3));
    all.put("LRU", () -> Cache.builder().maximumSize(Long.MAX_VALUE).eviction(Eviction.LRU));
    all.put("FIFO", () -> Cache.builder().maximumSize(Long.MAX_VALUE).eviction(Eviction.FIFO));
    all.put("write", () -> Cache.builder().expireAfterWrite(Duration.ofHours(1)));
    all.put("write, exactly", () -> Cache.builder().expireAfterWrite(Duration.ofHours(1)).exactClock());
    all.put("access", () -> Cache.builder().expireAfterAccess(Duration.ofHours(1)));
    all.put("variable", () -> Cache.builder().expireAfter(Expiry.writing((key, value) -> Duration.ofHours(1))));
    all.put("weak keys", () -> Cache.builder().weakKeys());
    all.put("weak values", () -> Cache.builder().weakValues());
    all.put("refreshing", () -> Cache.builder().maximumSize(100).refreshAfterWrite(Duration.ofHours(1), key -> key));
    all.put("groups", () -> Cache.builder().maximumSize(100).groups((key, value) -> List.of("group")));
    all.put("statistics", () -> Cache.builder().unbounded().recordStats());
    return all;
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void hits_and_misses_allocate_nothing(String kind) {
    Cache<Object, Object> cache = configurations().get(kind).get().build();
    Object key = "key";
    Object value = "value";
    Object absent = "absent";
    cache.put(key, value);
    assertThat(Allocation.bytesOf(() -> {
      if (cache.getIfPresent(key) != value) {
        throw new AssertionError("not found");
      }
    })).as("a hit").isLessThan(NOTHING);
    assertThat(Allocation.bytesOf(() -> cache.getIfPresent(absent))).as("a miss").isLessThan(NOTHING);
    Reference.reachabilityFence(value);
  }

  @Test
  void a_removal_listener_costs_an_evicting_put_one_object() {
    double without = bytesOfAnEvictingPut(Cache.builder().maximumSize(100));
    double with = bytesOfAnEvictingPut(Cache.builder().maximumSize(100).removalListener((key, value, cause) -> { }));
    assertThat(with - without).isBetween(16.0, 32 + NOTHING);
  }

  private static double bytesOfAnEvictingPut(CacheBuilder<Object, Object> builder) {
    Cache<Object, Object> cache = builder.build();
    int[] next = {0};
    return Allocation.bytesOf(() -> cache.put(++next[0], "value"));
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void an_empty_one_is_small_whatever_its_maximum(String kind) {
    assertThat(Footprint.of(configurations().get(kind).get().build()).bytes()).isLessThan(4_096);
  }

  @Test
  void an_empty_one_of_a_few_thousand_entries_takes_less_than_a_kilobyte() {
    assertThat(Footprint.of(Cache.builder().maximumSize(4_000).build()).bytes()).isLessThan(1_024);
  }

  @Test
  void what_it_takes_grows_with_its_content_and_not_with_the_maximum() {
    long exact = bytesOfFilled(Cache.<Integer, Integer>builder().maximumSize(20_000));
    assertThat(bytesOfFilled(Cache.<Integer, Integer>builder().maximumSize(Long.MAX_VALUE))).isLessThan(exact + exact / 4);
    assertThat(bytesOfFilled(Cache.<Integer, Integer>builder().maximumWeight(Long.MAX_VALUE).weigher((key, value) -> 1))).isLessThan(exact + exact / 2);
  }

  private static long bytesOfFilled(CacheBuilder<Integer, Integer> builder) {
    Cache<Integer, Integer> cache = builder.build();
    for (int i = 0; i < 20_000; i++) {
      cache.put(i, i);
    }
    assertThat(cache.estimatedSize()).isEqualTo(20_000);
    return Footprint.of(cache).bytes();
  }

  @Test
  void a_working_set_that_fits_is_never_evicted_by_many_threads_either() throws Exception {
    int size = 4_096;
    int threads = 4;
    Cache<Integer, Integer> cache = Cache.builder().maximumSize(size).recordStats().build();
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try {
      CountDownLatch start = new CountDownLatch(threads);
      List<Future<?>> all = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        int first = t * 1_000;
        all.add(executor.submit(() -> {
          start.countDown();
          start.await();
          for (int i = 0; i < 10 * size; i++) {
            int key = (first + i) % size;
            if (i % 3 == 0) {
              cache.put(key, i);
            } else {
              cache.get(key, k -> k);
            }
          }
          return null;
        }));
      }
      for (Future<?> one : all) {
        one.get();
      }
    } finally {
      executor.shutdownNow();
    }
    assertThat(cache.stats().evictionCount()).isZero();
    assertThat(cache.estimatedSize()).isEqualTo(size);
  }
}
