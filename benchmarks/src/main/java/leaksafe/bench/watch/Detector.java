package leaksafe.bench.watch;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import leaksafe.watch.GrowthMonitor;

/** Something that is shown a series sample by sample. Peers look at the last {@value #WINDOW} samples, anew with each. */
enum Detector {
  LEAKSAFE("leaksafe GrowthMonitor") {
    @Override
    int firstAlarm(double[] series, Duration cycle) {
      return monitor(series, cycle);
    }
  },
  MANN_KENDALL("Mann-Kendall, z > 3.3") {
    @Override
    boolean alarms(double[] series, int from, int to) {
      double rising = 0;
      for (int i = from; i < to; i++) {
        for (int j = i + 1; j < to; j++) {
          rising += Math.signum(series[j] - series[i]);
        }
      }
      double n = WINDOW;
      return (rising - 1) / Math.sqrt(n * (n - 1) * (2 * n + 5) / 18) > 3.3;
    }
  },
  REGRESSION("linear regression, R2 > 0.7") {
    @Override
    boolean alarms(double[] series, int from, int to) {
      return regression(series, from, to) > 0.7;
    }
  },
  STRICT_REGRESSION("linear regression, R2 > 0.85") {
    @Override
    boolean alarms(double[] series, int from, int to) {
      return regression(series, from, to) > 0.85;
    }
  },
  CONSECUTIVE("5 rises in a row") {
    @Override
    boolean alarms(double[] series, int from, int to) {
      for (int i = to - 5; i < to; i++) {
        if (series[i] <= series[i - 1]) {
          return false;
        }
      }
      return true;
    }
  };

  static final int WINDOW = 60;

  final String text;

  Detector(String text) {
    this.text = text;
  }

  /** Returns after how many samples it first alarms, or -1. */
  int firstAlarm(double[] series, Duration cycle) {
    for (int to = WINDOW; to <= series.length; to++) {
      if (alarms(series, to - WINDOW, to)) {
        return to;
      }
    }
    return -1;
  }

  boolean alarms(double[] series, int from, int to) {
    throw new UnsupportedOperationException();
  }

  /** Returns the share of the squared error that a rising line explains. */
  private static double regression(double[] series, int from, int to) {
    double meanTime = (WINDOW - 1) / 2.0;
    double mean = 0;
    for (int i = from; i < to; i++) {
      mean += series[i] / WINDOW;
    }
    double product = 0;
    double time = 0;
    double value = 0;
    for (int i = from; i < to; i++) {
      product += (i - from - meanTime) * (series[i] - mean);
      time += (i - from - meanTime) * (i - from - meanTime);
      value += (series[i] - mean) * (series[i] - mean);
    }
    return product <= 0 || value == 0 ? 0 : product * product / time / value;
  }

  /** The real monitor, moved by hand: a sample a minute. */
  private static int monitor(double[] series, Duration cycle) {
    AtomicLong nanos = new AtomicLong();
    AtomicInteger next = new AtomicInteger();
    AtomicInteger alarm = new AtomicInteger(-1);
    try (GrowthMonitor monitor = GrowthMonitor.builder().name("bench").atInterval(Duration.ofDays(36_500)).cycle(cycle)
        .minimumGrowth(1).heap(false).containers(false).ticker(nanos::get).listener(alert -> alarm.compareAndSet(-1, next.get())).build()) {
      monitor.watch("series", () -> Math.round(1000 * series[next.getAndIncrement()]));
      while (next.get() < series.length && alarm.get() < 0) {
        nanos.addAndGet(Duration.ofMinutes(1).toNanos());
        monitor.sample();
      }
    }
    return alarm.get();
  }
}
