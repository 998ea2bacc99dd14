package leaksafe.cache.internal;

import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Finds out by which rule, with which share for the window and with which treatment of latecomers the cache would do best: six miniature
 * caches, each with one of the answers, see a sample of the keys by hash; the one with the most hits lately leads, and the cache follows it. Following costs
 * three fields, no entry moves for it. One sketch does for all six: what the cache counts is what they are fed, whichever of them has it.
 *
 * <p>What is fed to it are the sampled ones among the insertions and the hits that set the use flag. Feeding never waits: when another
 * thread is at it, the event is lost.
 *
 * <p>The idea of scaled-down simulations: C. Waldspurger et al., "Cache Modeling and Optimization using Miniature Simulations" (2017); that of
 * a duel between policies: M. Qureshi et al., "Adaptive Insertion Policies for High Performance Caching" (2007).
 */
final class Duel {
  /** An answer: the rule, the window's share, and whether the hand passes over what comes to main shortly ahead of it. */
  record Answer(boolean second, double share, boolean spares) {}

  // By simulation over recorded traces, half of which had no say in the choice: the slow fading and the lead that a challenger needs are worth
  // 0.2 points of hit ratio together, since a score of some hundred hits is noisy; the first answer, 0.1.
  private static final List<Answer> ANSWERS = List.of(new Answer(false, 0.01, true), new Answer(false, 0.01, false),
      new Answer(false, 0.2, false), new Answer(false, 0.6, false), new Answer(true, 0.1, false), new Answer(true, 0.4, false));
  private static final double FADE = 0.97;
  private static final double LEAD = 1.04;
  private static final int SMALL = 4096; // entries of a cache that miniatures of full size would burden
  private static final double GLIDE = 0.5;

  private final ReentrantLock lock = new ReentrantLock();
  // Mutable state, guarded by the lock.
  private Mini @Nullable [] minis;
  private @Nullable Sketch sketch; // of what all of them are fed
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
  private volatile double share = ANSWERS.get(0).share();
  /** Whether the hand passes over what comes shortly ahead of it. Racy as the rule. */
  private volatile boolean spares = ANSWERS.get(0).spares();

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
    int most = entries < SMALL ? Mini.LARGEST / 2 : Mini.LARGEST;
    while (entries / ratio > most) {
      ratio *= 2;
    }
    int capacity = (int) Math.max(1, entries / ratio);
    Mini[] all = new Mini[ANSWERS.size()];
    Sketch counts = new Sketch(capacity);
    for (int i = 0; i < all.length; i++) {
      all[i] = new Mini(capacity, ANSWERS.get(i), counts);
    }
    hits = new int[all.length];
    scores = new double[all.length];
    minis = all;
    sketch = counts;
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

  boolean spares() {
    return spares;
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
      Sketch counts = sketch;
      if (all == null || counts == null) {
        return;
      }
      // As the cache's own sketch, it counts nothing until half of the places are taken; all of them fill alike.
      int before = all[0].isHalfFull() ? counts.increment(hash) : 0;
      for (int i = 0; i < all.length; i++) {
        if (all[i].access(hash, before)) {
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
    Answer answer = ANSWERS.get(leader);
    second = answer.second();
    spares = answer.spares();
    double now = share;
    share = now + (answer.share() - now) * GLIDE;
  }
}
