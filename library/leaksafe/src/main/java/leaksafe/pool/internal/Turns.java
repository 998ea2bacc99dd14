package leaksafe.pool.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import leaksafe.SuppressLeak;
import org.jspecify.annotations.Nullable;

/**
 * {@value #LENGTH} turns of a slot in succession: the latest lease, and which leases are closed.
 *
 * <p><b>Why a lease is closed here.</b> Two threads that close one lease, or one that closes it late, must not end a later lease. A
 * compare-and-set on the slot's state would see to that, and would cost as much as the claim. Here each turn has a cell of its own, which is
 * used for that turn and never again, and closing sets it. So it does not matter how often, how late and by how many threads that is
 * done, and a plain store with release will do. Whoever claims the slot next reads the cell.
 *
 * <p><b>Why the latest lease is noted here</b>, and not in the slot. G1 makes a store of a young object into an old one pay a full fence and a
 * marked card, as much as a compare-and-set; the turns of a much used slot are as young as its leases.
 */
final class Turns<T> {
  /** How many; a power of two. */
  static final int LENGTH = 64;

  private static final VarHandle CLOSED = MethodHandles.arrayElementVarHandle(byte[].class);
  private static final VarHandle LEASE;

  static {
    try {
      LEASE = MethodHandles.lookup().findVarHandle(Turns.class, "lease", PooledLease.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  final Slot<T> slot;
  private final byte[] closed = new byte[LENGTH]; // 0 or 1, by the turn; only ever set

  @SuppressLeak(rule = "LS050", reason = "the user closes the lease; this is how the pool finds one that nobody closed")
  private @Nullable PooledLease<T> lease; // written by the owner, and by who puts a watch in its place

  Turns(Slot<T> slot) {
    this.slot = slot;
  }

  private static int place(long turn) {
    return (int) turn & LENGTH - 1;
  }

  /** Returns whether a turn is the first of new ones. */
  static boolean beginWith(long turn) {
    return place(turn) == 0;
  }

  /** Closes the lease of a turn. */
  void close(long turn) {
    CLOSED.setRelease(closed, place(turn), (byte) 1); // release: hands over all that the holder did to the object
  }

  /** Returns whether the lease of a turn is closed. */
  boolean isClosed(long turn) {
    return (byte) CLOSED.getAcquire(closed, place(turn)) != 0; // acquire: pairs with close()
  }

  /** Returns the latest lease, or null if it is held weakly or not noted yet. */
  @Nullable PooledLease<T> lease() {
    @SuppressWarnings("unchecked")
    PooledLease<T> seen = (PooledLease<T>) LEASE.getOpaque(this); // opaque: the fields of a lease are final
    return seen;
  }

  /** Notes a lease that is in force now. Until that is seen, the upkeep finds a lease of an earlier turn, or none, and lets it be. */
  void lease(PooledLease<T> latest) {
    LEASE.setOpaque(this, latest); // opaque: as above
  }

  /** Forgets a lease, if it still is the latest. */
  void forget(PooledLease<T> noted) {
    LEASE.compareAndSet(this, noted, null); // volatile: more than it takes; seldom
  }
}
