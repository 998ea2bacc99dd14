package leaksafe.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.lang.ref.Reference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongUnaryOperator;
import leaksafe.Container;
import leaksafe.Failure;
import leaksafe.census.Census;
import leaksafe.internal.Containers;
import leaksafe.resource.Tracker;
import leaksafe.testing.Gc;
import leaksafe.testing.ManualTicker;
import org.junit.jupiter.api.Test;

class GrowthMonitorTest {
  private static final Duration NEVER = Duration.ofDays(36_500);

  private final ManualTicker ticker = new ManualTicker();
  private final List<GrowthAlert> alerts = new ArrayList<>();
  private final List<Failure> failures = new ArrayList<>();

  /** A monitor that takes samples by hand alone. */
  private GrowthMonitorBuilder byHand() {
    return GrowthMonitor.builder().name("test").atInterval(NEVER).cycle(Duration.ZERO).heap(false).containers(false).ticker(ticker)
        .listener(alerts::add).failureListener(failures::add);
  }

  private void sample(GrowthMonitor monitor, int times) {
    for (int i = 0; i < times; i++) {
      ticker.advance(Duration.ofMinutes(1));
      monitor.sample();
    }
  }

  /** A figure that is a function of how often it was asked. */
  private static java.util.function.LongSupplier counting(LongUnaryOperator figure) {
    AtomicLong calls = new AtomicLong();
    return () -> figure.applyAsLong(calls.getAndIncrement());
  }

  @Test
  void steady_growth_is_told_once_after_65_samples_with_its_rate() {
    try (GrowthMonitor monitor = byHand().build()) {
      monitor.watch("orders", counting(i -> 1000 + 5 * i));
      monitor.watch("flat", counting(i -> 1000 + i % 7));
      sample(monitor, 64);
      assertThat(alerts).isEmpty();
      assertThat(monitor.report()).extracting(Growth::verdict).containsOnly(Verdict.GATHERING);
      sample(monitor, 1);
      assertThat(alerts).singleElement().satisfies(alert -> {
        assertThat(alert.ended()).isFalse();
        assertThat(alert.growth().name()).isEqualTo("orders");
        assertThat(alert.growth().kind()).isEqualTo("gauge");
        assertThat(alert.growth().latest()).isEqualTo(1320);
        assertThat(alert.growth().perHour()).isEqualTo(300);
        assertThat(alert.growth().observed()).isBetween(Duration.ofMinutes(60), Duration.ofMinutes(64));
        assertThat(alert.growth().site()).contains("GrowthMonitorTest.java:");
        assertThat(alert.growth().floors()).hasSizeBetween(24, 64).isSorted();
        assertThat(alert).hasToString("test: gauge orders: growing, 1320, +300.0 an hour over 63 min; " + alert.growth().reason()
            + "; created at " + alert.growth().site());
      });
      sample(monitor, 200);
      assertThat(alerts).hasSize(1);
      assertThat(monitor.growing()).extracting(Growth::name).containsExactly("orders");
      assertThat(monitor.report()).extracting(Growth::name).containsExactly("orders", "flat");
    }
    assertThat(failures).isEmpty();
  }

  @Test
  void growth_that_stopped_is_told_as_ended() {
    try (GrowthMonitor monitor = byHand().build()) {
      monitor.watch("orders", counting(i -> 1000 + 5 * Math.min(i, 150)));
      sample(monitor, 1000);
      assertThat(alerts).extracting(GrowthAlert::ended).containsExactly(false, true);
      assertThat(alerts.get(1)).asString().startsWith("test: no longer growing: gauge orders: quiet, 1750; ");
      assertThat(monitor.growing()).isEmpty();
    }
  }

  @Test
  void what_was_not_watched_for_a_cycle_is_suspected_and_not_told() {
    try (GrowthMonitor monitor = byHand().cycle(Duration.ofHours(10)).build()) {
      monitor.watch("orders", counting(i -> 1000 + 5 * i));
      sample(monitor, 590);
      assertThat(alerts).isEmpty();
      assertThat(monitor.report()).singleElement().satisfies(growth -> {
        assertThat(growth.verdict()).isEqualTo(Verdict.SUSPECTED);
        assertThat(growth.perHour()).isEqualTo(300);
        assertThat(growth.reason()).endsWith(", for less than the cycle of PT10H");
      });
      sample(monitor, 150);
      assertThat(alerts).hasSize(1);
    }
  }

  @Test
  void a_wave_of_a_cycle_is_not_told() {
    try (GrowthMonitor monitor = byHand().cycle(Duration.ofMinutes(300)).build()) {
      monitor.watch("sessions", counting(i -> Math.round(10_000 + 9_000 * Math.sin(2 * Math.PI * i / 300) + i * 7919 % 101)));
      sample(monitor, 1200);
      assertThat(alerts).isEmpty();
    }
  }

  @Test
  void too_little_growth_is_not_worth_telling() {
    try (GrowthMonitor monitor = byHand().minimumGrowth(1000).build()) {
      monitor.watch("orders", counting(i -> 5 * i));
      sample(monitor, 100);
      assertThat(alerts).isEmpty();
      sample(monitor, 700); // in 256 samples it grows by 1275
      assertThat(alerts).hasSize(1);
    }
  }

  /** A container as a test likes it. */
  private static final class Fake implements Container {
    private final String name;
    private final long maximum;
    volatile long size;

    Fake(String name, long maximum) {
      this.name = name;
      this.maximum = maximum;
      Containers.announce(this);
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public String kind() {
      return "fake";
    }

    @Override
    public String creationSite() {
      return "Fakes.java:7";
    }

    @Override
    public long estimatedSize() {
      if (size < 0) {
        throw new IllegalStateException("the fake fails");
      }
      return size;
    }

    @Override
    public String bound() {
      return maximum < 0 ? "unbounded" : "maximumSize " + maximum;
    }

    @Override
    public Map<String, Number> figures() {
      return maximum < 0 ? Map.of() : Map.of("maximum", maximum);
    }
  }

  @Test
  void a_container_that_grows_is_told_and_one_with_a_maximum_fills_up() {
    Fake growing = new Fake("growing", -1);
    Fake filling = new Fake("filling", 2000);
    try (GrowthMonitor monitor = byHand().containers(true).build()) {
      for (int i = 0; i < 100; i++) {
        growing.size = 10 + 3L * i;
        filling.size = 10 + 3L * i;
        sample(monitor, 1);
      }
      assertThat(alerts).filteredOn(alert -> alert.growth().kind().equals("fake")).singleElement().asString().contains("fake growing: growing", "created at Fakes.java:7", "bound: unbounded");
      assertThat(monitor.report()).filteredOn(growth -> growth.name().equals("filling")).singleElement().satisfies(growth -> {
        assertThat(growth.verdict()).isEqualTo(Verdict.QUIET);
        assertThat(growth.reason()).isEqualTo("fills up to its maximum of 2000");
        assertThat(growth.fullIn()).contains(Duration.ofSeconds((2000 - 307) / 3 * 60 + 20));
      });
    }
    Reference.reachabilityFence(growing);
    Reference.reachabilityFence(filling);
  }

  @Test
  void what_the_census_watches_is_watched_for_growth() {
    Map<Integer, Integer> orders = new HashMap<>();
    Census.watch("orders of the shop", orders);
    try (GrowthMonitor monitor = byHand().containers(true).build()) {
      for (int i = 0; i < 65; i++) {
        orders.put(i, i);
        sample(monitor, 1);
      }
      assertThat(monitor.growing()).filteredOn(growth -> growth.name().equals("orders of the shop")).singleElement()
          .satisfies(growth -> assertThat(growth.kind()).isEqualTo("map"));
    }
    Reference.reachabilityFence(orders);
  }

  @Test
  void ever_more_small_containers_of_one_line_are_told_by_their_number() {
    List<Fake> kept = new ArrayList<>();
    try (GrowthMonitor monitor = byHand().containers(true).build()) {
      for (int i = 0; i < 80; i++) {
        kept.add(new Fake("one of many", 10));
        sample(monitor, 1);
      }
    }
    assertThat(alerts).extracting(alert -> alert.growth().kind() + " " + alert.growth().name()).filteredOn(text -> text.contains("fake"))
        .containsExactly("number of fake instances one of many");
    Reference.reachabilityFence(kept);
  }

  @Test
  void a_tracker_that_grows_says_which_lines_add() {
    Tracker<Object> tracker = Tracker.<Object>builder("handles").sampleSites(1).build();
    List<Object> kept = new ArrayList<>();
    try (GrowthMonitor monitor = byHand().containers(true).build()) {
      for (int i = 0; i < 80; i++) {
        Object handle = new Object();
        kept.add(handle);
        kept.add(tracker.track(handle));
        sample(monitor, 1);
      }
    }
    assertThat(alerts).filteredOn(alert -> alert.growth().name().equals("handles")).singleElement().satisfies(
        alert -> assertThat(alert.growth().addedBy()).singleElement().asString().contains("GrowthMonitorTest.java:").contains("(6"));
    Reference.reachabilityFence(kept);
    Reference.reachabilityFence(tracker);
  }

  @Test
  void a_gauge_of_an_owner_does_not_keep_it_and_ends_with_it() {
    try (GrowthMonitor monitor = byHand().build()) {
      Reference<?> owner = watchAndDrop(monitor);
      Gc.awaitCleared(owner);
      sample(monitor, 1);
      assertThat(monitor.report()).isEmpty();
    }
  }

  private Reference<?> watchAndDrop(GrowthMonitor monitor) {
    Map<String, String> orders = new HashMap<>();
    monitor.watch("orders", orders, Map::size);
    sample(monitor, 70);
    assertThat(monitor.report()).hasSize(1);
    return new java.lang.ref.WeakReference<>(orders);
  }

  @Test
  void a_function_that_reaches_its_owner_is_refused_with_the_path() {
    try (GrowthMonitor monitor = byHand().build()) {
      Map<String, String> orders = new HashMap<>();
      assertThatIllegalArgumentException().isThrownBy(() -> monitor.watch("orders", orders, ignored -> orders.size()))
          .withMessageStartingWith("the function of gauge 'orders' reaches its owner (GrowthMonitorTest$$Lambda.arg$1) and would keep it alive");
    }
  }

  @Test
  void what_gauges_containers_and_listeners_throw_is_reported_and_stops_nobody() {
    Fake failing = new Fake("failing", -1);
    failing.size = -1;
    RuntimeException cause = new RuntimeException("on purpose");
    try (GrowthMonitor monitor = byHand().containers(true).listener(alert -> {
      throw cause;
    }).listener(alerts::add).build()) {
      monitor.watch("bad", () -> {
        throw cause;
      });
      monitor.watch("good", counting(i -> 5 * i));
      sample(monitor, 65);
    }
    assertThat(alerts).as("both listeners around the failing one").filteredOn(alert -> alert.growth().name().equals("good")).hasSize(2);
    assertThat(failures).filteredOn(failure -> "the fake fails".equals(failure.cause().getMessage())).hasSize(65)
        .extracting(Failure::role).containsOnly("container");
    assertThat(failures).filteredOn(failure -> failure.role().equals("growth listener")).isNotEmpty();
    assertThat(failures).filteredOn(failure -> failure.role().equals("gauge")).hasSize(65).first().satisfies(failure -> {
      assertThat(failure.container()).isEqualTo("test");
      assertThat(failure.detail()).isEqualTo("gauge bad");
      assertThat(failure.cause()).isSameAs(cause);
    });
    Reference.reachabilityFence(failing);
  }

  @Test
  void gauges_come_and_go_by_name() {
    try (GrowthMonitor monitor = byHand().maximumSeries(2).build()) {
      monitor.watch("a", () -> 1);
      assertThatIllegalArgumentException().isThrownBy(() -> monitor.watch("a", () -> 2))
          .withMessage("there is a gauge 'a' already: unwatch it first, or give this one another name");
      monitor.watch("b", () -> 2);
      assertThatIllegalStateException().isThrownBy(() -> monitor.watch("c", () -> 3))
          .withMessage("gauge 'c' would be one more than maximumSeries, which is 2");
      sample(monitor, 1);
      assertThat(monitor.unwatch("a")).isTrue();
      assertThat(monitor.unwatch("a")).isFalse();
      assertThat(monitor.report()).extracting(Growth::name).containsExactly("b");
      monitor.watch("c", () -> 3);
      sample(monitor, 1);
      assertThat(monitor.report()).extracting(Growth::latest).containsExactlyInAnyOrder(2L, 3L);
    }
  }

  @Test
  void figures_beyond_the_maximum_are_counted() {
    List<Fake> kept = List.of(new Fake("x", -1), new Fake("y", -1), new Fake("z", -1));
    try (GrowthMonitor monitor = byHand().containers(true).maximumSeries(1).build()) {
      sample(monitor, 1);
      assertThat(monitor.report()).hasSize(1);
      Container own = Containers.list().stream().filter(c -> c.kind().equals("monitor") && c.name().equals("test")).findFirst().orElseThrow();
      assertThat(own.figures().get("unwatched").intValue()).isGreaterThanOrEqualTo(2);
      assertThat(own.estimatedSize()).isEqualTo(1);
      assertThat(own.bound()).isEqualTo("maximumSeries 1");
      assertThat(own.creationSite()).contains("GrowthMonitorTest");
    }
    assertThat(Containers.list()).noneMatch(c -> c.kind().equals("monitor") && c.name().equals("test"));
    Reference.reachabilityFence(kept);
  }

  @Test
  void a_closed_monitor_takes_no_samples_and_no_gauges() {
    GrowthMonitor monitor = byHand().build();
    AtomicLong calls = new AtomicLong();
    monitor.watch("calls", calls::incrementAndGet);
    sample(monitor, 1);
    monitor.close();
    monitor.close();
    String closed = "the growth monitor 'test' is closed and watches nothing any more: close it after its last use, or build a new one";
    assertThatIllegalStateException().isThrownBy(monitor::sample).withMessage(closed);
    assertThat(calls).hasValue(1);
    assertThatIllegalStateException().isThrownBy(() -> monitor.watch("more", () -> 1)).withMessage(closed);
  }

  @Test
  void samples_are_taken_by_themselves_at_an_interval_and_after_collections() {
    AtomicLong atInterval = new AtomicLong();
    AtomicLong afterCollections = new AtomicLong();
    try (GrowthMonitor first = GrowthMonitor.builder().atInterval(Duration.ofMillis(5)).heap(false).containers(false).build();
        GrowthMonitor second = GrowthMonitor.builder().afterCollections(Duration.ofMillis(5)).heap(false).containers(false).build()) {
      first.watch("calls", atInterval::incrementAndGet);
      second.watch("calls", afterCollections::incrementAndGet);
      Gc.awaitWithoutGc("three samples", () -> atInterval.get() >= 3);
      Gc.await("two samples after collections", () -> afterCollections.get() >= 2);
    }
  }

  @Test
  void a_leak_in_the_real_heap_is_told_with_the_time_until_it_is_full_and_the_class() {
    Map<Integer, Kept> leak = new ConcurrentHashMap<>();
    List<GrowthAlert> told = new CopyOnWriteArrayList<>();
    try (GrowthMonitor monitor = byHand().heap(true).classes(true).listener(told::add).build()) {
      for (int i = 0; told.isEmpty() && i < 200; i++) {
        leak.put(i, new Kept());
        System.gc();
        sample(monitor, 1);
      }
      assertThat(told).singleElement().satisfies(alert -> {
        assertThat(alert.growth().name()).isEqualTo("heap");
        assertThat(alert.growth().perHour()).isBetween(30.0 * 200_000, 120.0 * 200_000);
        assertThat(alert.growth().fullIn()).get().satisfies(full -> assertThat(full).isPositive());
        assertThat(alert.heap()).contains(alert.growth());
        assertThat(alert.classes()).anySatisfy(text -> assertThat(text).startsWith("byte[]: "));
        assertThat(alert).asString().contains("heap: growing", " bytes, +", "full in ", "classes: ");
      });
    }
    Reference.reachabilityFence(leak);
  }

  private static final class Kept {
    final byte[] bytes = new byte[200_000];
  }

  @Test
  void an_executor_that_refuses_is_reported_and_replaced() {
    List<Failure> told = new CopyOnWriteArrayList<>();
    AtomicLong calls = new AtomicLong();
    try (GrowthMonitor monitor = GrowthMonitor.builder().atInterval(Duration.ofMillis(5)).heap(false).containers(false)
        .failureListener(told::add).executor(task -> {
          throw new RejectedExecutionException("on purpose");
        }).build()) {
      monitor.watch("calls", calls::incrementAndGet);
      Gc.awaitWithoutGc("samples all the same", () -> calls.get() >= 2);
    }
    assertThat(told).extracting(Failure::role).containsOnly("executor");
  }

  @Test
  void bad_settings_are_refused_with_what_was_given() {
    GrowthMonitorBuilder builder = GrowthMonitor.builder();
    assertThatIllegalArgumentException().isThrownBy(() -> builder.atInterval(Duration.ZERO))
        .withMessage("interval must be 1 ms to 100 years, but was PT0S");
    assertThatIllegalArgumentException().isThrownBy(() -> builder.afterCollections(Duration.ofDays(1_000_000)))
        .withMessage("interval must be 1 ms to 100 years, but was PT24000000H");
    assertThatIllegalArgumentException().isThrownBy(() -> builder.cycle(Duration.ofMillis(-1)))
        .withMessage("cycle must be 0 ms to 100 years, but was PT-0.001S");
    assertThatIllegalArgumentException().isThrownBy(() -> builder.minimumGrowth(0))
        .withMessage("minimumGrowth must be at least 1, but was 0");
    assertThatIllegalArgumentException().isThrownBy(() -> builder.maximumSeries(0))
        .withMessage("maximumSeries must be at least 1, but was 0");
    assertThatNullPointerException().isThrownBy(() -> builder.name(null)).withMessage("name");
    assertThatNullPointerException().isThrownBy(() -> builder.listener(null)).withMessage("listener");
    assertThatNullPointerException().isThrownBy(() -> builder.ticker(null)).withMessage("ticker");
    try (GrowthMonitor monitor = byHand().build()) {
      assertThatNullPointerException().isThrownBy(() -> monitor.watch(null, () -> 1)).withMessage("name");
      assertThatNullPointerException().isThrownBy(() -> monitor.watch("x", null)).withMessage("supplier");
      assertThatNullPointerException().isThrownBy(() -> monitor.watch("x", null, o -> 1)).withMessage("owner");
    }
  }

  /** Instances that only the next test makes. */
  private static final class Counted {}

  @Test
  void classes_are_figures_when_asked_for() {
    Counted[] kept = new Counted[300];
    Arrays.setAll(kept, i -> new Counted());
    try (GrowthMonitor monitor = GrowthMonitor.builder().atInterval(Duration.ofDays(1)).containers(false).heap(false)
        .watchClasses(10, name -> name.equals(Counted.class.getName())).build()) {
      monitor.sample();
      assertThat(monitor.report()).singleElement().satisfies(growth -> {
        assertThat(growth.kind()).isEqualTo("class");
        assertThat(growth.name()).isEqualTo(Counted.class.getName());
        assertThat(growth.latest()).isEqualTo(kept.length);
      });
    }
  }

  @Test
  void a_filter_of_class_names_that_throws_is_reported_and_stops_nothing_else() {
    List<Failure> failures = new ArrayList<>();
    try (GrowthMonitor monitor = GrowthMonitor.builder().name("filtered").atInterval(Duration.ofDays(1)).containers(false).heap(false)
        .watchClasses(1, name -> {
          throw new IllegalStateException("mine");
        }).failureListener(failures::add).build()) {
      monitor.watch("gauge", () -> 7);
      monitor.sample();
      assertThat(failures).singleElement().satisfies(failure -> assertThat(failure.cause()).hasMessage("mine"));
      assertThat(monitor.report()).extracting(Growth::name).containsExactly("gauge");
    }
    assertThatIllegalArgumentException().isThrownBy(() -> GrowthMonitor.builder().watchClasses(0, name -> true))
        .withMessage("largest must be at least 1, but was 0");
  }
}
