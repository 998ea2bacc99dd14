package leaksafe.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import leaksafe.Container;
import leaksafe.RemovalCause;
import leaksafe.internal.Containers;
import leaksafe.testing.ManualTicker;
import org.junit.jupiter.api.Test;

class CacheBuilderTest {

  @Test
  void a_cache_without_a_bound_is_refused_and_the_cures_are_named() {
    assertThatThrownBy(() -> Cache.builder().build()).isInstanceOf(IllegalStateException.class)
        .hasMessage("this cache would grow for ever: set maximumSize, maximumWeight, an expireAfter… or weak references, or say unbounded()");
    assertThatThrownBy(() -> Cache.builder().recordStats().name("x").build()).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void every_bound_is_enough_and_so_is_saying_unbounded() {
    List<CacheBuilder<Object, Object>> builders = List.of(Cache.builder().maximumSize(1), Cache.builder().maximumWeight(1).weigher((k, v) -> 1),
        Cache.builder().expireAfterWrite(Duration.ofNanos(1)), Cache.builder().expireAfterAccess(Duration.ofDays(1_000_000_000)),
        Cache.builder().expireAfter(Expiry.creating((k, v) -> Duration.ZERO)), Cache.builder().weakKeys(), Cache.builder().weakValues(),
        Cache.builder().unbounded());
    for (CacheBuilder<Object, Object> builder : builders) {
      assertThat(builder.build().estimatedSize()).isZero();
    }
  }

  @Test
  void absurd_values_are_refused_with_the_value_and_the_rule() {
    assertThatThrownBy(() -> Cache.builder().maximumSize(0)).isInstanceOf(IllegalArgumentException.class)
        .hasMessage("maximumSize must be at least 1, but was 0");
    assertThatThrownBy(() -> Cache.builder().maximumWeight(-5)).isInstanceOf(IllegalArgumentException.class)
        .hasMessage("maximumWeight must be at least 1, but was -5");
    assertThatThrownBy(() -> Cache.builder().expireAfterWrite(Duration.ZERO)).isInstanceOf(IllegalArgumentException.class)
        .hasMessage("expireAfterWrite must be longer than 0, but was PT0S");
    assertThatThrownBy(() -> Cache.builder().expireAfterAccess(Duration.ofSeconds(-1))).isInstanceOf(IllegalArgumentException.class)
        .hasMessage("expireAfterAccess must be longer than 0, but was PT-1S");
    assertThatThrownBy(() -> Cache.builder().maximumSize(1).maximumSize(2)).isInstanceOf(IllegalStateException.class)
        .hasMessage("maximumSize was set to 1 already, and now to 2: set it once");
    assertThatThrownBy(() -> Cache.builder().expireAfterWrite(Duration.ofMinutes(1)).expireAfterWrite(Duration.ofSeconds(1)))
        .isInstanceOf(IllegalStateException.class).hasMessage("expireAfterWrite was set to PT1M already, and now to PT1S: set it once");
    Budget budget = Budget.builder().name("all").maximumWeight(1).build();
    assertThatThrownBy(() -> Cache.builder().budget(budget).budget(budget)).isInstanceOf(IllegalStateException.class)
        .hasMessage("budget was set to all already, and now to all: set it once");
  }

  @Test
  void a_lifetime_of_null_is_refused_by_name_and_nothing_is_stored() {
    for (Expiry<String, String> expiry : List.<Expiry<String, String>>of(Expiry.creating((key, value) -> null),
        Expiry.writing((key, value) -> null), Expiry.accessing((key, value) -> null))) {
      Cache<String, String> cache = Cache.<String, String>builder().expireAfter(expiry).build();
      assertThatThrownBy(() -> cache.put("k", "v")).isInstanceOf(NullPointerException.class)
          .hasMessage("the function of the Expiry returned null, must return a Duration (ZERO to let go at once)");
      assertThat(cache.asMap()).isEmpty();
    }
  }

  @Test
  void nulls_are_refused_with_the_name_of_the_parameter() {
    CacheBuilder<Object, Object> builder = Cache.builder();
    assertThatThrownBy(() -> builder.name(null)).isInstanceOf(NullPointerException.class).hasMessage("name");
    assertThatThrownBy(() -> builder.weigher(null)).isInstanceOf(NullPointerException.class).hasMessage("weigher");
    assertThatThrownBy(() -> builder.expireAfterWrite(null)).isInstanceOf(NullPointerException.class).hasMessage("expireAfterWrite");
    assertThatThrownBy(() -> builder.ticker(null)).isInstanceOf(NullPointerException.class).hasMessage("ticker");
    assertThatThrownBy(() -> builder.removalListener(null)).isInstanceOf(NullPointerException.class).hasMessage("listener");
    Cache<Object, Object> cache = Cache.builder().maximumSize(1).build();
    assertThatThrownBy(() -> cache.getIfPresent(null)).isInstanceOf(NullPointerException.class).hasMessage("key");
    assertThatThrownBy(() -> cache.get(null, k -> k)).isInstanceOf(NullPointerException.class).hasMessage("key");
    assertThatThrownBy(() -> cache.get("k", null)).isInstanceOf(NullPointerException.class).hasMessage("loader");
    assertThatThrownBy(() -> cache.put(null, "v")).isInstanceOf(NullPointerException.class).hasMessage("key");
    assertThatThrownBy(() -> cache.put("k", null)).isInstanceOf(NullPointerException.class).hasMessage("value");
    assertThatThrownBy(() -> cache.invalidate(null)).isInstanceOf(NullPointerException.class).hasMessage("key");
  }

  @Test
  void contradictions_are_refused() {
    assertThatThrownBy(() -> Cache.builder().maximumSize(1).unbounded().build()).hasMessageContaining("unbounded contradicts");
    assertThatThrownBy(() -> Cache.builder().maximumSize(1).maximumWeight(1).weigher((k, v) -> 1).build()).hasMessageContaining("exclude each other");
    assertThatThrownBy(() -> Cache.builder().maximumWeight(7).build()).hasMessage("maximumWeight 7 needs a weigher: set weigher(…)");
    assertThatThrownBy(() -> Cache.builder().maximumSize(1).weigher((k, v) -> 1).build()).hasMessageContaining("a weigher needs a bound");
    assertThatThrownBy(() -> Cache.builder().unbounded().eviction(Eviction.LRU).build()).hasMessageContaining("needs a maximum");
    assertThatThrownBy(() -> Cache.builder().maximumSize(1).ticker(new ManualTicker()).build()).hasMessageContaining("without a lifetime");
    assertThatThrownBy(() -> Cache.builder().expireAfterWrite(Duration.ofDays(1)).expireAfter(Expiry.creating((k, v) -> Duration.ZERO)).build())
        .hasMessageContaining("excludes");
  }

  @Test
  void types_are_inferred_through_the_chain_or_given_at_its_start() {
    Cache<String, Integer> inferred = Cache.builder().maximumSize(3).build();
    inferred.put("a", 1);
    StringBuilder told = new StringBuilder();
    Cache<String, Integer> given = Cache.<String, Integer>builder().maximumWeight(10).weigher((k, v) -> k.length() + v)
        .removalListener((k, v, cause) -> told.append(k).append(v).append(cause)).build();
    given.put("abc", 4);
    given.invalidate("abc");
    assertThat(told).hasToString("abc4EXPLICIT");
    Cache<String, Integer> lambda = Cache.builder().maximumSize(1)
        .removalListener((String k, Integer v, RemovalCause cause) -> told.append(v + 1)).build();
    lambda.put("k", 1);
    lambda.invalidateAll();
    assertThat(told).hasToString("abc4EXPLICIT2");
  }

  @Test
  void a_builder_builds_caches_that_share_nothing() {
    CacheBuilder<Object, Object> builder = Cache.builder().maximumSize(10);
    Cache<String, String> one = builder.build();
    one.put("a", "b");
    assertThat(builder.<String, String>build().getIfPresent("a")).isNull();
  }

  @Test
  void the_census_sees_it_with_its_name_bound_and_site() {
    Cache<String, String> cache = Cache.builder().name("census-test").maximumSize(10).expireAfterWrite(Duration.ofMinutes(1)).build();
    cache.put("a", "b");
    cache.policy().setMaximum(20);
    Container container = Containers.list().stream().filter(c -> c.name().equals("census-test")).findFirst().orElseThrow();
    assertThat(container.kind()).isEqualTo("cache");
    assertThat(container.bound()).isEqualTo("maximumSize 20, expireAfterWrite PT1M");
    assertThat(container.creationSite()).contains("CacheBuilderTest");
    assertThat(container.estimatedSize()).isEqualTo(1);
    assertThat(container.isUnbounded()).isFalse();
    assertThat(Cache.builder().unbounded().build().name()).startsWith("cache@leaksafe.cache.CacheBuilderTest");
    assertThat(cache.name()).isEqualTo("census-test");
  }
}
