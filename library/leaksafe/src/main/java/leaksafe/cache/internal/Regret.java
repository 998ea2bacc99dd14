package leaksafe.cache.internal;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/**
 * What it cost a cache to give way: how many of the entries that it evicted came back soon, for each unit of weight that it gave.
 *
 * <p>That is the marginal hit density of the cache, seen from outside: an entry that is written again soon after it was evicted would
 * have been a hit had the cache been a little larger. It is learned from writes and evictions alone, so a hit costs nothing for it.
 * The hashes of what was evicted stand for a while in a small table; a write of one of them within the horizon counts as a return.
 * The horizon is measured in evictions of all caches of the budget, so the figures of two caches compare. Of a large cache only
 * a sample of the hashes is looked at, so the table need not grow with it.
 *
 * <p><b>Trials.</b> A cache that need not give way is not learned of either, and may have gone cold. So each has to give {@value #FEWEST_TRIALS}
 * entries in every horizon, and while none of them returns twice as many in each that follows, up to {@value #MOST_TRIALS}: a hot cache hardly
 * notices, and one that nobody uses is gone soon. What was learned grows old by what is learned after it, not by time, or a cache that is left in
 * peace would be forgotten, and found out about anew at the cost of as many entries as it takes until the first returns.
 *
 * <p>All is estimated and may be a little wrong: updates of several threads may be lost, which harms nothing but the estimate.
 *
 * <p>Sources: A. Cidon et al., "Cliffhanger: Scaling Performance Cliffs in Web Memory Caches" (NSDI 2016), for shadow queues as the
 * gradient of hit curves; N. Beckmann et al., "LHD: Improving Cache Hit Rate by Maximizing Hit Density" (NSDI 2018), for density.
 */
final class Regret {
  private static final int SLOTS = 1024;
  /** How many entries of a cache are sampled at most, on average: about half the slots, so that few are overwritten in their time. */
  private static final int SAMPLED = 512;
  private static final int UNIT = 1 << 10; // of a return, so that halving has something to halve
  /** When more sampled evictions than these are remembered, all count half. */
  private static final int REMEMBERED = 16;
  private static final int FEWEST_TRIALS = 2;
  private static final int MOST_TRIALS = 64;

  private final SharedBudget shared;
  private volatile @Nullable AtomicLongArray ghosts; // a hash and the time of its eviction in each; made when first needed
  // What is remembered of the ages before this one,
  private final AtomicLong returns = new AtomicLong(); // in UNITs
  private final AtomicLong given = new AtomicLong(); // the weight of sampled evictions
  private final AtomicLong evictions = new AtomicLong(); // how many those were
  // and what was learned in this one.
  private final AtomicLong newReturns = new AtomicLong();
  private final AtomicLong newlyGiven = new AtomicLong();
  private final AtomicLong newEvictions = new AtomicLong();
  private final AtomicLong age = new AtomicLong();
  private volatile int trials = FEWEST_TRIALS;

  Regret(SharedBudget shared) {
    this.shared = shared;
  }

  /** An entry was evicted for the bound, from a cache of about so many. */
  void evicted(int hash, int weight, long entries) {
    long now = shared.tick();
    int mixed = hash * 0x85EB_CA6B;
    if (isSampled(mixed, entries)) {
      enterAge();
      AtomicLongArray slots = ghosts;
      if (slots == null) {
        ghosts = slots = new AtomicLongArray(SLOTS);
      }
      slots.setOpaque(mixed >>> 22, (long) hash << 32 | now & 0xFFFF_FFFFL);
      newlyGiven.addAndGet(weight);
      newEvictions.incrementAndGet();
    }
  }

  /** An entry is written whose key was absent. */
  void arrived(int hash, long entries) {
    AtomicLongArray slots = ghosts;
    int mixed = hash * 0x85EB_CA6B;
    if (slots == null || !isSampled(mixed, entries)) {
      return;
    }
    long ghost = slots.getOpaque(mixed >>> 22);
    if ((int) (ghost >>> 32) == hash && ghost != 0) {
      slots.setOpaque(mixed >>> 22, 0);
      if ((shared.time() - ghost & 0xFFFF_FFFFL) <= shared.horizon()) {
        enterAge();
        newReturns.addAndGet(UNIT);
      }
    }
  }

  private static boolean isSampled(int mixed, long entries) {
    int mask = entries <= SAMPLED ? 0 : Integer.highestOneBit((int) Math.min(entries / SAMPLED, 1 << 20)) * 2 - 1;
    return (mixed >>> 2 & mask) == 0; // the slot is taken from the upper bits, the sample from the lower
  }

  /** Remembers what was learned in the last age, if another has begun. */
  private void enterAge() {
    long now = shared.age();
    long before = age.get();
    if (before != now && age.compareAndSet(before, now)) {
      long returned = newReturns.getAndSet(0);
      long weight = newlyGiven.getAndSet(0);
      long count = newEvictions.getAndSet(0);
      int halvings = evictions.get() + count > REMEMBERED ? 1 : 0;
      returns.updateAndGet(sum -> sum + returned >> halvings);
      given.updateAndGet(sum -> sum + weight >> halvings);
      evictions.updateAndGet(sum -> sum + count >> halvings);
      trials = returned > 0 ? FEWEST_TRIALS : count > 0 ? Math.min(MOST_TRIALS, trials * 2) : trials;
    }
  }

  /** Returns whether the cache has to give an entry for something to be known of it. */
  boolean wantsTrial() {
    enterAge();
    return newEvictions.get() < trials;
  }

  /**
   * Returns how many hits a unit of weight is worth that the cache gives. Of what was given in this age half is counted, since the rest may return
   * yet. An entry more is counted as given without return than there was, so that a cache of which nothing is known comes first.
   */
  double density(long weight, long entries) {
    enterAge();
    double mean = entries <= 0 ? 1 : Math.max(1.0, (double) weight / entries);
    return (double) (returns.get() + newReturns.get()) / UNIT / (given.get() + newlyGiven.get() / 2.0 + mean);
  }
}
