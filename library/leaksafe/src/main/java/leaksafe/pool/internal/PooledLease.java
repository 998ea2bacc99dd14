package leaksafe.pool.internal;

import leaksafe.Lease;
import org.jspecify.annotations.Nullable;

/** A lease is nothing but the key to a slot: it fits as long as the slot's state is the stamp. */
public final class PooledLease<T> implements Lease<T> {
  final Slot<T> slot;
  final long stamp;

  PooledLease(Slot<T> slot, long stamp) {
    this.slot = slot;
    this.stamp = stamp;
  }

  @Override
  public T get() {
    @Nullable T object = slot.object(); // first the object, then the state: see there
    if (object == null || !slot.isHeldBy(this)) {
      throw new IllegalStateException(
          slot.core.name() + ": this lease is closed; acquire a new one instead of keeping the object or its lease");
    }
    return object;
  }

  @Override
  public boolean isClosed() {
    return !slot.isHeldBy(this);
  }

  @Override
  public void close() {
    slot.core.giveBack(this);
  }

  /** Returns the pool and whether it is closed; not the object, whose text may be expensive or wrong by now. */
  @Override
  public String toString() {
    return "Lease[" + slot.core.name() + (isClosed() ? ", closed]" : "]");
  }
}
