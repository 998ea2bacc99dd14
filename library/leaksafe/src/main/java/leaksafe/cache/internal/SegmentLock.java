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
 * <p><b>State.</b> 0 while it is free, else the number of the thread that holds it. A reference to the thread would be one word more to write, and
 * where the collector keeps cards, as G1 does, each of these writes would be a fence and a card to look through: 4 % of an evicting put. The
 * number only tells who takes the lock twice; threads exclude each other whatever it is, should a class of threads override {@code getId}.
 *
 * <p><b>Memory ordering.</b> Taking the lock is a compare-and-set of the state from 0, giving it back a volatile write of 0; both are volatile
 * accesses, so that what one holder wrote the next one sees. A thread that reads its own number there wrote it itself.
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
    if (getState() == self()) {
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

  /** Returns the calling thread's number, as a state that is never 0. */
  private static int self() {
    return (int) Thread.currentThread().getId() | Integer.MIN_VALUE;
  }

  @Override
  protected final boolean tryAcquire(int ignored) {
    return getState() == 0 && compareAndSetState(0, self());
  }

  @Override
  protected final boolean tryRelease(int ignored) {
    setState(0);
    return true;
  }
}
