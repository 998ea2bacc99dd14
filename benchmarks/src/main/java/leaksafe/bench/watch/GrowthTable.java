package leaksafe.bench.watch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * False alarms and misses of {@link leaksafe.watch.GrowthMonitor} and of simpler detectors, over generated series and over {@linkplain RecordSeries recorded} ones.
 *
 * <p>Every detector is shown each series sample by sample, as in production: an alarm at any time counts. The seeds are fixed.
 *
 * <p>Command: {@code java -cp benchmarks/target/benchmarks.jar leaksafe.bench.watch.GrowthTable}, with the number of series of each shape
 * (200 if not given).
 */
public final class GrowthTable {
  /** How many samples a series has. */
  static final int SAMPLES = 600;

  private static final int SAMPLES_OF_DAYS = 7 * 1440;

  private GrowthTable() {}

  /** What a detector did with so many series of a shape. */
  record Row(int series, List<Integer> alarms) {

    /** Returns the percentage of the series with an alarm. */
    double percent() {
      return 100.0 * alarms.size() / series;
    }

    /** Returns within how many samples so much of the series had an alarm, or -1 if so many had none. */
    int within(double share) {
      int index = (int) Math.ceil(share * series) - 1;
      return index < alarms.size() ? alarms.get(index) : -1;
    }
  }

  /** Counts the alarms of a detector over so many series of a shape. */
  static Row row(Detector detector, Shape shape, int series) {
    List<Integer> alarms = new ArrayList<>();
    boolean day = shape == Shape.DAY;
    int skipped = shape == Shape.LATE_LEAK ? 200 : 0;
    for (int seed = 0; seed < series; seed++) {
      int alarm = detector.firstAlarm(shape.series(seed, day ? SAMPLES_OF_DAYS : SAMPLES), day ? Duration.ofDays(1) : Duration.ZERO);
      if (alarm >= 0) {
        alarms.add(alarm - skipped);
      }
    }
    alarms.sort(null);
    return new Row(series, alarms);
  }

  /** See the class. */
  public static void main(String[] args) {
    int series = args.length == 0 ? 200 : Integer.parseInt(args[0]);
    generated(series);
    recorded();
  }

  private static void generated(int series) {
    System.out.println("| shape | " + String.join(" | ", Arrays.stream(Detector.values()).map(d -> d.text).toList()) + " | of |");
    System.out.println("|---|" + "---|".repeat(Detector.values().length + 1));
    for (Shape shape : Shape.values()) {
      StringBuilder line = new StringBuilder("| ").append(shape.leak ? "**" : "").append(name(shape.name())).append(shape.leak ? "**" : "");
      int count = shape == Shape.DAY ? Math.max(1, series / 10) : series;
      for (Detector detector : Detector.values()) {
        line.append(" | ").append(cell(row(detector, shape, count), shape.leak));
      }
      System.out.println(line + " | " + count + ": " + shape.description + " |");
    }
  }

  private static void recorded() {
    System.out.println();
    System.out.println("| recorded | " + String.join(" | ", Arrays.stream(Detector.values()).map(d -> d.text).toList()) + " |");
    System.out.println("|---|" + "---|".repeat(Detector.values().length));
    for (Recorded recorded : Recorded.all()) {
      StringBuilder line = new StringBuilder("| ").append(recorded.leak() ? "**" + recorded.name() + "**" : recorded.name());
      for (Detector detector : Detector.values()) {
        int alarm = detector.firstAlarm(recorded.values(), Duration.ZERO);
        line.append(" | ").append(alarm < 0 ? "-" : "at " + alarm);
      }
      System.out.println(line + " |");
    }
  }

  static String name(String constant) {
    return constant.toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private static String cell(Row row, boolean leak) {
    String percent = String.format(Locale.ROOT, "%.1f %%", row.percent());
    return leak ? percent + " (" + row.within(0.5) + ", " + row.within(0.95) + ")" : percent;
  }
}
