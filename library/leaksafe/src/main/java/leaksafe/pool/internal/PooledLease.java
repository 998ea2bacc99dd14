package leaksafe.pool.internal;

import leaksafe.Lease;
import org.jspecify.annotations.Nullable;

/** A lease is nothing but the key to a slot: it fits as long as the slot's state is the stamp, and nobody has closed it. */
public final class PooledLease<T> implements Lease<T> {
  final Turns<T> turns; // of which the lease has one
  final long stamp;

  PooledLease(Turns<T> turns, long stamp) {
    this.turns = turns;
    this.stamp = stamp;
  }

  Slot<T> slot() {
    return turns.slot;
  }

  @Override
  public T get() {
    Slot<T> slot = turns.slot;
    @Nullable T object = slot.object(); // first the object, then the state: see there
    if (object == null || !slot.isHeldBy(this)) {
      throw new IllegalStateException(
          slot.core.name() + ": this lease is closed; acquire a new one instead of keeping the object or its lease");
    }
    return object;
  }

  @Override
  public boolean isClosed() {
    return !turns.slot.isHeldBy(this);
  }

  @Override
  public void close() {
    turns.slot.core.giveBack(this);
  }

  /** Returns the pool and whether it is closed; not the object, whose text may be expensive or wrong by now. */
  @Override
  public String toString() {
    return "Lease[" + turns.slot.core.name() + (isClosed() ? ", closed]" : "]");
  }
}
