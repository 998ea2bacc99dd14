package leaksafe.junit.internal;

import java.lang.ref.WeakReference;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import leaksafe.internal.Reapable;
import leaksafe.internal.Reaper;

/** Waits until what was dropped is collected, and the reaper has let go of what belonged to it. */
final class Settling {
  private static final long DEADLINE_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final Reaper.Client POLLING = now -> Long.MAX_VALUE;

  private Settling() {}

  /** Collects, and returns when the reaper has handled all that this collection found. */
  static void await() throws InterruptedException {
    Reaper.Registration polling = Reaper.register(POLLING, false);
    try {
      // What one collection enqueues comes in no order, so the sentinel of a second one is waited for.
      awaitOne();
      awaitOne();
    } finally {
      polling.cancel();
    }
  }

  private static void awaitOne() throws InterruptedException {
    Sentinel sentinel = new Sentinel();
    long start = System.nanoTime();
    do {
      System.gc();
      if (System.nanoTime() - start > DEADLINE_NANOS) {
        throw new IllegalStateException("@LeakFree: nothing was collected for " + TimeUnit.NANOSECONDS.toSeconds(DEADLINE_NANOS)
            + " s: it needs explicit collections, run tests without -XX:+DisableExplicitGC");
      }
    } while (!sentinel.reaped.await(100, TimeUnit.MILLISECONDS));
  }

  private static final class Sentinel extends WeakReference<Object> implements Reapable {
    final CountDownLatch reaped = new CountDownLatch(1);

    Sentinel() {
      super(new Object(), Reaper.queue());
    }

    @Override
    public void reap() {
      reaped.countDown();
    }
  }
}
