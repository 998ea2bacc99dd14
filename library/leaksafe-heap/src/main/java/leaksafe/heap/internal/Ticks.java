package leaksafe.heap.internal;

import java.util.concurrent.locks.ReentrantLock;
import leaksafe.heap.HeapProgress;

/** Passes progress on, at most ten times a second and one call at a time. */
final class Ticks {
  private static final long NANOS = 100_000_000;

  private final HeapProgress listener;
  private final String step;
  private final long total;
  private final ReentrantLock lock = new ReentrantLock();
  private long last = System.nanoTime() - NANOS;

  Ticks(HeapProgress listener, String step, long total) {
    this.listener = listener;
    this.step = step;
    this.total = total;
  }

  void at(long done) {
    if (listener != HeapProgress.NONE && lock.tryLock()) {
      try {
        long now = System.nanoTime();
        if (now - last >= NANOS) {
          last = now;
          listener.progress(step, done, total);
        }
      } finally {
        lock.unlock();
      }
    }
  }

  void end() {
    listener.progress(step, total, total);
  }
}
