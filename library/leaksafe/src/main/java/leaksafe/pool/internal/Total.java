package leaksafe.pool.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The permits that all keys of a pool have in common, and the threads that wait for one: heads of their keys' lines, whose key has room and the
 * whole pool has none.
 *
 * <p><b>The rule.</b> Whoever waits the longest is first. Others may be served before him until he has waited for a millisecond; then he
 * <em>starves</em>: no permit goes to anybody who came later, and every object that comes back to another key is disposed of for his sake,
 * unless the first in the line of that key waits even longer. So everybody is served in the end, however busy other keys are. Whether he
 * starves is for others to tell from the clock, since on a busy machine he may not get to say so himself.
 *
 * <p><b>No wakeup is lost.</b> Whoever frees a permit, or makes an object idle that could be disposed of for one, does that first
 * (volatile) and then looks for the first of the line (volatile). A waiter first enters the line (volatile) and then tries once more.
 * Who leaves the line wakes the one that is first then.
 */
final class Total {
  /** For how long threads with other keys may be served before the one that waits longest, in nanoseconds. */
  private static final long OVERTAKEN_NANOS = 1_000_000;

  private final AtomicInteger taken = new AtomicInteger();
  private volatile int maximum;

  // Guards the list and all changes of the field below. Nothing is called while it is held.
  private final ReentrantLock lock = new ReentrantLock();
  private final List<Line.Waiter> waiters = new ArrayList<>(); // guarded by the lock; who waits longest is first
  private volatile Line.@Nullable Waiter first; // read by anybody, written under the lock

  Total(int maximum) {
    this.maximum = maximum;
  }

  int taken() {
    return taken.get();
  }

  int maximum() {
    return maximum;
  }

  void maximum(int value) {
    maximum = value;
    signalFirst();
  }

  boolean isOverfull() {
    return taken.get() > maximum;
  }

  /** Returns whether an object that comes back may be needed elsewhere. */
  boolean isPressing() {
    return first != null || isOverfull();
  }

  /** Returns whether somebody starves who has waited for longer than somebody who waits since then. */
  boolean isOwedToOthers(long since) {
    Line.Waiter waiter = first;
    return waiter != null && waiter.since - since < 0 && starves(waiter);
  }

  /** Returns whether an object that comes back to a key with this line has to go, for somebody who starves. */
  boolean isOwedToOthers(Line line) {
    Line.Waiter waiter = first;
    return waiter != null && !line.isHead(waiter) && !line.hasHeadBefore(waiter.since) && starves(waiter);
  }

  private static boolean starves(Line.Waiter waiter) {
    return System.nanoTime() - waiter.since >= OVERTAKEN_NANOS;
  }

  /** Takes a permit for somebody who waits since then, if there is one for him. */
  boolean take(long since) {
    int seen;
    do {
      seen = taken.get();
      if (seen >= maximum || isOwedToOthers(since)) {
        return false;
      }
    } while (!taken.compareAndSet(seen, seen + 1));
    return true;
  }

  void give() {
    taken.decrementAndGet();
    signalFirst();
  }

  void signalFirst() {
    Line.Waiter waiter = first;
    if (waiter != null) {
      waiter.signal();
    }
  }

  /** Puts the head of a line into this one as well; false if it is there already. */
  boolean wants(Line.Waiter waiter) {
    lock.lock();
    try {
      if (waiters.contains(waiter)) {
        return false;
      }
      int place = waiters.size();
      while (place > 0 && waiters.get(place - 1).since - waiter.since > 0) {
        place--;
      }
      waiters.add(place, waiter);
      if (place == 0) {
        first = waiter;
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Takes a waiter out, if it is there. */
  void doesNotWant(Line.Waiter waiter) {
    lock.lock();
    try {
      if (!waiters.remove(waiter)) {
        return;
      }
      if (first == waiter) {
        first = waiters.isEmpty() ? null : waiters.get(0);
      }
    } finally {
      lock.unlock();
    }
    signalFirst();
  }

  /** Returns how many wait. */
  int length() {
    lock.lock();
    try {
      return waiters.size();
    } finally {
      lock.unlock();
    }
  }
}
