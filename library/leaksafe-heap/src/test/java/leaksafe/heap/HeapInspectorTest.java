package leaksafe.heap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
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
  void the_shortest_way_to_an_answer_is_one_call() throws Exception {
    Leaked leaked = new Leaked();
    KEPT.add(leaked);
    try {
      assertThat(Leaks.why(leaked).toText()).contains("KEPT: java.util.ArrayList");
    } finally {
      KEPT.clear();
    }
  }

  @Test
  void a_schedule_inspects_at_intervals_and_keeps_the_last_few() throws Exception {
    List<Throwable> failures = new CopyOnWriteArrayList<>();
    Set<HeapSummary> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    try (HeapSchedule schedule =
        HeapSchedule.start(new HeapInspector(directory, Duration.ofMinutes(2)), Duration.ofSeconds(1), 2, growth -> {}, failures::add)) {
      while (seen.size() < 4 && failures.isEmpty()) {
        List<HeapSummary> kept = schedule.summaries();
        assertThat(kept).hasSizeLessThanOrEqualTo(2);
        seen.addAll(kept);
        Thread.sleep(20);
      }
    }
    assertThat(failures).isEmpty();
  }

  private static final class Entry extends java.lang.ref.WeakReference<Object> {
    @SuppressWarnings("unused") // held
    Object value;

    Entry(Object key, Object value) {
      super(key);
      this.value = value;
    }
  }

  /** Alone, in a ring of two, by way of a held one; and those that are held by something else. */
  @Test
  void references_that_keep_their_own_referent_are_told_from_those_that_do_not() throws Exception {
    Object[] held = {new Object(), new Object()};
    Object[] entries = new Object[7];
    fill(entries, held);
    KEPT.add(held);
    KEPT.add(entries.clone());
    try {
      java.util.BitSet keeping = new HeapInspector(directory, Duration.ofMinutes(2)).selfKeeping(entries);
      assertThat(keeping.stream().boxed()).containsExactly(0, 1, 2, 6);
      assertThat(Files.list(directory)).isEmpty();
      assertThat(new HeapInspector().selfKeeping(new Object[0]).isEmpty()).isTrue();
    } finally {
      KEPT.clear();
    }
  }

  private static void fill(Object[] entries, Object[] held) {
    Object alone = new Object();
    entries[0] = new Entry(alone, List.of(alone));
    Object left = new Object();
    Object right = new Object();
    entries[1] = new Entry(left, List.of(right));
    entries[2] = new Entry(right, new Object[] {left});
    entries[3] = new Entry(held[0], List.of(held[0]));
    Object behindHeld = new Object();
    entries[4] = new Entry(held[1], List.of(behindHeld));
    entries[5] = new Entry(behindHeld, "a value");
    Object behindAlone = new Object();
    entries[6] = new Entry(behindAlone, "a value");
    ((Entry) entries[0]).value = List.of(alone, behindAlone);
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
  void a_schedule_outlives_the_errors_of_its_listeners() throws Exception {
    LinkedBlockingQueue<Object> told = new LinkedBlockingQueue<>();
    List<Object> failures = new CopyOnWriteArrayList<>();
    HeapSchedule schedule = HeapSchedule.start(new HeapInspector(directory, Duration.ofMinutes(2)), Duration.ofHours(1), 2, growth -> {
      told.add(growth);
      Thread.currentThread().interrupt();
      throw new AssertionError("thrown by a listener");
    }, failure -> {
      failures.add(failure);
      throw new AssertionError("thrown by a failure listener");
    });
    try {
      schedule.inspectNow();
      while (schedule.summaries().isEmpty() && failures.isEmpty()) {
        Thread.sleep(20);
      }
      for (int round = 0; round < 2; round++) {
        for (int i = 0; i < 2000; i++) {
          KEPT.add(new Leaked());
        }
        schedule.inspectNow();
        assertThat(told.poll(60, TimeUnit.SECONDS)).isInstanceOf(Growth.class);
      }
      assertThat(failures).first().isInstanceOfSatisfying(AssertionError.class, e -> assertThat(e).hasMessage("thrown by a listener"));
    } finally {
      schedule.close();
      KEPT.clear();
    }
    assertThat(schedule.awaitEnd(Duration.ofMinutes(1))).isTrue();
  }

  @Test
  void summaries_say_when_they_were_and_are_not_what_grew() throws Exception {
    HeapInspector inspector = new HeapInspector(directory, Duration.ofMinutes(2));
    HeapSummary first = inspector.inspect();
    assertThat(first.name()).matches("heap-\\d{4}-\\d\\d-\\d\\dT\\d\\d-\\d\\d-\\d\\d\\.hprof");
    KEPT.add(first);
    try {
      Growth growth = Growth.between(List.of(first, inspector.inspect()), Growth.DEFAULT_MINIMUM_BYTES);
      assertThat(growth.paths()).noneMatch(path -> path.path().contains("HeapSummary"));
    } finally {
      KEPT.clear();
    }
  }

  @Test
  void bad_settings_are_refused_with_the_rule() {
    HeapInspector inspector = new HeapInspector(directory, Duration.ofMinutes(1));
    assertThatThrownBy(() -> HeapSchedule.start(inspector, Duration.ZERO, 2, g -> {}, e -> {})).hasMessageContaining("interval must be at least 1 s");
    assertThatThrownBy(() -> HeapSchedule.start(inspector, Duration.ofHours(1), 1, g -> {}, e -> {})).hasMessageContaining("kept must be at least 2");
    Path nowhere = directory.resolve("nowhere");
    assertThatThrownBy(() -> new HeapInspector(nowhere, Duration.ofMinutes(1)).inspect()).isInstanceOf(HeapDumpException.class)
        .hasMessage("there is no directory " + nowhere + " to dump to");
    assertThatThrownBy(() -> new HeapInspector(directory, Duration.ZERO)).hasMessageContaining("timeout must be at least 1 s");
    assertThatThrownBy(() -> OtherVm.dump(ProcessHandle.current().pid(), directory.resolve("x.txt"))).hasMessageContaining("must end with .hprof");
  }
}
