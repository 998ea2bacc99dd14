package leaksafe.cache.internal.lease;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The permits to have a value open, and the line of those who wait for one, served first come first served. */
final class Room {
  private final int maximum;
  private final Semaphore permits;
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicInteger waiting = new AtomicInteger();

  Room(int maximum) {
    this.maximum = maximum;
    this.permits = new Semaphore(maximum, true);
  }

  /** Takes a permit if there is one that nobody waits for. */
  boolean tryTake() {
    if (waiting.get() == 0 && permits.tryAcquire()) {
      open.incrementAndGet();
      return true;
    }
    return false;
  }

  /** Says that the caller waits for room, from before it looks for a value to evict: see the package. */
  void lineUp() {
    waiting.incrementAndGet();
  }

  void leaveLine() {
    waiting.decrementAndGet();
  }

  /** Takes a permit if there is one and it is the caller's turn, who has lined up. An interrupted thread that is alone gets one, too. */
  boolean takeNow() throws InterruptedException {
    if (waiting.get() > 1) {
      return take(0);
    }
    boolean taken = permits.tryAcquire();
    if (taken) {
      open.incrementAndGet();
    }
    return taken;
  }

  /** Takes a permit in turn, and waits for it; the caller has lined up. */
  boolean take(long nanos) throws InterruptedException {
    if (permits.tryAcquire(nanos, TimeUnit.NANOSECONDS)) {
      open.incrementAndGet();
      return true;
    }
    return false;
  }

  /** Gives a permit back, and returns how many values are open now. */
  int giveBack() {
    int left = open.decrementAndGet();
    permits.release();
    return left;
  }

  /** Lets all go who wait or will: the cache is closed, and they find that out. */
  void letAllGo() {
    permits.release(Integer.MAX_VALUE - maximum); // as many as there can be, since those that are taken will be given back
  }

  int open() {
    return open.get();
  }

  int waiting() {
    return waiting.get();
  }
}
