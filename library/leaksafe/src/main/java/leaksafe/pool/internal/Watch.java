package leaksafe.pool.internal;

import java.lang.ref.WeakReference;
import leaksafe.internal.Reapable;
import leaksafe.internal.Reaper;

/** Holds a lease weakly, and knows its slot when the lease was dropped. */
final class Watch<T> extends WeakReference<Object> implements Reapable {
  private final Slot<T> slot;

  // Used by the upkeep, and by the reaper's thread, which is the same; read without order for messages.
  private volatile long since;
  private volatile boolean overdue;

  Watch(PooledLease<T> lease, Slot<T> slot, long since) {
    super(lease, Reaper.queue());
    this.slot = slot;
    this.since = since;
  }

  /** Returns when the lease was first seen, by the pool's clock: at most one interval of the upkeep after it was acquired. */
  long since() {
    return since;
  }

  /** Starts the time anew, because the object is still being opened. */
  void since(long now) {
    since = now;
  }

  /** Returns true the first time. */
  boolean becomesOverdue() {
    boolean first = !overdue;
    overdue = true;
    return first;
  }

  @Override
  public void reap() {
    if (slot.watched2busy(this)) {
      slot.core.dropped(slot, since);
    }
  }
}
