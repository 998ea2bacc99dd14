package leaksafe.pool.internal;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import leaksafe.internal.Reaper;

/**
 * What has to be done though nobody calls: leases are put under watch, overdue ones reported or taken back, idle objects disposed of
 * when they are too many or too old, the minimum restored, what a stack cut short that overflowed put in order.
 *
 * <p>Runs on the reaper's thread, a slice at a time; users' code is handed to the executor. Times are those of the rounds, so all that depends
 * on them is late by up to two intervals and never early: an object is idle since the first round that found it unused, a lease is held since
 * the first round, or the first waiter, that saw it.
 */
final class Upkeep<T> implements Reaper.Client {
  private static final long LONGEST_INTERVAL = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long SHORTEST_INTERVAL = TimeUnit.MILLISECONDS.toNanos(10);
  private static final long RESTING_INTERVAL = TimeUnit.SECONDS.toNanos(1);
  private static final long REFILL_BACK_OFF = TimeUnit.SECONDS.toNanos(1);
  private static final long LONGEST_STEP = TimeUnit.SECONDS.toNanos(1); // from one statement to the next, where to be wrong costs nothing
  private static final long LONGEST_CLAIM = TimeUnit.MINUTES.toNanos(1); // from the claim to the note of the lease
  private static final int SLOTS_A_SLICE = 4096;

  private final PoolCore<T> core;
  private final Settings<T> settings;
  private final long interval;
  private final AtomicBoolean refilling = new AtomicBoolean();
  private volatile boolean refillFailed; // set by the executor before it lowers `refilling`
  private volatile long lastRound; // by the pool's clock
  private long refillAt; // the reaper's thread alone, as all below
  private int next;
  private boolean active;

  Upkeep(PoolCore<T> core) {
    this.core = core;
    this.settings = core.settings;
    long shortest = Math.min(settings.limitNanos(), Math.min(settings.idleNanos(), settings.ageNanos()));
    this.interval = Math.max(SHORTEST_INTERVAL, Math.min(LONGEST_INTERVAL, shortest / 4));
    this.lastRound = read(System.nanoTime());
    this.refillAt = lastRound;
  }

  private long read(long nanoTime) {
    return settings.ticker() == null ? nanoTime : settings.ticker().read();
  }

  /** Returns the pool's time of the last round. */
  long lastRound() {
    return lastRound;
  }

  /** Returns the pool's time of now; what the ticker throws is the caller's. */
  long now() {
    return read(System.nanoTime());
  }

  @Override
  public long work(long nanoTime) {
    long now = read(nanoTime);
    lastRound = now;
    Slot<T>[] slots = core.slots.all();
    if (next == 0) {
      core.sites.renewBudget();
      core.round();
      active = false;
      next = slots.length;
    }
    // Downwards: scans for an object go upwards, so the high slots hold what is needed least.
    int end = Math.max(0, Math.min(next, slots.length) - SLOTS_A_SLICE);
    for (int i = Math.min(next, slots.length) - 1; i >= end; i--) {
      active |= visit(slots[i], now);
    }
    next = end;
    if (next > 0) {
      return 0;
    }
    core.waiting.look();
    refill(now);
    // A pool at rest is looked at less often; the lease that ends its rest is put under watch a second later.
    return active || interval < LONGEST_INTERVAL ? interval : RESTING_INTERVAL;
  }

  /** Looks after one slot; returns whether it is in use. */
  private boolean visit(Slot<T> slot, long now) {
    long state = slot.state();
    if (Slot.isIdle(state)) {
      return visitIdle(slot, state, now);
    }
    slot.watch(now);
    Watch<T> watch = slot.currentWatch();
    if (watch != null) {
      visitWatched(slot, watch, now);
    } else {
      visitUnwatched(slot, state, now);
    }
    return watch != null;
  }

  /**
   * Looks after a slot that is in somebody's hands for a moment; or has been since his stack ended: between his claim and the note of the lease,
   * or before he could get rid of the object. Should he only have been asleep for so long, his lease is closed, or the object not his any more.
   */
  private void visitUnwatched(Slot<T> slot, long state, long now) {
    if (state != slot.stateSeen) {
      slot.stateSeen = state;
      slot.idleSince = now;
      return;
    }
    long age = now - slot.idleSince;
    if (age >= LONGEST_STEP && slot.adopt()) {
      core.retireLater(slot);
    } else if (age >= LONGEST_CLAIM && Slot.isLeased(state) && slot.leased2busy(state)) {
      core.takeBack.cutShort(slot, age);
    }
  }

  private boolean visitIdle(Slot<T> slot, long state, long now) {
    boolean used = state != slot.stateSeen;
    if (used) {
      slot.stateSeen = state;
      slot.idleSince = now;
    }
    boolean worn = settings.idleNanos() != Settings.NEVER && now - slot.idleSince >= settings.idleNanos() && core.slots.surplus() > 0;
    boolean leftBehind = core.surplus.isLeftBehind();
    boolean due = settings.ageNanos() != Settings.NEVER && now - slot.deadline() >= 0;
    if ((worn || leftBehind || due) && slot.idle2busy(state)) { // not if it has been used meanwhile
      // A guess so far, for the object may have been replaced. Now that the slot is ours we know: a new object has not been seen yet.
      if (leftBehind || (worn && slot.stateSeen == state) || (due && now - slot.deadline() >= 0)) {
        core.retireLater(slot);
      } else {
        core.reidle(slot);
      }
    }
    return used;
  }

  private void visitWatched(Slot<T> slot, Watch<T> watch, long now) {
    long age = now - watch.since();
    if (settings.limitNanos() == Settings.NEVER || age < settings.limitNanos()) {
      return;
    }
    if (!settings.reclaim()) {
      if (watch.becomesOverdue()) {
        core.takeBack.overdue(slot, watch, age);
      }
    } else if (slot.leased2busy(watch.stamp)) {
      watch.clear();
      core.takeBack.reclaimed(slot, watch, age);
    }
  }

  private void refill(long now) {
    if (refillFailed && !refilling.get()) {
      refillFailed = false;
      refillAt = now + REFILL_BACK_OFF;
    }
    if (core.slots.surplus() < 0 && !core.isClosed() && core.isThere() && now - refillAt >= 0 && refilling.compareAndSet(false, true)) {
      core.errands.hand(() -> {
        try {
          refillFailed = !core.refill();
        } finally {
          refilling.set(false);
        }
      });
    }
  }
}
