package leaksafe.pool.internal;

import java.util.concurrent.locks.LockSupport;
import leaksafe.AcquireTimeoutException;
import leaksafe.pool.PoolStats;
import org.jspecify.annotations.Nullable;

/**
 * How a thread waits for a lease: in the {@link Line}, where only the head claims.
 *
 * <p>In a pool with keys, a head that finds room under its key's maximum and none in the whole pool stands in the {@link Total}'s line as
 * well, for as long as that is so.
 */
final class Waiting<T> {
  /** For how long the head of the line may be overtaken by newcomers, in nanoseconds. */
  private static final long OVERTAKEN_NANOS = 1_000_000;

  private static final int MOST_SPINS = Runtime.getRuntime().availableProcessors() > 1 ? 127 : 0;

  private final PoolCore<T> core;
  private final Line line;
  private final @Nullable Total total;

  Waiting(PoolCore<T> core) {
    this.core = core;
    this.line = core.line;
    this.total = core.keys == null ? null : core.keys.total;
  }

  /** Waits for a lease, which may not be in force yet; null if the line is gone. */
  @Nullable PooledLease<T> await(long nanos) throws InterruptedException {
    Headroom.need();
    Line.Waiter waiter = new Line.Waiter();
    if (!line.enter(waiter)) {
      return null;
    }
    PoolStats inVain;
    try {
      core.watchAll();
      core.counters.waits.increment();
      PooledLease<T> lease = await(waiter, nanos);
      if (lease != null) {
        return lease;
      }
      core.counters.timeouts.increment();
      inVain = core.stats(); // with this waiter
    } finally {
      line.leave(waiter);
      if (total != null) {
        total.doesNotWant(waiter);
      }
      look();
    }
    // Only now, lest the text of a key, which is users' code, hold up the line.
    throw new AcquireTimeoutException(Complaint.timeout(core, nanos, inVain));
  }

  /** Waits at the waiter's place; null if the time is over. */
  private @Nullable PooledLease<T> await(Line.Waiter waiter, long nanos) throws InterruptedException {
    long overtakenSince = 0;
    boolean signalled = false;
    int spins = 0;
    int nextSpins = 0;
    long longestSleep = Line.GLANCE_NANOS;
    while (true) {
      if (spins == 0) { // while we spin the signal stays up, lest everybody who closes a lease send us another
        signalled |= waiter.takeSignal();
      }
      if (line.isClosed()) {
        throw core.closed();
      }
      boolean head = line.isHead(waiter);
      PooledLease<T> lease = head ? core.claimAsHead(waiter.since) : null;
      if (lease == null && head && total != null && seesNoRoom(waiter)) {
        lease = core.claimAsHead(waiter.since); // once more: what came before we stood in the line was told to nobody
      }
      if (lease != null) {
        return lease;
      }
      if (nanos > 0 && Thread.interrupted()) { // who does not wait is not interrupted either
        throw new InterruptedException(core.name() + ": interrupted while waiting for a lease");
      }
      long now = System.nanoTime();
      long waited = now - waiter.since;
      if (waited >= nanos) {
        return null;
      }
      if (signalled) { // and yet there was nothing: a newcomer was faster
        overtakenSince = overtakenSince == 0 ? now : overtakenSince;
        if (now - overtakenSince >= OVERTAKEN_NANOS) {
          line.hungry(waiter);
        }
      }
      if (spins > 0) {
        spins--;
        Thread.onSpinWait();
        continue;
      }
      signalled = false;
      if (!waiter.isSignalled()) { // if it is, its wakeup may have ended a wait for a lock on the way: see Line
        LockSupport.parkNanos(this, Math.min(nanos - waited, longestSleep));
        longestSleep = Long.MAX_VALUE;
      }
      // Waking costs many times what a look costs, so whoever was woken in vain looks twice as often the next time.
      nextSpins = Math.min(MOST_SPINS, nextSpins * 2 + 1);
      spins = head && total == null ? nextSpins : 0;
    }
  }

  /** Stands in the line for room in the whole pool, or leaves it; returns true if it was not there before. */
  private boolean seesNoRoom(Line.Waiter waiter) {
    if (total == null) {
      return false;
    }
    if (core.slots.isFull()) {
      total.doesNotWant(waiter); // it waits for an object of its own key
      return false;
    }
    return total.wants(waiter);
  }

  /** Wakes the head if there is something to claim, of which nobody may have told it: see {@link Line}. */
  void look() {
    if ((line.signs() & Line.WAITING) != 0 && hasSomething()) {
      line.signalHead();
    }
  }

  private boolean hasSomething() {
    return total != null || !core.slots.isFull() || core.slots.idle() > 0;
  }
}
