package leaksafe.logging;

import java.lang.ref.WeakReference;
import java.util.List;

/** Real collections for tests. */
final class Collected {
  private static final long DEADLINE_NANOS = 20_000_000_000L;

  private Collected() {}

  /** Collects until all are gone; fails at the deadline with how many are not. */
  static void await(List<? extends WeakReference<?>> all) throws InterruptedException {
    long deadline = System.nanoTime() + DEADLINE_NANOS;
    while (retained(all) > 0) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError(retained(all) + " of " + all.size() + " are still retained");
      }
      System.gc();
      Thread.sleep(5);
    }
  }

  /** Returns how many are not gone. */
  static long retained(List<? extends WeakReference<?>> all) {
    return all.stream().filter(reference -> !reference.refersTo(null)).count();
  }
}
