package leaksafe.pool.internal;

import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The threads that wait for an object, first come first served, and the signs that tell everybody else to take the long way.
 *
 * <p>Only the head of the line claims objects; the others sleep. Nobody is ever <em>handed</em> an object, so a waiter that gives up
 * has nothing to give back: it leaves the line, and that is all. A thread that arrives while an object is idle may take it before the
 * head that is just waking up (waking takes far longer than most leases). A head that was overtaken for a millisecond raises
 * {@link #HUNGRY}, which bars newcomers until it was served: bounded overtaking, as in Go's mutex.
 *
 * <p><b>No wakeup is lost.</b> Whoever makes an object or capacity available first changes the slot's state or the number of permits
 * (volatile) and then reads the signs and the head (volatile), but for one case below. A waiter first enters the line, setting {@link #WAITING} and the head
 * (volatile), and then tries to claim. In the one order that all volatile actions have, either the waiter's attempt comes after the
 * change and succeeds, or the signs are read after the waiter entered, and it is signalled. A signal is skipped only where the head
 * has one that it has not yet looked at, and it puts its signal down before it tries. Who leaves the line looks for the new head
 * whether there is something to claim, after it set the new head; so what was signalled to the old head is not lost either. A thread that waits
 * for a lock in its attempt is woken from that by the signal, and a lock gives no wakeup back: so a waiter looks for its signal before it sleeps.
 *
 * <p><b>The one case.</b> A close without a compare-and-set (see {@link Slot}) stores with release, and its look at the signs may come before
 * others see the store: a fence there would cost as much as the claim. If it sees a sign, it makes up for that with a fence, before it looks for
 * the head. If it sees none, there was no waiter at that moment, and whoever enters later may look once before the store arrives, which
 * takes a processor well below a microsecond. So every waiter sleeps for {@link #GLANCE_NANOS} at most the first time, and then looks again. A
 * waiter that is not the head then is served by the head, who entered before it and so has looked again as well. The same goes for the other
 * signs: who raises one may miss an object that was given back at that moment. That no delay of a store, however long, loses anything for good
 * is the upkeep's doing: in each round it looks for what is idle while a sign is up.
 */
final class Line {
  static final int CLOSED = 1;
  static final int EXCESS = 1 << 1; // more objects than the maximum, since it was lowered
  static final int WAITING = 1 << 2;
  static final int HUNGRY = 1 << 3;
  static final int GONE = 1 << 4; // of a key without objects, for good: whoever comes has to look for the key anew

  /** The longest first sleep of a waiter, in nanoseconds. */
  static final long GLANCE_NANOS = 1_000_000;

  /** What keeps newcomers from claiming. */
  static final int BARRED = CLOSED | HUNGRY | GONE;

  // Guards the links and all changes of the signs. Nothing is called while it is held.
  private final ReentrantLock lock = new ReentrantLock();

  private volatile int signs; // read by anybody, written under the lock
  private volatile @Nullable Waiter head; // read by anybody, written under the lock
  private @Nullable Waiter tail; // guarded by the lock
  private int length; // guarded by the lock

  /** A thread in the line. */
  static final class Waiter {
    final long since = System.nanoTime();
    private final Thread thread = Thread.currentThread();
    private @Nullable Waiter previous; // guarded by the lock
    private @Nullable Waiter next; // guarded by the lock
    private volatile boolean signalled;

    /** Puts the signal down before an attempt to claim, and returns whether there was one. */
    boolean takeSignal() {
      boolean was = signalled;
      signalled = false; // volatile: before the attempt, so that whoever skips a signal is seen by the attempt
      return was;
    }

    /** Returns whether there is one. */
    boolean isSignalled() {
      return signalled; // volatile: after the attempt, and with nothing between this and the sleep that could take a wakeup
    }

    /** Wakes it, if it has no signal yet. */
    void signal() {
      if (!signalled) {
        signalled = true; // two who do so at once both unpark, which is harmless
        LockSupport.unpark(thread);
      }
    }
  }

  int signs() {
    return signs;
  }

  boolean isClosed() {
    return (signs & CLOSED) != 0;
  }

  boolean isGone() {
    return (signs & GONE) != 0;
  }

  /** Returns whether the head of the line has waited for longer than somebody who waits since then. */
  boolean hasHeadBefore(long since) {
    Waiter first = head;
    return first != null && first.since - since < 0;
  }

  boolean isHead(Waiter waiter) {
    return head == waiter;
  }

  int length() {
    lock.lock();
    try {
      return length;
    } finally {
      lock.unlock();
    }
  }

  /** Puts a waiter at the end; false if the line is gone. */
  boolean enter(Waiter waiter) {
    lock.lock();
    try {
      if (isGone()) {
        return false;
      }
      waiter.previous = tail;
      if (tail == null) {
        head = waiter;
      } else {
        tail.next = waiter;
      }
      tail = waiter;
      length++;
      signs |= WAITING;
      return true;
    } finally {
      lock.unlock();
    }
  }

  void leave(Waiter waiter) {
    lock.lock();
    try {
      Waiter before = waiter.previous;
      Waiter after = waiter.next;
      if (before == null) {
        head = after;
      } else {
        before.next = after;
      }
      if (after == null) {
        tail = before;
      } else {
        after.previous = before;
      }
      length--;
      int now = before == null ? signs & ~HUNGRY : signs; // the head was the one who was hungry
      signs = length == 0 ? now & ~WAITING : now;
    } finally {
      lock.unlock();
    }
  }

  /** Wakes the head of the line, if it has no signal yet. */
  void signalHead() {
    Waiter first = head;
    if (first != null) {
      first.signal();
    }
  }

  /** Bars newcomers until the head was served. */
  void hungry(Waiter waiter) {
    lock.lock();
    try {
      if (head == waiter) {
        signs |= HUNGRY;
      }
    } finally {
      lock.unlock();
    }
  }

  /** Raises a sign; false if it was there already. */
  boolean raise(int sign) {
    lock.lock();
    try {
      boolean fresh = (signs & sign) == 0;
      signs |= sign;
      return fresh;
    } finally {
      lock.unlock();
    }
  }

  void lower(int sign) {
    lock.lock();
    try {
      signs &= ~sign;
    } finally {
      lock.unlock();
    }
  }

  /** Wakes everybody, so that they see that the pool is closed. */
  void wakeAll() {
    lock.lock();
    try {
      for (Waiter waiter = head; waiter != null; waiter = waiter.next) {
        waiter.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Has the line of a key without objects go for good, unless somebody waits or it is closed; returns whether it went. */
  boolean go() {
    lock.lock();
    try {
      if (length > 0 || (signs & (CLOSED | GONE)) != 0) {
        return false;
      }
      signs |= GONE;
      return true;
    } finally {
      lock.unlock();
    }
  }
}
