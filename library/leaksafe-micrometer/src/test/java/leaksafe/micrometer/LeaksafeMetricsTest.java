package leaksafe.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.InputStream;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import leaksafe.Lease;
import leaksafe.cache.Cache;
import leaksafe.cache.LeaseCache;
import leaksafe.census.Census;
import leaksafe.census.CensusEntry;
import leaksafe.census.CensusSnapshot;
import leaksafe.pool.Pool;
import leaksafe.resource.OwnedExecutors;
import leaksafe.resource.Scope;
import leaksafe.resource.Tracker;
import org.junit.jupiter.api.Test;

/** What Prometheus scrapes, and that nothing is kept alive for it. */
class LeaksafeMetricsTest {
  private static final Pattern METRIC = Pattern.compile("\\b(?:cache|leaksafe)_[a-z_]+");

  private static void await(String what, BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as(what).isLessThan(deadline);
      System.gc();
      Thread.sleep(20);
    }
  }

  private static PrometheusMeterRegistry prometheus() {
    return new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  }

  @Test
  void a_cache_has_the_conventional_meters() {
    Cache<Integer, String> cache = Cache.<Integer, String>builder().name("orders \"x\"").maximumSize(10).recordStats().build();
    for (int i = 0; i < 12; i++) {
      cache.get(i, key -> "value");
    }
    cache.getIfPresent(11);
    PrometheusMeterRegistry registry = prometheus();
    try (LeaksafeMetrics metrics = new LeaksafeMetrics(Tags.of("app", "shop"))) {
      metrics.bindTo(registry);
      assertThat(registry.scrape().lines()).contains(
          "cache_size{app=\"shop\",cache=\"orders \\\"x\\\"\"} 10.0",
          "cache_gets_total{app=\"shop\",cache=\"orders \\\"x\\\"\",result=\"hit\"} 1.0",
          "cache_gets_total{app=\"shop\",cache=\"orders \\\"x\\\"\",result=\"miss\"} 12.0",
          "cache_puts_total{app=\"shop\",cache=\"orders \\\"x\\\"\"} 12.0",
          "cache_evictions_total{app=\"shop\",cache=\"orders \\\"x\\\"\"} 2.0",
          "cache_load_total{app=\"shop\",cache=\"orders \\\"x\\\"\",result=\"success\"} 12.0",
          "cache_load_total{app=\"shop\",cache=\"orders \\\"x\\\"\",result=\"failure\"} 0.0",
          "leaksafe_container_size{app=\"shop\",kind=\"cache\",name=\"orders \\\"x\\\"\"} 10.0",
          "leaksafe_cache_maximum{app=\"shop\",name=\"orders \\\"x\\\"\"} 10.0");
      assertThat(registry.scrape()).doesNotContain("leaksafe_cache_hits");
    }
    assertThat(registry.scrape()).doesNotContain("cache_size", "leaksafe");
    Reference.reachabilityFence(cache);
  }

  @Test
  void a_pool_a_tracker_and_what_is_watched_have_meters() throws Exception {
    Map<String, String> map = new HashMap<>(Map.of("a", "1"));
    Census.watch("metered map", map);
    PrometheusMeterRegistry registry = prometheus();
    try (Pool<Object> pool = Pool.<Object>builder(Object::new).name("metered pool").size(0, 3).build();
        Lease<Object> lease = pool.acquire(Duration.ofSeconds(20));
        LeaksafeMetrics metrics = new LeaksafeMetrics()) {
      metrics.bindTo(registry);
      assertThat(registry.scrape().lines()).contains(
          "leaksafe_pool_leased{name=\"metered pool\"} 1.0",
          "leaksafe_pool_maximum{name=\"metered pool\"} 3.0",
          "leaksafe_pool_acquired_total{name=\"metered pool\"} 1.0",
          "leaksafe_pool_open_failures_total{name=\"metered pool\"} 0.0",
          "leaksafe_container_size{kind=\"map\",name=\"metered map\"} 1.0").anyMatch(line -> line.startsWith("leaksafe_leaks_total"));
      assertThat(lease.isClosed()).isFalse();
      map.put("b", "2");
      await("the new size is read", () -> registry.scrape().contains("leaksafe_container_size{kind=\"map\",name=\"metered map\"} 2.0"));
    }
  }

  @Test
  void meters_need_not_be_kept_come_later_and_go_with_the_container() throws Exception {
    MeterRegistry registry = new SimpleMeterRegistry();
    new LeaksafeMetrics().bindTo(registry);
    System.gc();
    WeakReference<Object> cache = lateCache(registry);
    await("the cache is collected", () -> cache.refersTo(null));
    await("its meters are removed", () -> registry.find("cache.size").tag("cache", "metered late").meters().isEmpty()
        && registry.find("leaksafe.container.size").tag("name", "metered late").meters().isEmpty());
    assertThat(registry.find("leaksafe.census.meters").gauge().value()).isPositive();
  }

  private static WeakReference<Object> lateCache(MeterRegistry registry) throws InterruptedException {
    Cache<Integer, String> cache = Cache.<Integer, String>builder().name("metered late").maximumSize(10).recordStats().build();
    cache.put(1, "one");
    await("its meters appear", () -> registry.find("cache.size").tag("cache", "metered late").gauge() != null);
    assertThat(registry.find("cache.size").tag("cache", "metered late").gauge().value()).isEqualTo(1);
    return new WeakReference<>(cache);
  }

  @Test
  void a_registry_that_is_dropped_is_collected() throws Exception {
    WeakReference<MeterRegistry> registry = droppedRegistry();
    await("the registry is collected", () -> registry.refersTo(null));
  }

  private static WeakReference<MeterRegistry> droppedRegistry() {
    MeterRegistry registry = new SimpleMeterRegistry();
    new LeaksafeMetrics().bindTo(registry);
    return new WeakReference<>(registry);
  }

  @Test
  void containers_of_one_name_share_a_meter_whose_counters_never_fall() throws Exception {
    MeterRegistry registry = new SimpleMeterRegistry();
    try (LeaksafeMetrics metrics = new LeaksafeMetrics()) {
      Cache<Integer, String> stays = Cache.<Integer, String>builder().name("metered twin").maximumSize(10).recordStats().build();
      stays.getIfPresent(1);
      WeakReference<Object> goes = secondTwin(registry, metrics);
      await("the other twin is collected", () -> goes.refersTo(null));
      await("its size is gone", () -> registry.find("cache.size").tag("cache", "metered twin").gauge().value() == 0);
      assertThat(registry.find("cache.gets").tags("cache", "metered twin", "result", "miss").functionCounter().count()).isEqualTo(4);
      Reference.reachabilityFence(stays);
    }
  }

  private static WeakReference<Object> secondTwin(MeterRegistry registry, LeaksafeMetrics metrics) {
    Cache<Integer, String> twin = Cache.<Integer, String>builder().name("metered twin").maximumSize(10).recordStats().build();
    for (int i = 0; i < 3; i++) {
      twin.getIfPresent(i);
    }
    twin.put(1, "one");
    metrics.bindTo(registry);
    assertThat(registry.find("cache.gets").tags("cache", "metered twin", "result", "miss").functionCounter().count()).isEqualTo(4);
    assertThat(registry.find("cache.size").tag("cache", "metered twin").gauge().value()).isEqualTo(1);
    return new WeakReference<>(twin);
  }

  @Test
  void the_number_of_meters_is_bounded() {
    List<Scope> scopes = new ArrayList<>();
    MeterRegistry registry = new SimpleMeterRegistry();
    try (LeaksafeMetrics metrics = new LeaksafeMetrics()) {
      for (int i = 0; i < Binding.MOST + 10; i++) {
        scopes.add(Scope.open("request " + i));
      }
      metrics.bindTo(registry);
      assertThat(registry.getMeters()).hasSize(Binding.MOST);
    } finally {
      scopes.forEach(Scope::close);
    }
    assertThat(registry.getMeters()).isEmpty();
  }

  @Test
  void each_metric_of_the_dashboard_is_in_the_scrape() throws Exception {
    Cache<Integer, String> cache = Cache.<Integer, String>builder().name("dashboard cache").maximumSize(10).recordStats().build();
    Tracker<Object> tracker = Tracker.<Object>builder("dashboard tracker").build();
    ExecutorService executor = OwnedExecutors.named("dashboard executor").queueCapacity(1).build();
    PrometheusMeterRegistry registry = prometheus();
    try (Pool<Object> pool = Pool.<Object>builder(Object::new).name("dashboard pool").size(0, 3).build();
        Scope scope = Scope.open("dashboard scope");
        LeaksafeMetrics metrics = new LeaksafeMetrics()) {
      metrics.bindTo(registry);
      Set<String> scraped = new HashSet<>();
      registry.scrape().lines().filter(line -> !line.startsWith("#")).forEach(line -> scraped.add(line.split("[{ ]", 2)[0]));
      List<String> expressions = new ArrayList<>();
      for (JsonElement panel : dashboard().getAsJsonArray("panels")) {
        panel.getAsJsonObject().getAsJsonArray("targets").forEach(t -> expressions.add(t.getAsJsonObject().get("expr").getAsString()));
      }
      assertThat(expressions).hasSizeGreaterThan(15);
      for (String expression : expressions) {
        Set<String> named = new HashSet<>();
        Matcher matcher = METRIC.matcher(expression);
        while (matcher.find()) {
          named.add(matcher.group());
        }
        assertThat(named).as(expression).isNotEmpty().isSubsetOf(scraped);
        assertThat(expression.chars().filter(c -> c == '(').count()).as(expression).isEqualTo(expression.chars().filter(c -> c == ')').count());
      }
      assertThat(registry.scrape()).contains("kind=\"scope\"", "kind=\"executor\"");
      assertThat(List.of(pool.stats().leased(), scope.size())).containsOnly(0);
    } finally {
      executor.shutdown();
    }
    Reference.reachabilityFence(List.of(cache, tracker));
  }

  private static JsonObject dashboard() throws Exception {
    try (InputStream in = LeaksafeMetrics.class.getResourceAsStream("grafana-dashboard.json")) {
      return JsonParser.parseString(new String(in.readAllBytes(), StandardCharsets.UTF_8)).getAsJsonObject();
    }
  }

  @Test
  void a_lease_cache_counts_what_it_closed() {
    PrometheusMeterRegistry registry = prometheus();
    try (LeaseCache<Integer, AutoCloseable> cache = LeaseCache.<Integer, AutoCloseable>builder().name("metered leases").maximumOpen(1).build();
        LeaksafeMetrics metrics = new LeaksafeMetrics()) {
      metrics.bindTo(registry);
      assertThat(registry.scrape()).contains("_closed_total{name=\"metered leases\"}");
      assertThat(cache.stats().closed()).isZero();
    }
  }

  @Test
  void a_registry_that_refuses_stops_nothing() {
    MeterRegistry registry = new SimpleMeterRegistry();
    registry.config().onMeterAdded(meter -> {
      if (meter.getId().getName().equals("cache.size")) {
        throw new IllegalStateException("on purpose");
      }
    });
    Cache<Integer, String> cache = Cache.<Integer, String>builder().name("refused").maximumSize(10).recordStats().build();
    try (LeaksafeMetrics metrics = new LeaksafeMetrics()) {
      metrics.bindTo(registry);
      assertThat(registry.getMeters()).extracting(Meter::getId).extracting(Meter.Id::getName).contains("cache.gets", "leaksafe.containers");
    }
    Reference.reachabilityFence(cache);
  }

  @Test
  void a_snapshot_that_was_overtaken_changes_nothing() {
    Readings readings = new Readings();
    readings.update(new CensusSnapshot(Long.MAX_VALUE, Instant.EPOCH, List.of(entry(7))));
    readings.update(new CensusSnapshot(1, Instant.EPOCH, List.of(entry(3))));
    Reading size = Reading.of(new CensusSnapshot(1, Instant.EPOCH, List.of(entry(0)))).stream()
        .filter(reading -> reading.meter().equals("leaksafe.container.size")).findFirst().orElseThrow();
    assertThat(readings.value(size)).isEqualTo(7);
  }

  private static CensusEntry entry(long size) {
    return new CensusEntry(1, "overtaken", "map", "site", "app", size, "bound", false, Map.of(), null);
  }

  @Test
  void bad_input_is_refused() {
    assertThatNullPointerException().isThrownBy(() -> new LeaksafeMetrics(null)).withMessage("tags");
    assertThatNullPointerException().isThrownBy(() -> new LeaksafeMetrics().bindTo(null)).withMessage("registry");
  }
}
