package leaksafe.memo.internal;

import java.util.concurrent.atomic.LongAdder;
import leaksafe.internal.HitCounter;

/** How often a memo knew its answer, and how often it had to ask. */
public final class Counts {
  final HitCounter hits = new HitCounter();
  final LongAdder misses = new LongAdder();

  /** Returns how many calls were answered from memory. */
  public long hits() {
    return hits.sum();
  }

  /** Returns how many calls ran the function. */
  public long misses() {
    return misses.sum();
  }
}
