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
 * Horizon and decay are measured in evictions of all caches of the budget, so the figures of two caches compare. Of a large cache only
 * a sample of the hashes is looked at, so the table need not grow with it.
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

  private final SharedBudget shared;
  private volatile @Nullable AtomicLongArray ghosts; // a hash and the time of its eviction in each; made when first needed
  private final AtomicLong returns = new AtomicLong(); // in UNITs, decayed
  private final AtomicLong given = new AtomicLong(); // the weight of sampled evictions, decayed
  private final AtomicLong aged = new AtomicLong(); // the age for which the two are decayed

  Regret(SharedBudget shared) {
    this.shared = shared;
  }

  /** An entry was evicted for the bound, from a cache of about so many. */
  void evicted(int hash, int weight, long entries) {
    long now = shared.tick();
    int mixed = hash * 0x85EB_CA6B;
    if (isSampled(mixed, entries)) {
      age();
      AtomicLongArray slots = ghosts;
      if (slots == null) {
        ghosts = slots = new AtomicLongArray(SLOTS);
      }
      slots.setOpaque(mixed >>> 22, (long) hash << 32 | now & 0xFFFF_FFFFL);
      given.addAndGet(weight);
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
        age();
        returns.addAndGet(UNIT);
      }
    }
  }

  private static boolean isSampled(int mixed, long entries) {
    int mask = entries <= SAMPLED ? 0 : Integer.highestOneBit((int) Math.min(entries / SAMPLED, 1 << 20)) * 2 - 1;
    return (mixed >>> 2 & mask) == 0; // the slot is taken from the upper bits, the sample from the lower
  }

  /** Halves both figures for each horizon that has passed. */
  private void age() {
    long age = shared.age();
    long before = aged.get();
    if (before != age && aged.compareAndSet(before, age)) {
      int halvings = (int) Math.min(60, age - before);
      returns.updateAndGet(sum -> sum >> halvings);
      given.updateAndGet(sum -> sum >> halvings);
    }
  }

  /**
   * Returns how many hits a unit of weight is worth that the cache gives. An entry more is counted as given without return than there was, so
   * that a cache of which nothing is known, or nothing lately, is tried again.
   */
  double density(long weight, long entries) {
    age();
    double mean = entries <= 0 ? 1 : Math.max(1.0, (double) weight / entries);
    return (double) returns.get() / UNIT / (given.get() + mean);
  }
}
