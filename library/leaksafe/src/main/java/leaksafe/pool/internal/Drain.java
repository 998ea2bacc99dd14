package leaksafe.pool.internal;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/** Where those who close a pool wait until its last object is gone. */
final class Drain {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  /** Waits until the condition holds, which must be cheap; returns whether it does. */
  boolean await(BooleanSupplier isDrained, long nanos) throws InterruptedException {
    boolean drained = isDrained.getAsBoolean();
    if (drained || nanos <= 0) {
      return drained; // who need not wait is not interrupted either
    }
    long left = nanos;
    lock.lockInterruptibly();
    try {
      while (!isDrained.getAsBoolean()) {
        if (left <= 0) {
          return false;
        }
        left = changed.awaitNanos(left);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Has the conditions looked at again. */
  void signal() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
