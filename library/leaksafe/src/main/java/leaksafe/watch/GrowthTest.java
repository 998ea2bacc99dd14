package leaksafe.watch;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.Locale;

/**
 * Decides whether a series of figures grows steadily: the pure function behind {@link GrowthMonitor}.
 *
 * <p>Everything must hold, and the first that does not is the {@linkplain Trend#reason reason}:
 * <ol>
 * <li>Later values tend to be larger: the rank test of Mann [1] and Kendall [2], with its correction for ties, has z above {@value #Z}.
 *     Ranks do not care how far a spike goes.
 * <li>It still has when the variance is corrected for neighbours that resemble each other, as those of a drifting figure do: by the
 *     autocorrelation at lag one of what is left when the trend is taken out, in the manner of Hamed and Rao [4]. Unless a straight line
 *     explains {@value #LINE} of the variance: so much is no drift, and what is left may be the curve of a leak that accelerates.
 * <li>The growth matters: the median slope of Sen [3] makes at least 5 % of the median value over the window.
 * <li>The floor rises: of six equal parts, at least four have a minimum above that of the part before, and the last has. So a
 *     sawtooth does not count, and neither does a wave that was seen once, or a step.
 * <li>It has not levelled off, as a warm-up does: the median slope of the last third is at least {@value #LATE} of the whole one, and that
 *     of the last half at least {@value #HALF}, and the last half has z above {@value #HALF_Z} by itself.
 * </ol>
 * Error rates over generated series, for this test as the monitor uses it, are in {@code benchmarks/watch.md}.
 *
 * <p>[1] H. B. Mann, Nonparametric tests against trend, Econometrica 13, 1945. [2] M. G. Kendall, Rank Correlation Methods, 1975.
 * [3] P. K. Sen, Estimates of the regression coefficient based on Kendall's tau, JASA 63, 1968. [4] K. H. Hamed, A. R. Rao, A modified
 * Mann-Kendall trend test for autocorrelated data, Journal of Hydrology 204, 1998.
 *
 * <p><b>Cost.</b> O(n<sup>2</sup> log n) for n values; 64 values take some 5 us if the first rule decides, else some 200 us.
 *
 * <p><b>Not promised.</b> That a cause can be seen in the figures: what rises at first and will come down later, after the last value, is
 * growth as far as anybody can tell.
 */
public final class GrowthTest {
  /** How many values the test needs. */
  public static final int MINIMUM = 24;

  private static final double Z = 3.3;
  private static final double RELATIVE_GROWTH = 0.05;
  private static final double LATE = 0.5;
  private static final double HALF = 0.6;
  private static final double HALF_Z = 2.3;
  private static final double LINE = 0.94;
  private static final double HIGHEST_AUTOCORRELATION = 0.9;
  private static final int PARTS = 6;
  private static final int RISING_PARTS = 4;

  private final double[] times;
  private final double[] values;
  private final int size;

  private GrowthTest(double[] times, double[] values) {
    this.times = times;
    this.values = values;
    this.size = values.length;
  }

  /**
   * Tests a series.
   *
   * @param times when the values were taken, in any unit, strictly ascending
   * @param values the values, finite; best the minima of some readings each
   * @throws IllegalArgumentException if there are fewer than {@value #MINIMUM}, not as many times as values, times that do not ascend, or
   *     numbers that are not finite
   */
  public static Trend of(double[] times, double[] values) {
    if (requireNonNull(times, "times").length != requireNonNull(values, "values").length) {
      throw new IllegalArgumentException("there must be a time for each value, but there were " + times.length + " times and "
          + values.length + " values");
    }
    if (values.length < MINIMUM) {
      throw new IllegalArgumentException("the test needs at least " + MINIMUM + " values, but there were " + values.length);
    }
    for (int i = 0; i < values.length; i++) {
      if (!Double.isFinite(values[i]) || !Double.isFinite(times[i])) {
        throw new IllegalArgumentException("times and values must be finite, but at index " + i + " were " + times[i] + " and " + values[i]);
      }
      if (i > 0 && times[i] <= times[i - 1]) {
        throw new IllegalArgumentException(
            "times must ascend strictly, but " + times[i] + " at index " + i + " follows " + times[i - 1]);
      }
    }
    return new GrowthTest(times.clone(), values.clone()).test();
  }

  private Trend test() {
    double z = mannKendall(0);
    if (z <= Z) {
      return no(0, z, "no trend: z is %.1f, and must be above %.1f", z, Z);
    }
    double slope = slope(0, size);
    double corrected = explainedByLine() >= LINE ? z : z / Math.sqrt(inflation(slope));
    if (corrected <= Z) {
      return no(slope, corrected, "the trend may be drift: z, corrected for it, is %.1f, and must be above %.1f", corrected, Z);
    }
    double growth = slope * (times[size - 1] - times[0]);
    double median = Math.abs(median(values.clone()));
    if (growth < RELATIVE_GROWTH * median) {
      return no(slope, corrected, "grew by %.1f %% of the median, and must by at least %.1f %%", 100 * growth / median,
          100 * RELATIVE_GROWTH);
    }
    if (!floorRises()) {
      return no(slope, corrected, "the floor does not rise in at least %d of %d parts and in the last", RISING_PARTS, PARTS - 1);
    }
    double late = slope(size - size / 3, size);
    double half = slope(size / 2, size);
    double halfZ = mannKendall(size / 2);
    if (late < LATE * slope || half < HALF * slope || halfZ <= HALF_Z) {
      return no(slope, corrected, "levels off: the slope of the last third is %.2f of the whole, that of the last half %.2f with z %.1f",
          late / slope, half / slope, halfZ);
    }
    return new Trend(true, slope, corrected, String.format(Locale.ROOT, "steady growth: z is %.1f", corrected));
  }

  private static Trend no(double slope, double z, String format, Object... numbers) {
    return new Trend(false, slope, z, String.format(Locale.ROOT, format, numbers));
  }

  /** Returns z of the values from an index to the end. */
  private double mannKendall(int from) {
    long rising = 0;
    for (int i = from; i < size - 1; i++) {
      for (int j = i + 1; j < size; j++) {
        rising += Double.compare(values[j], values[i]);
      }
    }
    double variance = (tieTerm(size - from) - ties(from)) / 18;
    return variance <= 0 ? 0 : (rising - Long.signum(rising)) / Math.sqrt(variance); // moved by one towards 0, since ranks are discrete
  }

  private double ties(int from) {
    double[] sorted = Arrays.copyOfRange(values, from, size);
    Arrays.sort(sorted);
    double sum = 0;
    int first = 0;
    for (int i = 1; i <= sorted.length; i++) {
      if (i == sorted.length || Double.compare(sorted[i], sorted[first]) != 0) {
        sum += tieTerm(i - first);
        first = i;
      }
    }
    return sum;
  }

  private static double tieTerm(double count) {
    return count * (count - 1) * (2 * count + 5);
  }

  /** Returns by how much the variance is larger than that of independent values: (1 + r) / (1 - r) for the autocorrelation r. */
  private double inflation(double slope) {
    double[] rest = new double[size];
    double mean = 0;
    for (int i = 0; i < size; i++) {
      rest[i] = values[i] - slope * (times[i] - times[0]);
      mean += rest[i] / size;
    }
    double square = 0;
    double product = 0;
    for (int i = 0; i < size; i++) {
      square += (rest[i] - mean) * (rest[i] - mean);
      product += i == 0 ? 0 : (rest[i] - mean) * (rest[i - 1] - mean);
    }
    double r = square == 0 ? 0 : product / square;
    r = (r * size + 1) / (size - 4); // estimates from short series are too low
    r = Math.max(0, Math.min(HIGHEST_AUTOCORRELATION, r));
    return (1 + r) / (1 - r);
  }

  /** Returns the median of the slopes between any two values of a part. */
  private double slope(int from, int to) {
    int count = to - from;
    double[] slopes = new double[count * (count - 1) / 2];
    int next = 0;
    for (int i = from; i < to - 1; i++) {
      for (int j = i + 1; j < to; j++) {
        slopes[next++] = (values[j] - values[i]) / (times[j] - times[i]);
      }
    }
    return median(slopes);
  }

  private static double median(double[] numbers) {
    Arrays.sort(numbers);
    return numbers[numbers.length / 2];
  }

  private boolean floorRises() {
    double[] floors = new double[PARTS];
    Arrays.fill(floors, Double.POSITIVE_INFINITY);
    for (int i = 0; i < size; i++) {
      int part = i * PARTS / size;
      floors[part] = Math.min(floors[part], values[i]);
    }
    int rising = 0;
    for (int i = 1; i < PARTS; i++) {
      rising += floors[i] > floors[i - 1] ? 1 : 0;
    }
    return rising >= RISING_PARTS && floors[PARTS - 1] > floors[PARTS - 2];
  }

  private double explainedByLine() {
    double all = squaredError();
    return all == 0 ? 0 : 1 - squaredErrorOfLine() / all;
  }

  private double squaredError() {
    double mean = mean(values);
    double sum = 0;
    for (double value : values) {
      sum += (value - mean) * (value - mean);
    }
    return sum;
  }

  private double squaredErrorOfLine() {
    double meanTime = mean(times);
    double meanValue = mean(values);
    double product = 0;
    double square = 0;
    for (int i = 0; i < size; i++) {
      product += (times[i] - meanTime) * (values[i] - meanValue);
      square += (times[i] - meanTime) * (times[i] - meanTime);
    }
    return squaredError() - product * product / square;
  }

  private static double mean(double[] numbers) {
    return Arrays.stream(numbers).average().orElseThrow();
  }
}
