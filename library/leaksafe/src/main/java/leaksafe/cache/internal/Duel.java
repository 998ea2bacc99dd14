package leaksafe.cache.internal;

import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Finds out by which rule and with which share for the window the cache would do best: six miniature caches, each with one of the
 * answers, see a sample of the keys by hash; the one with the most hits lately leads, and the cache follows it. Following costs
 * two fields, no entry moves for it.
 *
 * <p>What is fed to it are the sampled ones among the insertions and the hits that set the use flag. Feeding never waits: when another
 * thread is at it, the event is lost.
 *
 * <p>The idea of scaled-down simulations: C. Waldspurger et al., "Cache Modeling and Optimization using Miniature Simulations" (2017); that of
 * a duel between policies: M. Qureshi et al., "Adaptive Insertion Policies for High Performance Caching" (2007).
 */
final class Duel {
  // By simulation over recorded traces, half of which had no say in the choice: the second smallest window, the slow fading and the lead that
  // a challenger needs are worth 0.2 points of hit ratio together, since a score of some hundred hits is noisy.
  private static final double[] SHARES = {0.01, 0.05, 0.2, 0.6, 0.1, 0.4};
  private static final boolean[] SECONDS = {false, false, false, false, true, true};
  private static final double FADE = 0.97;
  private static final double LEAD = 1.02;
  private static final double GLIDE = 0.5;

  private final ReentrantLock lock = new ReentrantLock();
  // Mutable state, guarded by the lock.
  private Mini @Nullable [] minis;
  private int[] hits = {}; // one for each miniature cache, as the scores
  private double[] scores = {};
  private int events;
  private int period;
  private int leader;

  /** Which hashes are sampled: those that have none of these bits when mixed. Racy: a late view samples otherwise for a while. */
  private volatile int sampleMask = -1;
  /** The rule: the second (after S3-FIFO) or the first (after TinyLFU). Racy: a late view is as good. */
  private volatile boolean second;
  /** The window's share of the entries. Racy as the rule. */
  private volatile double share = SHARES[0];

  /** Starts the duel for a cache of about so many entries, unless another thread is about to. May be called under a segment's lock. */
  void start(long entries) {
    if (lock.tryLock()) {
      try {
        if (minis == null) {
          prepare(entries);
        }
      } finally {
        lock.unlock();
      }
    }
  }

  /** Starts a duel that is running anew, for a cache of another size. Waits: not under another lock. */
  void restart(long entries) {
    lock.lock();
    try {
      if (minis != null) {
        prepare(entries);
      }
    } finally {
      lock.unlock();
    }
  }

  private void prepare(long entries) {
    long ratio = 1;
    while (entries / ratio > Mini.LARGEST) {
      ratio *= 2;
    }
    int capacity = (int) Math.max(1, entries / ratio);
    Mini[] all = new Mini[SHARES.length];
    for (int i = 0; i < all.length; i++) {
      all[i] = new Mini(capacity, SHARES[i], SECONDS[i]);
    }
    hits = new int[all.length];
    scores = new double[all.length];
    minis = all;
    events = 0;
    period = 2 * capacity;
    sampleMask = (int) Math.min(Integer.MAX_VALUE, ratio - 1);
  }

  boolean isStarted() {
    return sampleMask != -1;
  }

  boolean second() {
    return second;
  }

  double share() {
    return share;
  }

  /** Tells of an insertion, or of a hit that set the use flag. */
  void offer(int hash) {
    int mask = sampleMask;
    if (mask != -1 && (sample(hash) & mask) == 0) {
      feed(hash & Node.HASH);
    }
  }

  private static int sample(int hash) {
    int x = (hash >>> 3) * 0xB529_7A4D;
    return x ^ x >>> 16;
  }

  private void feed(int hash) {
    if (!lock.tryLock()) {
      return;
    }
    try {
      Mini[] all = minis;
      if (all == null) {
        return;
      }
      for (int i = 0; i < all.length; i++) {
        if (all[i].access(hash)) {
          hits[i]++;
        }
      }
      if (++events >= period) {
        events = 0;
        follow();
      }
    } finally {
      lock.unlock();
    }
  }

  private void follow() {
    for (int i = 0; i < scores.length; i++) {
      scores[i] = scores[i] * FADE + hits[i];
      hits[i] = 0;
    }
    int best = leader;
    for (int i = 0; i < scores.length; i++) {
      if (scores[i] > scores[best] * (best == leader ? LEAD : 1)) {
        best = i;
      }
    }
    leader = best;
    second = SECONDS[leader];
    double now = share;
    share = now + (SHARES[leader] - now) * GLIDE;
  }
}
