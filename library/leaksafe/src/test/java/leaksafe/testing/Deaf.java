package leaksafe.testing;

import java.util.concurrent.CountDownLatch;

/** Waits for what no interrupt ends, as code does that swallows it. */
public final class Deaf {
  private Deaf() {}

  /** Waits for a latch, however often this thread is interrupted. */
  public static void await(CountDownLatch latch) {
    boolean done = false;
    while (!done) {
      try {
        latch.await();
        done = true;
      } catch (InterruptedException e) {
        // deaf on purpose
      }
    }
  }
}
