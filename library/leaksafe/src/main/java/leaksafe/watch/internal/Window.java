package leaksafe.watch.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import leaksafe.watch.GrowthTest;
import leaksafe.watch.Trend;
import org.jspecify.annotations.Nullable;

/**
 * The latest {@value #PLACES} floors of a figure, each the minimum of so many samples. Garbage that was not collected yet and waves that are
 * shorter than a place vanish in the minimum.
 */
final class Window {
  /** How many floors are kept. */
  static final int PLACES = 64;

  private static final double NANOS_AN_HOUR = TimeUnit.HOURS.toNanos(1);
  private static final Trend NONE = new Trend(false, 0, 0, "too few samples");

  private final int stride;
  private final long[] times = new long[PLACES];
  private final long[] floors = new long[PLACES];
  private int oldest;
  private int size;

  // The place that is being filled.
  private int samples;
  private long floor = Long.MAX_VALUE;

  private Trend trend = NONE;
  private int growing; // how many floors in a row the test has said so

  /** Creates a window with so many samples to a place. */
  Window(int stride) {
    this.stride = stride;
  }

  /** Adds a sample; returns whether a place was completed. */
  boolean add(long nanos, long value) {
    floor = Math.min(floor, value);
    samples++;
    if (samples < stride) {
      return false;
    }
    if (size == PLACES) {
      oldest = (oldest + 1) % PLACES;
      size--;
    }
    int place = (oldest + size) % PLACES;
    times[place] = nanos;
    floors[place] = floor;
    size++;
    samples = 0;
    floor = Long.MAX_VALUE;
    return true;
  }

  /** Tests what is there. */
  void test(long minimumGrowth) {
    if (size < GrowthTest.MINIMUM) {
      return;
    }
    double[] hours = new double[size];
    double[] values = new double[size];
    for (int i = 0; i < size; i++) {
      int place = (oldest + i) % PLACES;
      hours[i] = (times[place] - times[oldest]) / NANOS_AN_HOUR;
      values[i] = floors[place];
    }
    trend = GrowthTest.of(hours, values);
    if (trend.growing() && trend.slope() * hours[size - 1] < minimumGrowth) {
      trend = new Trend(false, trend.slope(), trend.z(), "grew by less than " + minimumGrowth);
    }
    growing = trend.growing() ? growing + 1 : 0;
  }

  /** Returns in how many tests in a row it grew. */
  int growing() {
    return growing;
  }

  Trend trend() {
    return trend;
  }

  int size() {
    return size;
  }

  /** Returns the time from the oldest floor to the newest. */
  Duration span() {
    return size == 0 ? Duration.ZERO : Duration.ofNanos(times[(oldest + size - 1) % PLACES] - times[oldest]);
  }

  /** Returns the floors, oldest first. */
  List<Long> floors() {
    List<Long> list = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      list.add(floors[(oldest + i) % PLACES]);
    }
    return list;
  }

  /** Returns the longer of two windows by the time that they span. */
  static Window longer(Window a, @Nullable Window b) {
    return b == null || a.span().compareTo(b.span()) >= 0 ? a : b;
  }
}
