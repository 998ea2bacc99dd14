package leaksafe.pool.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Where a thread found idle objects last: two slots for each stripe of threads. A thread that holds two objects at a time finds both
 * again without a search.
 *
 * <p>Stripes are chosen by the thread's identifier, so nothing hangs on threads, and a million virtual threads cost nothing. Two
 * threads of one stripe only disturb each other's guesses. All races are benign: any value is a valid guess.
 */
final class Hints {
  private static final int SPACING = 32; // ints: a pair of cache lines for each stripe
  private static final int MOST_STRIPES = 64;
  private static final int HALF = 16;
  private static final int LOW = 0xFFFF;
  private static final VarHandle INTS = MethodHandles.arrayElementVarHandle(int[].class);

  private final int[] pairs;
  private final int shift;

  Hints(int processors) {
    int bits = 32 - Integer.numberOfLeadingZeros(Math.max(1, Math.min(MOST_STRIPES, processors * 4) - 1));
    pairs = new int[SPACING << bits];
    shift = 64 - bits;
  }

  /** Returns where the current thread's hint is. */
  int stripe() {
    return (int) ((Thread.currentThread().getId() * 0x9E3779B97F4A7C15L) >>> shift) * SPACING;
  }

  int pair(int stripe) {
    return (int) INTS.getOpaque(pairs, stripe); // opaque: any value will do, it only must not be torn or hoisted
  }

  static int first(int pair) {
    return pair & LOW;
  }

  static int second(int pair) {
    return pair >>> HALF;
  }

  /** Notes a slot that neither hint had named. The older hint goes. */
  void found(int stripe, int pair, int index) {
    if (index <= LOW) {
      INTS.setOpaque(pairs, stripe, (pair << HALF) | index); // opaque: as pair()
    }
  }
}
