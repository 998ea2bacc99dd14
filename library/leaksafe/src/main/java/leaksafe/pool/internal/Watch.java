package leaksafe.pool.internal;

import java.lang.ref.WeakReference;
import leaksafe.internal.Reapable;
import leaksafe.internal.Reaper;

/** Holds a lease weakly, and knows its slot when the lease was dropped. */
final class Watch<T> extends WeakReference<Object> implements Reapable {
  final long stamp;
  private final Slot<T> slot;
  private final long since;
  private volatile boolean overdue; // written by the reaper's thread alone

  Watch(PooledLease<?> lease, Slot<T> slot, long since) {
    super(lease, Reaper.queue());
    this.stamp = lease.stamp;
    this.slot = slot;
    this.since = since;
  }

  /** Returns when the lease was first seen, by the pool's clock: at most one interval of the upkeep after it was acquired. */
  long since() {
    return since;
  }

  /** Returns true the first time. */
  boolean becomesOverdue() {
    boolean first = !overdue;
    overdue = true;
    return first;
  }

  /** The lease is unreachable: it is a leak unless it was closed before. */
  @Override
  public void reap() {
    if (slot.leased2busy(stamp)) {
      slot.core.takeBack.dropped(slot, this);
    }
  }
}
