package leaksafe.resource.internal;

import java.util.concurrent.ThreadLocalRandom;
import leaksafe.internal.Sampling;

/**
 * Decides whose call site is captured: one of so many at random; and of fewer, where that would be more than a few thousand a second.
 *
 * <p>A call site costs about a microsecond. At a rate of one in 128 that is nothing, until objects are opened by the million a second: then
 * it would be a third of what tracking costs, for samples that nobody needs. So each time {@value #BUDGET} were captured, the chance is
 * halved, and each second it is doubled again up to what was asked for. It stays equal for all objects of a moment.
 */
final class SampleRate {
  static final int BUDGET = 4096;
  private static final int MOST_HALVINGS = 16;

  private volatile int every; // 1 for all, 0 for none

  // Plain: a lost update costs or spares some samples.
  private int halvings;
  private int captured; // since the chance was changed

  SampleRate(int every) {
    this.every = every;
  }

  /** Changes what was asked for. */
  void every(int value) {
    every = value;
  }

  /** Returns whether the call site of the next object is captured. */
  boolean next() {
    int asked = every;
    if (asked == 1 || Sampling.capturesAll()) {
      return true;
    }
    if (asked == 0) {
      return false;
    }
    int half = halvings;
    int bound = asked <= Integer.MAX_VALUE >> half ? asked << half : Integer.MAX_VALUE;
    return ThreadLocalRandom.current().nextInt(bound) == 0 && captures();
  }

  private boolean captures() {
    if (++captured >= BUDGET) {
      captured = 0;
      halvings = Math.min(MOST_HALVINGS, halvings + 1);
    }
    return true;
  }

  /** Called once a second. */
  void second() {
    captured = 0;
    halvings = Math.max(0, halvings - 1);
  }
}
