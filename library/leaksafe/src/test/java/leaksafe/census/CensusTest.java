package leaksafe.census;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.lang.ref.Reference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import leaksafe.Lease;
import leaksafe.cache.Cache;
import leaksafe.event.EventBus;
import leaksafe.event.Topic;
import leaksafe.pool.Pool;
import leaksafe.registry.PerThread;
import leaksafe.registry.WeakInterner;
import leaksafe.registry.WeakRegistry;
import leaksafe.registry.WeakSet;
import leaksafe.resource.OwnedExecutors;
import leaksafe.resource.Scope;
import leaksafe.resource.Tracker;
import leaksafe.testing.Gc;
import org.junit.jupiter.api.Test;

/** What the census knows of each container, and of what is watched. */
class CensusTest {

  private static CensusEntry entry(String name) {
    List<CensusEntry> found = Census.snapshot().filter(entry -> entry.name().equals(name)).entries();
    assertThat(found).as("entries named %s", name).hasSize(1);
    return found.get(0);
  }

  private static boolean isListed(String name) {
    return Census.snapshot().entries().stream().anyMatch(entry -> entry.name().equals(name));
  }

  @Test
  void a_cache_shows_its_size_bound_weight_and_hits() {
    Cache<Integer, String> cache = Cache.<Integer, String>builder().name("census cache").maximumSize(10).recordStats().build();
    cache.put(1, "one");
    cache.getIfPresent(1);
    cache.getIfPresent(2);
    CensusEntry entry = entry("census cache");
    assertThat(entry.kind()).isEqualTo("cache");
    assertThat(entry.size()).isEqualTo(1);
    assertThat(entry.bound()).isEqualTo("maximumSize 10");
    assertThat(entry.unbounded()).isFalse();
    assertThat(entry.site()).startsWith(CensusTest.class.getName()).contains("CensusTest.java:");
    assertThat(entry.classLoader()).isEqualTo("app");
    assertThat(entry.failure()).isNull();
    assertThat(entry.figures()).containsEntry("hits", 1L).containsEntry("misses", 1L).containsEntry("maximum", 10L);
    Cache<Integer, String> weighed = Cache.<Integer, String>builder().name("census weighed").maximumWeight(100)
        .weigher((key, value) -> value.length()).build();
    weighed.put(1, "three");
    assertThat(entry("census weighed").figures()).containsEntry("weight", 5L).containsEntry("maximumWeight", 100L);
    Cache<Integer, String> endless = Cache.<Integer, String>builder().name("census endless").unbounded().build();
    assertThat(entry("census endless").unbounded()).isTrue();
    Reference.reachabilityFence(List.of(cache, weighed, endless));
  }

  @Test
  void a_pool_shows_its_leases() throws InterruptedException {
    try (Pool<Object> pool = Pool.<Object>builder(Object::new).name("census pool").size(1, 4).build();
        Lease<Object> lease = pool.acquire(Duration.ofSeconds(20))) {
      CensusEntry entry = entry("census pool");
      assertThat(entry.kind()).isEqualTo("pool");
      assertThat(entry.bound()).isEqualTo("size 1 to 4");
      assertThat(entry.figure("leased", -1)).isEqualTo(1);
      assertThat(entry.figure("acquired", -1)).isEqualTo(1);
      assertThat(entry.figure("maximum", -1)).isEqualTo(4);
      assertThat(entry.figure("no such figure", -1)).isEqualTo(-1);
      assertThat(lease.isClosed()).isFalse();
    }
    assertThat(isListed("census pool")).isFalse();
  }

  @Test
  void registries_sets_interners_and_thread_values_show_their_size_and_hold() {
    Object key = new Object();
    try (WeakRegistry<Object, String> registry = WeakRegistry.<Object, String>builder().name("census registry").build();
        WeakSet<Object> set = WeakSet.create("census set");
        WeakInterner<Object> interner = WeakInterner.create("census interner");
        PerThread<String> perThread = PerThread.<String>builder(() -> "value").name("census perthread").build()) {
      registry.put(key, "value");
      set.add(key);
      interner.intern(key);
      perThread.get();
      assertThat(List.of(entry("census registry"), entry("census set"), entry("census interner"), entry("census perthread")))
          .allSatisfy(entry -> assertThat(entry.size()).isEqualTo(1))
          .extracting(CensusEntry::kind, CensusEntry::bound).containsExactly(
              org.assertj.core.groups.Tuple.tuple("registry", "weak keys"),
              org.assertj.core.groups.Tuple.tuple("set", "weak elements"),
              org.assertj.core.groups.Tuple.tuple("interner", "weak elements"),
              org.assertj.core.groups.Tuple.tuple("perthread", "live threads"));
    }
    assertThat(isListed("census registry")).isFalse();
    Reference.reachabilityFence(key);
  }

  @Test
  void buses_topics_scopes_trackers_and_executors_are_listed() {
    EventBus bus = EventBus.builder().name("census bus").build();
    Topic<String> topic = Topic.<String>builder().name("census topic").build();
    Object owner = new Object();
    bus.subscribe(owner, String.class, (o, event) -> {});
    Tracker<Object> tracker = Tracker.<Object>builder("census tracker").build();
    ExecutorService executor = OwnedExecutors.named("census executor").queueCapacity(7).build();
    ExecutorService timer = OwnedExecutors.named("census timer").unbounded().buildTimer();
    try (Scope scope = Scope.open("census scope")) {
      scope.defer(() -> {});
      assertThat(entry("census scope").size()).isEqualTo(1);
      assertThat(entry("census scope").site()).startsWith(CensusTest.class.getName());
      assertThat(entry("census scope").classLoader()).isEqualTo("app");
    }
    assertThat(isListed("census scope")).isFalse();
    assertThat(entry("census bus").figure("subscriptions", 0)).isEqualTo(1);
    assertThat(entry("census topic").kind()).isEqualTo("topic");
    assertThat(entry("census tracker").kind()).isEqualTo("tracker");
    assertThat(entry("census executor").kind()).isEqualTo("executor");
    assertThat(entry("census executor").bound()).isEqualTo("queueCapacity 7");
    assertThat(entry("census executor").figures()).containsEntry("maximumThreads", 1L);
    assertThat(entry("census timer").unbounded()).isTrue();
    executor.shutdown();
    timer.shutdownNow();
    assertThat(isListed("census executor")).isFalse();
    assertThat(isListed("census timer")).isFalse();
    bus.close();
    Reference.reachabilityFence(List.of(bus, topic, owner, tracker));
  }

  @Test
  void a_map_that_is_watched_is_listed_until_its_watch_is_closed() {
    Map<String, String> map = new HashMap<>(Map.of("a", "1", "b", "2"));
    Watch watch = Census.watch("census map", map);
    assertThat(entry("census map").size()).isEqualTo(2);
    assertThat(entry("census map").kind()).isEqualTo("map");
    assertThat(entry("census map").bound()).isEqualTo("not known");
    assertThat(entry("census map").site()).startsWith(CensusTest.class.getName());
    assertThat(watch.isActive()).isTrue();
    assertThat(watch).hasToString("watch over census map");
    watch.close();
    watch.close();
    assertThat(isListed("census map")).isFalse();
    assertThat(watch).hasToString("watch over census map, ended");
    Reference.reachabilityFence(map);
  }

  @Test
  void a_watch_ends_with_the_collection() {
    Watch watch = watchAndDrop();
    Gc.await("the watch ends", () -> !watch.isActive() && !isListed("census dropped list"));
  }

  private static Watch watchAndDrop() {
    return Census.watch("census dropped list", new ArrayList<>(List.of(1, 2, 3)));
  }

  @Test
  void an_object_is_watched_once() {
    Map<String, String> map = new HashMap<>();
    Watch first = Census.watch("census first name", map);
    Watch second = Census.watch("census second name", map);
    assertThat(first.isActive()).isFalse();
    assertThat(second.isActive()).isTrue();
    assertThat(isListed("census first name")).isFalse();
    assertThat(isListed("census second name")).isTrue();
    first.close(); // which does nothing to the second
    assertThat(isListed("census second name")).isTrue();
    second.close();
    Reference.reachabilityFence(map);
  }

  @Test
  void anything_with_a_size_can_be_watched() {
    StringBuilder text = new StringBuilder("12345");
    try (Watch watch = Census.watch("census text", "text", text, StringBuilder::length)) {
      assertThat(entry("census text").size()).isEqualTo(5);
      assertThat(entry("census text").kind()).isEqualTo("text");
      assertThat(watch.isActive()).isTrue();
    }
  }

  @Test
  void a_probe_tells_bound_and_figures() {
    Probe<StringBuilder> probe = new Probe<>() {
      @Override
      public String kind() {
        return "text";
      }

      @Override
      public long size(StringBuilder text) {
        return text.length();
      }

      @Override
      public String bound(StringBuilder text) {
        return "capacity " + text.capacity();
      }

      @Override
      public Map<String, Number> figures(StringBuilder text) {
        return Map.of("share", 0.5f);
      }
    };
    StringBuilder text = new StringBuilder(99);
    try (Watch watch = Census.watch("census probe", text, probe)) {
      assertThat(entry("census probe").bound()).isEqualTo("capacity 99");
      assertThat(entry("census probe").figures()).containsEntry("share", 0.5);
      assertThat(watch.isActive()).isTrue();
    }
  }

  @Test
  void a_function_that_captures_what_is_watched_is_refused_with_the_path() {
    StringBuilder text = new StringBuilder();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Census.watch("census captured", "text", text, ignored -> text.length()))
        .withMessageContaining("census captured: what reads the size refers to what is watched")
        .withMessageContaining("arg$1");
    assertThat(isListed("census captured")).isFalse();
  }

  @Test
  void a_size_that_throws_is_shown_and_stops_nobody() {
    StringBuilder text = new StringBuilder();
    Map<String, String> other = new HashMap<>(Map.of("a", "1"));
    try (Watch failing = Census.watch("census failing", "text", text, ignored -> {
      throw new IllegalStateException("on purpose");
    }); Watch working = Census.watch("census working", other)) {
      CensusEntry entry = entry("census failing");
      assertThat(entry.failure()).isEqualTo("java.lang.IllegalStateException");
      assertThat(entry.size()).isZero();
      assertThat(entry).asString().contains("failed with java.lang.IllegalStateException");
      assertThat(entry("census working").size()).isEqualTo(1);
      assertThat(List.of(failing.isActive(), working.isActive())).containsOnly(true);
    }
  }

  @Test
  void containers_of_the_same_name_are_told_apart() {
    Cache<Integer, String> one = Cache.<Integer, String>builder().name("census twin").maximumSize(1).build();
    Cache<Integer, String> two = Cache.<Integer, String>builder().name("census twin").maximumSize(2).build();
    List<CensusEntry> twins = Census.snapshot().filter(entry -> entry.name().equals("census twin")).entries();
    assertThat(twins).extracting(CensusEntry::id).doesNotHaveDuplicates().hasSize(2);
    Reference.reachabilityFence(List.of(one, two));
  }

  @Test
  void a_sampler_hands_out_snapshots_until_it_is_closed() {
    List<CensusSnapshot> seen = new CopyOnWriteArrayList<>();
    CensusSampler sampler = Census.every(Duration.ofMillis(10), seen::add);
    Gc.awaitWithoutGc("three snapshots", () -> seen.size() >= 3);
    assertThat(seen.get(2).number()).isGreaterThan(seen.get(0).number());
    assertThat(sampler).hasToString("census every PT0.01S");
    sampler.close();
    assertThat(sampler).hasToString("census every PT0.01S, closed");
  }

  @Test
  void a_consumer_that_throws_is_called_again() {
    List<CensusSnapshot> seen = new CopyOnWriteArrayList<>();
    try (CensusSampler sampler = Census.every(Duration.ofMillis(10), snapshot -> {
      seen.add(snapshot);
      throw new IllegalStateException("on purpose");
    })) {
      Gc.awaitWithoutGc("two snapshots", () -> seen.size() >= 2);
      assertThat(sampler).asString().doesNotContain("closed");
    }
  }

  @Test
  void bad_input_is_refused() {
    assertThatNullPointerException().isThrownBy(() -> Census.watch(null, new HashMap<>())).withMessage("name");
    assertThatNullPointerException().isThrownBy(() -> Census.watch("x", (Map<?, ?>) null)).withMessage("map");
    assertThatNullPointerException().isThrownBy(() -> Census.watch("x", (List<?>) null)).withMessage("collection");
    assertThatNullPointerException().isThrownBy(() -> Census.watch("x", null, "", String::length)).withMessage("kind");
    assertThatNullPointerException().isThrownBy(() -> Census.<String>watch("x", "kind", null, String::length)).withMessage("owner");
    assertThatNullPointerException().isThrownBy(() -> Census.watch("x", "kind", "", null)).withMessage("size");
    assertThatNullPointerException().isThrownBy(() -> Census.watch("x", "", (Probe<String>) null)).withMessage("probe");
    assertThatIllegalArgumentException().isThrownBy(() -> Census.every(Duration.ofMillis(9), snapshot -> {}))
        .withMessage("period must be at least PT0.01S, but was PT0.009S");
    assertThatNullPointerException().isThrownBy(() -> Census.every(Duration.ofSeconds(1), null)).withMessage("consumer");
  }
}
