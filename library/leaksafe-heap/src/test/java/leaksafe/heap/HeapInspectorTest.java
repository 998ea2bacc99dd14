package leaksafe.heap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class HeapInspectorTest {
  static final List<Object> KEPT = new ArrayList<>();

  static final class Leaked {
    final long[] data = new long[8];
  }

  @TempDir
  Path directory;

  @Test
  void why_names_the_static_field_and_leaves_no_file() throws Exception {
    Leaked leaked = new Leaked();
    KEPT.add(leaked);
    try {
      Report report = new HeapInspector(directory, Duration.ofMinutes(2)).why(leaked);
      assertThat(report.title()).contains("Why an object of leaksafe.heap.HeapInspectorTest$Leaked stays");
      assertThat(report.toText()).contains("class leaksafe.heap.HeapInspectorTest").contains("KEPT: java.util.ArrayList").doesNotContain("Marked");
      assertThat(Files.list(directory)).isEmpty();
    } finally {
      KEPT.clear();
    }
  }

  @Test
  void a_schedule_reports_growth_and_ends_when_closed() throws Exception {
    LinkedBlockingQueue<Object> told = new LinkedBlockingQueue<>();
    HeapSchedule schedule = HeapSchedule.start(new HeapInspector(directory, Duration.ofMinutes(2)), Duration.ofHours(1), 2, told::add, told::add);
    try {
      schedule.inspectNow();
      while (schedule.summaries().isEmpty() && told.isEmpty()) {
        Thread.sleep(20);
      }
      for (int i = 0; i < 2000; i++) {
        KEPT.add(new Leaked());
      }
      schedule.inspectNow();
      Object first = told.poll(120, TimeUnit.SECONDS);
      assertThat(first).isInstanceOf(Growth.class);
      assertThat(((Growth) first).paths()).anySatisfy(path -> assertThat(path.path()).contains("HeapInspectorTest.KEPT"));
      assertThat(schedule.summaries()).hasSize(2);
    } finally {
      schedule.close();
      KEPT.clear();
    }
    assertThat(schedule.awaitEnd(Duration.ofMinutes(1))).isTrue();
    assertThat(schedule.summaries()).isEmpty();
  }

  @Test
  void bad_settings_are_refused_with_the_rule() {
    HeapInspector inspector = new HeapInspector(directory, Duration.ofMinutes(1));
    assertThatThrownBy(() -> HeapSchedule.start(inspector, Duration.ZERO, 2, g -> {}, e -> {})).hasMessageContaining("interval must be at least 1 s");
    assertThatThrownBy(() -> HeapSchedule.start(inspector, Duration.ofHours(1), 1, g -> {}, e -> {})).hasMessageContaining("kept must be at least 2");
    assertThatThrownBy(() -> new HeapInspector(directory, Duration.ZERO)).hasMessageContaining("timeout must be at least 1 s");
    assertThatThrownBy(() -> OtherVm.dump(ProcessHandle.current().pid(), directory.resolve("x.txt"))).hasMessageContaining("must end with .hprof");
  }
}
