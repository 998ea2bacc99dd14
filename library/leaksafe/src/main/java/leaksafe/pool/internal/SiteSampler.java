package leaksafe.pool.internal;

import java.util.concurrent.ThreadLocalRandom;
import leaksafe.internal.CallSite;
import leaksafe.internal.Sampling;

/** Decides which leases' lines are captured: a microsecond each, where a lease costs a fiftieth of that. */
final class SiteSampler {
  /** How many may be captured between two rounds of the upkeep, unless all are asked for. */
  private static final int BUDGET = 64;

  private static final long NEVER = Long.MAX_VALUE / 2; // far from an overflow when turns are added

  private final int oneIn;
  private volatile boolean alarmed; // after the first leak, lines are captured as often as the budget allows
  private int budget = BUDGET; // plain: a race costs or spares a sample

  SiteSampler(int oneIn) {
    this.oneIn = oneIn;
  }

  /** Returns the first turn of a slot whose line is captured. */
  long firstSample() {
    return oneIn == 1 ? 1 : 1 + untilNext();
  }

  /** Captures the line that acquires the lease with this stamp, if there is budget. Called by {@link Slot}. */
  void sample(Slot<?> slot, long stamp) {
    boolean all = oneIn == 1 || Sampling.capturesAll();
    if (all || budget > 0) {
      budget--;
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
