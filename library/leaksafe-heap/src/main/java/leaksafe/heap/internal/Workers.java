package leaksafe.heap.internal;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

/** Runs a pass on several threads and waits for all. The threads end with the pass. */
final class Workers {
  private Workers() {}

  /** A part of a pass. */
  @FunctionalInterface
  interface Work {
    void run(int worker) throws IOException;
  }

  static void run(int threads, Work work) throws IOException {
    if (threads == 1) {
      work.run(0);
      return;
    }
    AtomicReference<Throwable> failure = new AtomicReference<>();
    CountDownLatch left = new CountDownLatch(threads - 1);
    for (int i = 1; i < threads; i++) {
      int worker = i;
      Thread thread = new Thread(null, () -> {
        try {
          runOne(work, worker, failure);
        } finally {
          left.countDown();
        }
      }, "leaksafe-heap-" + i, 0, false);
      thread.setDaemon(true);
      thread.setContextClassLoader(null);
      thread.start();
    }
    runOne(work, 0, failure);
    await(left);
    Throwable thrown = failure.get();
    if (thrown instanceof IOException e) {
      throw e;
    }
    if (thrown instanceof Error e) {
      throw e;
    }
    if (thrown instanceof RuntimeException e) {
      throw e;
    }
  }

  private static void runOne(Work work, int worker, AtomicReference<Throwable> failure) {
    try {
      work.run(worker);
    } catch (Throwable e) {
      Throwable first = failure.compareAndExchange(null, e);
      if (first != null) {
        first.addSuppressed(e);
      }
    }
  }

  // The workers use tables that we hand back, so an interrupt must not leave them behind; it is kept for the caller.
  private static void await(CountDownLatch left) {
    boolean interrupted = false;
    while (true) {
      try {
        left.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
