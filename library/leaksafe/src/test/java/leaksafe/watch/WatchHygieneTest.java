package leaksafe.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import leaksafe.cache.Cache;
import leaksafe.testing.ChildLoader;
import leaksafe.testing.Gc;
import leaksafe.testing.ManualTicker;
import org.junit.jupiter.api.Test;

/** What watches keeps nothing alive, and does without the modules that it need not have. */
class WatchHygieneTest {

  /** A web application that keeps a monitor in a static field and goes without closing it. */
  public static final class Deployed implements Runnable {
    static final GrowthMonitor MONITOR =
        GrowthMonitor.builder().atInterval(Duration.ofMillis(5)).cycle(Duration.ZERO).listener(alert -> { }).build();
    static final AtomicLong SAMPLES = new AtomicLong();

    @Override
    public void run() {
      MONITOR.watch("samples", SAMPLES::incrementAndGet);
      MONITOR.watch("own", this, own -> 1);
      Gc.awaitWithoutGc("told of growth", () -> !MONITOR.growing().isEmpty());
      HeapSnapshot before = HeapSnapshot.live();
      if (HeapSnapshot.all().since(before).classes().isEmpty()) {
        throw new AssertionError("nothing changed");
      }
    }
  }

  @Test
  void a_class_loader_with_a_monitor_in_a_static_field_is_collected() {
    Gc.awaitCleared(ChildLoader.runAndDrop(Deployed.class));
  }

  @Test
  void a_dropped_monitor_is_collected_and_a_watched_container_too() {
    WeakReference<?> monitor = monitorAndDrop();
    Gc.awaitCleared(monitor);
  }

  private static WeakReference<?> monitorAndDrop() {
    AtomicLong calls = new AtomicLong();
    GrowthMonitor monitor = GrowthMonitor.builder().atInterval(Duration.ofMillis(5)).heap(false).build();
    monitor.watch("calls", calls::incrementAndGet);
    Gc.awaitWithoutGc("samples", () -> calls.get() > 2);
    return new WeakReference<>(monitor);
  }

  @Test
  void a_monitor_keeps_no_container() {
    ManualTicker ticker = new ManualTicker();
    try (GrowthMonitor monitor = GrowthMonitor.builder().atInterval(Duration.ofDays(36_500)).ticker(ticker).heap(false).build()) {
      Gc.awaitCleared(watchCacheAndDrop(monitor, ticker));
    }
  }

  private static WeakReference<?> watchCacheAndDrop(GrowthMonitor monitor, ManualTicker ticker) {
    Cache<Integer, Integer> cache = Cache.<Integer, Integer>builder().name("seen").maximumSize(10).build();
    cache.put(1, 1);
    for (int i = 0; i < 70; i++) {
      ticker.advance(Duration.ofMinutes(1));
      monitor.sample();
    }
    assertThat(monitor.report()).anyMatch(growth -> growth.name().equals("seen") && growth.latest() == 1);
    return new WeakReference<>(cache);
  }

  /** Run in a JVM that has java.base alone. */
  public static final class Bare {
    private Bare() {}

    public static void main(String[] args) {
      AtomicLong calls = new AtomicLong();
      try (GrowthMonitor monitor = GrowthMonitor.builder().atInterval(Duration.ofMillis(5)).heap(false).build()) {
        monitor.watch("calls", calls::incrementAndGet);
        Gc.awaitWithoutGc("growth", () -> calls.get() > 2);
        say(monitor::mxBean);
      }
      say(() -> GrowthMonitor.builder().build());
      say(HeapSnapshot::live);
      say(AllocationRecorder::start);
      if (Footprint.of(new byte[100]).bytes() < 100) {
        throw new AssertionError("the footprint needs no module");
      }
    }

    private static void say(Runnable action) {
      try {
        action.run();
      } catch (IllegalStateException e) {
        System.out.println(e.getMessage());
      }
    }
  }

  @Test
  void without_optional_modules_the_rest_works_and_what_needs_them_says_so() throws IOException, InterruptedException {
    Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "--limit-modules", "java.base",
        "-cp", System.getProperty("java.class.path"), Bare.class.getName()).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output).hasLineCount(4).contains(
        "an MBean needs the module java.management, which this JVM was started without: add --add-modules java.management",
        "collections and the heap are seen through the module java.management, which this JVM was started without: "
            + "add --add-modules java.management, or say atInterval(...).heap(false)",
        "a heap snapshot needs the module java.management, which this JVM was started without: add --add-modules java.management,jdk.management",
        "an allocation recorder needs the module jdk.jfr, which this JVM was started without: add --add-modules jdk.jfr");
  }
}
