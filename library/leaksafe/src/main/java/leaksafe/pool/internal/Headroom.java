package leaksafe.pool.internal;

/**
 * Sees to it that a step which must not be cut short has the stack that it takes: rather is it not begun at all.
 *
 * <p>A stack that overflows in the midst of our bookkeeping would cost the place of an object, and what is to put that in order runs on the same
 * stack. So some kilobytes are tried out before. Less than a microsecond: where an object is opened or disposed of, or a thread is about to
 * wait, and not where an idle object is leased or given back. What is cut short there the {@link Upkeep} finds.
 */
final class Headroom {
  private static final int FRAMES = 256;

  private Headroom() {}

  /** Throws a {@link StackOverflowError} if there is little stack left. */
  static void need() {
    if (frames(FRAMES) != FRAMES) {
      throw new AssertionError("frames were not counted");
    }
  }

  private static int frames(int count) {
    return count == 0 ? 0 : frames(count - 1) + 1; // adds afterwards, or it might become a loop
  }
}
