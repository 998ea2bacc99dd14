package leaksafe.watch.internal;

import java.time.Duration;
import java.util.List;
import leaksafe.watch.Trend;
import leaksafe.watch.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * The bounded history of one figure: windows of 64, 256, 1024 and 4096 samples, coarser the longer they are, some 4 KB in all. A fast leak
 * shows in the short ones, a slow one under noise or under a wave in the long ones.
 *
 * <p>Each window is tested when it has got a new floor. A figure grows if one window says so {@value #CONFIRMATIONS} times in a row, and after
 * {@value #MINIMUM_SAMPLES} samples at the earliest: so a warm-up of up to {@value #WARM_UP} samples is over before anybody asks.
 *
 * <p>Not safe for use by many threads.
 */
final class Series {
  /** How many samples it takes until anything can grow. */
  static final int MINIMUM_SAMPLES = 60;

  /** How many tests in a row must agree. */
  static final int CONFIRMATIONS = 6;

  /** For how many samples a warm-up may last without being taken for a leak. */
  static final int WARM_UP = 45;

  private static final int[] STRIDES = {1, 4, 16, 64};

  private final long minimumGrowth;
  private final @Nullable Window[] windows = new Window[STRIDES.length];
  private final int[] confirmations = new int[STRIDES.length]; // of windows that span a cycle
  private long samples;
  private long latest;
  private long lastNanos;

  /** Creates an empty history. */
  Series(long minimumGrowth) {
    this.minimumGrowth = minimumGrowth;
  }

  /** What is thought of the figure, and the window that decided, or the longest. */
  record Judgement(Verdict verdict, Trend trend, Duration observed, List<Long> floors) {}

  /** Adds a sample; one that is not later than the last is left out. */
  void add(long nanos, long value, Duration cycle) {
    if (samples > 0 && nanos - lastNanos <= 0) {
      return;
    }
    samples++;
    latest = value;
    lastNanos = nanos;
    for (int i = 0; i < STRIDES.length; i++) {
      Window window = windows[i];
      if (window == null) {
        window = new Window(STRIDES[i]);
        windows[i] = window;
      }
      if (window.add(nanos, value) && samples >= MINIMUM_SAMPLES) {
        window.test(minimumGrowth);
        confirmations[i] = window.growing() > 0 && window.span().compareTo(cycle) >= 0 ? confirmations[i] + 1 : 0;
      }
    }
  }

  /** Returns whether some window's last test said that it grows. */
  boolean stirs() {
    for (Window window : windows) {
      if (window != null && window.growing() > 0) {
        return true;
      }
    }
    return false;
  }

  long latest() {
    return latest;
  }

  /** Judges by the shortest window that is sure. */
  Judgement judge() {
    for (int i = 0; i < STRIDES.length; i++) {
      Window window = windows[i];
      if (window != null && confirmations[i] >= CONFIRMATIONS) {
        return judgement(Verdict.GROWING, window);
      }
    }
    Window longest = null;
    for (Window window : windows) {
      if (window != null && window.growing() >= CONFIRMATIONS) {
        return judgement(Verdict.SUSPECTED, window);
      }
      longest = window == null ? longest : Window.longer(window, longest);
    }
    if (longest == null) {
      return new Judgement(Verdict.GATHERING, new Trend(false, 0, 0, "no sample yet"), Duration.ZERO, List.of());
    }
    return judgement(samples < MINIMUM_SAMPLES + CONFIRMATIONS - 1 ? Verdict.GATHERING : Verdict.QUIET, longest);
  }

  private static Judgement judgement(Verdict verdict, Window window) {
    return new Judgement(verdict, window.trend(), window.span(), window.floors());
  }
}
