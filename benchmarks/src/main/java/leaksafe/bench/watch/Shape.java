package leaksafe.bench.watch;

import java.util.Random;
import java.util.function.IntToDoubleFunction;

/** Generated series, with random noise, strength and phase. Levels are in the hundreds, times in samples. */
enum Shape {
  FLAT(false, "level 200, noise 6") {
    @Override
    IntToDoubleFunction of(Random random, int size) {
      return i -> 200 + noise(random, 6);
    }
  },
  WARM_UP(false, "100 to 250 as a capacitor is charged, time constant 5 to 18 samples, noise 5") {
    @Override
    IntToDoubleFunction of(Random random, int size) {
      double constant = between(random, 5, 18);
      return i -> 100 + 150 * (1 - Math.exp(-i / constant)) + noise(random, 5);
    }
  },
  FILL(false, "100 to 250 in a straight line within 20 to 45 samples, then flat, noise 5") {
    @Override
    IntToDoubleFunction of(Random random, int size) {
      int full = 20 + random.nextInt(26);
      return i -> 100 + Math.min(150, 150.0 * i / full) + noise(random, 5);
    }
  },
  STEP(false, "150, and 210 from some time on, noise 5") {
    @Override
    IntToDoubleFunction of(Random random, int size) {
      int at = 10 + random.nextInt(size - 20);
      return i -> 150 + (i >= at ? 60 : 0) + noise(random, 5);
    }
  },
  TWO_STEPS(false, "150, 190 and 230 from some times on, noise 5") {
    @Override
    IntToDoubleFunction of(Random random, int size) {
      int first = 10 + random.nextInt(size / 2);
      int second = size / 2 + random.nextInt(size / 2 - 10);
      return i -> 150 + (i >= first ? 40 : 0) + (i >= second ? 40 : 0) + noise(random, 5);
    }
  },
  WAVE(false, "200 +- 40, period 20 to 80 samples, noise 6; no cycle set") {
    @Override
    IntToDoubleFunction of(Random random, int size) {
      double phase = between(random, 0, 2 * Math.PI);
      double period = between(random, 20, 80);
      return i -> 200 + 40 * Math.sin(phase + 2 * Math.PI * i / period) + noise(random, 6);
    }
  },
  DAY(false, "200 +- 80, period 1440 samples, noise 6; a sample a minute, the cycle a day") {
    @Override
    IntToDoubleFunction of(Random random, int size) {
      double phase = between(random, 0, 2 * Math.PI);
      return i -> 200 + 80 * Math.sin(phase + 2 * Math.PI * i / 1440) + noise(random, 6);
    }
  },
  SAWTOOTH(false, "150 to 210, period 8 to 60 samples, noise 5") {
    @Override
    IntToDoubleFunction of(Random random, int size) {
      int period = 8 + random.nextInt(53);
      return i -> 150 + 60.0 * (i % period) / period + noise(random, 5);
    }
  },
  SPIKES(false, "200, noise 5, and one in ten 50 to 200 higher") {
    @Override
    IntToDoubleFunction of(Random random, int size) {
      return i -> 200 + noise(random, 5) + (random.nextInt(10) == 0 ? between(random, 50, 200) : 0);
    }
  },
  SMALL(false, "whole numbers, 3 with noise 0.8") {
    @Override
    IntToDoubleFunction of(Random random, int size) {
      return i -> Math.rint(3 + noise(random, 0.8));
    }
  },
  DRIFT(false, "200, each deviation 0.8 of the one before, noise 6") {
    @Override
    IntToDoubleFunction of(Random random, int size) {
      return drift(random, 0.8, 6);
    }
  },
  STRONG_DRIFT(false, "200, each deviation 0.95 of the one before, noise 3: rises for some 20 samples by itself") {
    @Override
    IntToDoubleFunction of(Random random, int size) {
      return drift(random, 0.95, 3);
    }
  },
  LEAK(true, "200 and 0.5 to 1.5 more with each sample, noise 8") {
    @Override
    IntToDoubleFunction of(Random random, int size) {
      double slope = between(random, 0.5, 1.5);
      return i -> 200 + slope * i + noise(random, 8);
    }
  },
  SLOW_LEAK(true, "200 and 0.1 to 0.3 more with each sample, noise 8") {
    @Override
    IntToDoubleFunction of(Random random, int size) {
      double slope = between(random, 0.1, 0.3);
      return i -> 200 + slope * i + noise(random, 8);
    }
  },
  FAST_LEAK(true, "200 and 2 to 6 more with each sample, noise 10") {
    @Override
    IntToDoubleFunction of(Random random, int size) {
      double slope = between(random, 2, 6);
      return i -> 200 + slope * i + noise(random, 10);
    }
  },
  ACCELERATING_LEAK(true, "200 and the square of time, 50 to 200 more after 60 samples, noise 8") {
    @Override
    IntToDoubleFunction of(Random random, int size) {
      double strength = between(random, 50, 200) / 3600;
      return i -> 200 + strength * i * i + noise(random, 8);
    }
  },
  STAIRCASE_LEAK(true, "200 and 25 more every 6 to 14 samples, noise 6") {
    @Override
    IntToDoubleFunction of(Random random, int size) {
      int stair = 6 + random.nextInt(9);
      return i -> 200 + 25.0 * (i / stair) + noise(random, 6);
    }
  },
  LEAK_UNDER_WAVE(true, "200 and 1 to 3 more with each sample, +- 40 with period 20, noise 6") {
    @Override
    IntToDoubleFunction of(Random random, int size) {
      return leakUnderWave(random, 20);
    }
  },
  LEAK_UNDER_LONG_WAVE(true, "the same with period 60") {
    @Override
    IntToDoubleFunction of(Random random, int size) {
      return leakUnderWave(random, 60);
    }
  },
  LEAK_UNDER_SPIKES(true, "200 and 1 to 3 more with each sample, noise 5, and 3 in 20 50 to 250 higher") {
    @Override
    IntToDoubleFunction of(Random random, int size) {
      double slope = between(random, 1, 3);
      return i -> 200 + slope * i + noise(random, 5) + (random.nextInt(20) < 3 ? between(random, 50, 250) : 0);
    }
  },
  LEAK_UNDER_SAWTOOTH(true, "200 and 1 to 3 more with each sample, 0 to 60 with period 8 to 25, noise 5") {
    @Override
    IntToDoubleFunction of(Random random, int size) {
      double slope = between(random, 1, 3);
      int period = 8 + random.nextInt(18);
      return i -> 200 + slope * i + 60.0 * (i % period) / period + noise(random, 5);
    }
  },
  LATE_LEAK(true, "200, and from sample 200 on 1 to 3 more with each, noise 8; samples counted from 200") {
    @Override
    IntToDoubleFunction of(Random random, int size) {
      double slope = between(random, 1, 3);
      return i -> 200 + slope * Math.max(0, i - 200) + noise(random, 8);
    }
  };

  final boolean leak;
  final String description;

  Shape(boolean leak, String description) {
    this.leak = leak;
    this.description = description;
  }

  /** Returns a function to be called for each sample once, in order. */
  abstract IntToDoubleFunction of(Random random, int size);

  /** Returns the series of a seed. */
  double[] series(int seed, int size) {
    // Scattered: generators of seeds that follow each other begin with nearly the same number.
    Random random = new Random((31L * name().hashCode() + seed) * 0x9E3779B97F4A7C15L);
    IntToDoubleFunction function = of(random, size);
    double[] values = new double[size];
    for (int i = 0; i < size; i++) {
      values[i] = Math.max(0, function.applyAsDouble(i));
    }
    return values;
  }

  private static double noise(Random random, double deviation) {
    return random.nextGaussian() * deviation;
  }

  private static double between(Random random, double least, double most) {
    return least + (most - least) * random.nextDouble();
  }

  private static IntToDoubleFunction drift(Random random, double share, double deviation) {
    double[] away = {0};
    return i -> {
      away[0] = share * away[0] + noise(random, deviation);
      return 200 + away[0];
    };
  }

  private static IntToDoubleFunction leakUnderWave(Random random, int period) {
    double phase = between(random, 0, 2 * Math.PI);
    double slope = between(random, 1, 3);
    return i -> 200 + slope * i + 40 * Math.sin(phase + 2 * Math.PI * i / period) + noise(random, 6);
  }
}
