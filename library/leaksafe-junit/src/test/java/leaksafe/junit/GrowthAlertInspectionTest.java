package leaksafe.junit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import leaksafe.heap.Growth;
import leaksafe.heap.HeapInspector;
import leaksafe.heap.HeapSchedule;
import leaksafe.watch.GrowthMonitor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The monitor and the heap schedule together: what alarms the one makes the other look, and only what it learned is kept. */
@Timeout(240)
class GrowthAlertInspectionTest {
  private static final class Order {
    @SuppressWarnings("unused") // weighs
    final long[] lines = new long[16];
  }

  private static final List<Object> ORDERS = new ArrayList<>();
  private static final int SAMPLES = 70;
  private static final int SAMPLES_AT_MOST = 1_000; // on a busy machine the samples lie unevenly in time, and it takes more to be sure of a slope
  private static final int ORDERS_A_SAMPLE = 50;

  @TempDir
  Path directory;

  @Test
  void a_growth_alert_has_the_heap_inspected_and_the_path_that_grew_is_reported() throws Exception {
    LinkedBlockingQueue<Object> told = new LinkedBlockingQueue<>();
    AtomicInteger alerts = new AtomicInteger();
    HeapInspector inspector = new HeapInspector(directory, Duration.ofMinutes(2));
    try (HeapSchedule schedule = HeapSchedule.start(inspector, Duration.ofDays(1), 2, told::add, told::add);
        GrowthMonitor monitor = GrowthMonitor.builder().name("orders").atInterval(Duration.ofDays(1)).cycle(Duration.ZERO).heap(false)
            .containers(false).listener(alert -> {
              alerts.incrementAndGet();
              schedule.inspectNow();
            }).build()) {
      monitor.watch("orders", ORDERS::size);
      schedule.inspectNow(); // What the heap was like before.
      while (schedule.summaries().isEmpty() && told.isEmpty()) {
        TimeUnit.MILLISECONDS.sleep(20);
      }
      for (int sample = 0; sample < SAMPLES || sample < SAMPLES_AT_MOST && alerts.get() == 0; sample++) {
        for (int i = 0; i < ORDERS_A_SAMPLE; i++) {
          ORDERS.add(new Order());
        }
        TimeUnit.MILLISECONDS.sleep(1); // Growth is a slope over time.
        monitor.sample();
      }
      assertThat(told.poll(2, TimeUnit.MINUTES)).isInstanceOfSatisfying(Growth.class, growth ->
          assertThat(growth.paths()).anySatisfy(path -> {
            assertThat(path.path()).contains("GrowthAlertInspectionTest.ORDERS");
            assertThat(path.grownBy()).isGreaterThan(60 * ORDERS_A_SAMPLE);
          }));
      assertThat(schedule.summaries()).hasSize(2);
      try (var left = Files.list(directory)) {
        assertThat(left).as("dumps are not kept").isEmpty();
      }
    } finally {
      ORDERS.clear();
    }
  }
}
