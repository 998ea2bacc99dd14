package leaksafe.pool.internal;

import java.util.concurrent.ThreadLocalRandom;
import leaksafe.internal.CallSite;
import leaksafe.internal.Sampling;
import org.jspecify.annotations.Nullable;

/**
 * Decides which leases' lines are captured: some microseconds each, where a lease costs a hundredth of that.
 *
 * <p>So the number of captures in a time is bounded, and does not grow with the number of keys: all of a pool's keys share one budget, but
 * for those that leaked. These have one each.
 */
final class SiteSampler {
  /** How many may be captured between two rounds of the upkeep, unless all are asked for. */
  private static final int BUDGET = 64;

  private static final long NEVER = Long.MAX_VALUE / 2; // far from an overflow when turns are added

  private final int oneIn;
  private final @Nullable SiteSampler all; // of all keys, where this is a key's
  private volatile boolean alarmed; // after the first leak, lines are captured as often as the budget allows
  private int budget = BUDGET; // plain: a race costs or spares a sample

  SiteSampler(int oneIn, @Nullable SiteSampler all) {
    this.oneIn = oneIn;
    this.all = all;
  }

  /** Returns the first turn of a slot whose line is captured. */
  long firstSample() {
    return oneIn == 1 ? 1 : 1 + untilNext();
  }

  /** Captures the line that acquires the lease with this stamp, if there is budget. Called by {@link Slot}. */
  void sample(Slot<?> slot, long stamp) {
    SiteSampler payer = all == null || alarmed ? this : all;
    if (oneIn == 1 || Sampling.capturesAll() || payer.budget > 0) {
      payer.budget--;
      slot.site(CallSite.capture(), stamp, oneIn == 1 || (alarmed && oneIn != 0) ? 1 : untilNext());
    } else {
      slot.site(null, stamp, untilNext());
    }
  }

  /** Random, with the wanted mean, lest the samples fall into step with what the program does. */
  private long untilNext() {
    return oneIn == 0 ? NEVER : ThreadLocalRandom.current().nextLong(1, 2L * oneIn);
  }

  void renewBudget() {
    budget = BUDGET;
  }

  /** There was a leak: from now on, as many lines as possible. */
  void alarm(Slot<?>[] slots) {
    alarmed = true;
    if (oneIn != 0) {
      for (Slot<?> slot : slots) {
        slot.sampleNext();
      }
    }
  }
}
