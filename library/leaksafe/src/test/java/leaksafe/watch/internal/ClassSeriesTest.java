package leaksafe.watch.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import leaksafe.FailureListener;
import leaksafe.Ticker;
import leaksafe.watch.ClassCount;
import leaksafe.watch.HeapSnapshot;
import org.junit.jupiter.api.Test;

/** Which classes are read, and what the growth test thinks of them. */
class ClassSeriesTest {
  private List<ClassCount> histogram = List.of();
  private final ClassSeries series = new ClassSeries(2, name -> !name.startsWith("java."), () -> new HeapSnapshot(false, histogram));

  private Map<String, Long> read(ClassSeries of) {
    Map<Key, Reading> readings = new HashMap<>();
    of.read(readings);
    Map<String, Long> byName = new HashMap<>();
    readings.forEach((key, reading) -> {
      assertThat(key.kind()).isEqualTo("class");
      byName.put(key.name(), reading.value());
    });
    return byName;
  }

  private static List<ClassCount> sizes(Object... namesAndBytes) {
    return IntStream.range(0, namesAndBytes.length / 2)
        .mapToObj(i -> new ClassCount((String) namesAndBytes[2 * i], (int) namesAndBytes[2 * i + 1] / 10, (int) namesAndBytes[2 * i + 1])).toList();
  }

  @Test
  void the_largest_of_the_asked_names_are_read_by_their_instances() {
    histogram = sizes("java.lang.String", 1000, "a.A", 300, "a.B", 200, "a.C", 100);
    assertThat(read(series)).containsOnly(Map.entry("a.A", 30L), Map.entry("a.B", 20L));
  }

  @Test
  void a_class_stays_until_it_is_not_among_twice_as_many() {
    histogram = sizes("a.A", 300, "a.B", 200, "a.C", 100);
    read(series);
    histogram = sizes("a.A", 300, "a.C", 250, "a.B", 200, "a.D", 150);
    assertThat(read(series)).containsOnlyKeys("a.A", "a.C", "a.B");
    histogram = sizes("a.A", 300, "a.C", 250, "a.D", 240, "a.E", 230, "a.B", 200);
    assertThat(read(series)).containsOnlyKeys("a.A", "a.C");
  }

  @Test
  void a_monitor_without_classes_takes_no_histogram() {
    ClassSeries none = new ClassSeries(0, name -> true, () -> {
      throw new AssertionError("a histogram was taken");
    });
    assertThat(read(none)).isEmpty();
  }

  /** What grows of four classes after so many samples, one of which counts what the function says. */
  private static List<String> growing(int samples, IntUnaryOperator counted) {
    Settings settings = new Settings("test", "", Duration.ofMinutes(1), false, Duration.ZERO, 16, 512, false, false, false, 4, name -> true,
        List.of(), FailureListener.logging(), Runnable::run, Ticker.systemTicker());
    int[] sample = {0};
    ClassSeries series = new ClassSeries(4, name -> true, () -> {
      int count = counted.applyAsInt(sample[0]++);
      return new HeapSnapshot(false, List.of(new ClassCount("byte[]", 5000, 400_000), new ClassCount("a.Counted", count, 24L * count),
          new ClassCount("a.Still", 700, 16_000)));
    });
    Figures figures = new Figures(settings);
    List<String> growing = new ArrayList<>();
    for (int i = 0; i < samples; i++) {
      Map<Key, Reading> readings = new HashMap<>();
      series.read(readings);
      figures.add(Duration.ofMinutes(i).toNanos(), readings).forEach(change -> growing.add(change.growth().kind() + " " + change.growth().name()));
    }
    return growing;
  }

  @Test
  void a_class_that_leaks_is_named_and_no_other() {
    assertThat(growing(85, i -> 100 + 5 * i + i % 7)).containsExactly("class a.Counted");
  }

  @Test
  void a_warm_up_and_a_sawtooth_of_a_class_are_no_growth() {
    assertThat(growing(300, i -> Math.min(i, 40) * 50)).isEmpty();
    assertThat(growing(300, i -> 1000 + i % 20 * 50)).isEmpty();
  }
}
