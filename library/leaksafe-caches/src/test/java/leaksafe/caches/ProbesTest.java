package leaksafe.caches;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.google.common.cache.CacheBuilder;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.time.Duration;
import leaksafe.census.Census;
import leaksafe.census.CensusEntry;
import leaksafe.census.Watch;
import org.junit.jupiter.api.Test;

/** Caches of other libraries in the census. */
class ProbesTest {

  private static CensusEntry entry(String name) {
    return Census.snapshot().entries().stream().filter(entry -> entry.name().equals(name)).findFirst().orElseThrow();
  }

  @Test
  void a_cache_of_caffeine_shows_size_bound_and_statistics() {
    com.github.benmanes.caffeine.cache.Cache<Integer, String> cache =
        Caffeine.newBuilder().maximumSize(100).expireAfterWrite(Duration.ofMinutes(5)).recordStats().build();
    cache.get(1, key -> "one");
    cache.getIfPresent(1);
    try (Watch watch = Census.watch("caffeine", cache, CaffeineProbe.INSTANCE)) {
      CensusEntry entry = entry("caffeine");
      assertThat(entry.kind()).isEqualTo("cache");
      assertThat(entry.size()).isEqualTo(1);
      assertThat(entry.bound()).isEqualTo("maximumSize 100, expireAfterWrite PT5M");
      assertThat(entry.site()).contains("ProbesTest.java");
      assertThat(entry.figures()).containsEntry("maximum", 100L).containsEntry("hits", 1L).containsEntry("misses", 1L)
          .containsEntry("loads", 1L).containsEntry("failedLoads", 0L).containsEntry("evictions", 0L);
      assertThat(watch.isActive()).isTrue();
    }
  }

  @Test
  void a_weighed_cache_of_caffeine_shows_its_weight_and_one_without_statistics_no_hits() {
    com.github.benmanes.caffeine.cache.Cache<Integer, String> weighed =
        Caffeine.newBuilder().maximumWeight(100).weigher((Integer key, String value) -> value.length()).build();
    weighed.put(1, "three");
    weighed.cleanUp(); // Caffeine weighs later
    com.github.benmanes.caffeine.cache.Cache<Object, String> weak = Caffeine.newBuilder().weakKeys().build();
    try (Watch one = Census.watch("caffeine weighed", weighed, CaffeineProbe.INSTANCE);
        Watch two = Census.watch("caffeine weak", weak, CaffeineProbe.INSTANCE)) {
      assertThat(entry("caffeine weighed").figures()).containsEntry("weight", 5L).containsEntry("maximumWeight", 100L)
          .doesNotContainKey("hits");
      assertThat(entry("caffeine weak").bound()).isEqualTo("none but weak or soft references, if any");
      assertThat(one.isActive() && two.isActive()).isTrue();
    }
  }

  @Test
  void a_cache_of_guava_shows_size_and_statistics() throws Exception {
    com.google.common.cache.Cache<Integer, String> cache = CacheBuilder.newBuilder().maximumSize(100).recordStats().build();
    cache.get(1, () -> "one");
    cache.getIfPresent(1);
    try (Watch watch = Census.watch("guava", cache, GuavaProbe.INSTANCE)) {
      CensusEntry entry = entry("guava");
      assertThat(entry.size()).isEqualTo(1);
      assertThat(entry.bound()).isEqualTo("not known");
      assertThat(entry.figures()).containsEntry("hits", 1L).containsEntry("misses", 1L).containsEntry("loads", 1L);
      assertThat(watch.isActive()).isTrue();
    }
  }

  @Test
  void a_cache_that_is_watched_is_collected() throws InterruptedException {
    WeakReference<Object> cache = dropped();
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!cache.refersTo(null)) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      System.gc();
      Thread.sleep(10);
    }
  }

  private static WeakReference<Object> dropped() {
    com.github.benmanes.caffeine.cache.Cache<Integer, String> cache = Caffeine.newBuilder().maximumSize(100).build();
    Census.watch("caffeine dropped", cache, CaffeineProbe.INSTANCE);
    WeakReference<Object> reference = new WeakReference<>(cache);
    Reference.reachabilityFence(cache);
    return reference;
  }
}
