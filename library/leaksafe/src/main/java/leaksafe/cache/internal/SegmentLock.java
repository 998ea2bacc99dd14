package leaksafe.cache.internal;

import java.util.concurrent.locks.AbstractQueuedSynchronizer;

/**
 * The lock of a segment, as its superclass: the word that two threads pass to and fro then lies in the line of the processor's cache that the
 * holder needs anyway. In an object of its own it was a line more for each turn, and one that other segments' locks shared after the
 * collector had moved them together.
 *
 * <p>Not reentrant, since nobody takes it twice but a key whose {@code equals} or {@code hashCode} uses the cache that is calling it. That is told
 * by an exception and not by a hang.
 *
 * <p><b>Memory ordering.</b> Taking the lock is a compare-and-set of the state from 0, giving it back a volatile write of 0 after the owner was
 * cleared; both are volatile accesses, so that what one holder wrote the next one sees. The owner is plain: a thread that reads its own name there
 * wrote it itself, and what it reads otherwise makes no difference.
 */
@SuppressWarnings("serial") // never serialized, though the superclass can be
abstract class SegmentLock extends AbstractQueuedSynchronizer {
  private static final int SPINS = Runtime.getRuntime().availableProcessors() > 1 ? 128 : 0;

  /** Tries for a while before it parks: the lock is held for less than a microsecond, and parking and waking take several. */
  final void lock() {
    for (int i = 0; i <= SPINS; i++) {
      if (tryLock()) {
        return;
      }
      Thread.onSpinWait();
    }
    if (getExclusiveOwnerThread() == Thread.currentThread()) {
      throw new IllegalStateException("equals or hashCode of a key, a value or a group used the cache that was calling it, which would never end: "
          + "they must not use it");
    }
    acquire(1);
  }

  /** Takes the lock if it is free. */
  final boolean tryLock() {
    return tryAcquire(1);
  }

  final void unlock() {
    release(1);
  }

  @Override
  protected final boolean tryAcquire(int ignored) {
    if (getState() == 0 && compareAndSetState(0, 1)) {
      setExclusiveOwnerThread(Thread.currentThread());
      return true;
    }
    return false;
  }

  @Override
  protected final boolean tryRelease(int ignored) {
    setExclusiveOwnerThread(null);
    setState(0);
    return true;
  }
}
