package leaksafe.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import leaksafe.lab.report.TextTable;
import leaksafe.lab.run.HeapSample;
import leaksafe.lab.run.Named;
import leaksafe.lab.run.Run;
import org.junit.jupiter.api.Test;

/** The verdicts follow from the measurements. */
class ComparisonTest {
  private static final long MB = 1_048_576;

  private static Run run(int exitCode, long operations, long settledMb, long... floorsMb) {
    List<HeapSample> samples = new ArrayList<>();
    for (int i = 0; i < floorsMb.length; i++) {
      samples.add(new HeapSample(100L * (i + 1), floorsMb[i] * MB, operations * (i + 1) / floorsMb.length, HeapSample.Kind.FULL));
    }
    HeapSample settled = exitCode == 0 ? new HeapSample(5000, settledMb * MB, operations, HeapSample.Kind.FULL) : null;
    return new Run(samples, List.of(), 0, settled, operations, 5000, exitCode, exitCode == 0 ? null : "died: OutOfMemoryError");
  }

  private static Comparison comparison(Run adHoc, Run leaksafe) {
    return new Comparison(Scenarios.ALL.get(0), adHoc, leaksafe, 64 * MB);
  }

  @Test
  void a_death_by_memory_is_a_leak_and_a_flat_heap_holds() {
    Comparison comparison = comparison(run(3, 1000, 0, 20, 40, 60), run(0, 2000, 3, 3, 3, 3, 3, 3, 3));
    assertThat(comparison.adHocLeaks()).isTrue();
    assertThat(comparison.leaksafeHolds()).isTrue();
    assertThat(comparison.verdict()).isEqualTo("leak, held by leaksafe");
  }

  @Test
  void what_is_retained_without_a_death_is_a_leak_too() {
    assertThat(comparison(run(0, 1000, 40, 20, 30, 40), run(0, 1000, 3, 3, 3, 3)).adHocLeaks()).isTrue();
    assertThat(comparison(run(0, 1000, 3, 3, 3, 3), run(0, 1000, 3, 3, 3, 3)).verdict()).isEqualTo("no leak seen");
  }

  @Test
  void the_culprit_is_named_only_by_its_own_name() {
    Named other = new Named(1000, "class", "byte[]", 9000);
    Named culprit = new Named(1500, "class", Scenarios.ALL.get(0).culprit(), 1200);
    Run named = new Run(List.of(), List.of(other, culprit), 0, null, 1000, 5000, 3, "died: OutOfMemoryError");
    Run wrong = new Run(List.of(), List.of(other), 0, null, 1000, 5000, 3, "died: OutOfMemoryError");
    assertThat(comparison(named, named).culprit()).contains(culprit);
    assertThat(comparison(wrong, wrong).culprit()).isEmpty();
    assertThat(TextTable.of(List.of(comparison(named, named)))).contains(" 1.5 s ");
    assertThat(TextTable.of(List.of(comparison(wrong, wrong)))).contains(" not named ");
  }

  @Test
  void a_leaksafe_side_that_grows_dies_or_does_less_work_fails() {
    Run dead = run(3, 1000, 0, 60);
    assertThat(comparison(dead, run(0, 2000, 30, 5, 5, 10, 10, 28, 28)).verdict()).isEqualTo("LEAKSAFE LEAKS");
    assertThat(comparison(dead, run(0, 2000, 40, 40, 40, 40)).verdict()).isEqualTo("LEAKSAFE LEAKS");
    assertThat(comparison(dead, run(3, 2000, 0, 60)).verdict()).isEqualTo("LEAKSAFE DIED");
    assertThat(comparison(dead, run(0, 999, 3, 3, 3, 3)).verdict()).isEqualTo("LEAKSAFE TOO SLOW");
  }
}
