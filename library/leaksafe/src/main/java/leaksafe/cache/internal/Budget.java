package leaksafe.cache.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The one exact count of what a cache with a maximum holds. A permit is taken before a node is linked and given back after it was
 * unlinked, so the nodes are never more than the permits that were taken, and those never more than the maximum. {@link Share} is its kind for
 * caches that share a maximum.
 *
 * <p><b>One number decides.</b> Counted is what is free and not what is taken: the maximum and the count in one. Who takes permits
 * compares and sets that number alone, so a maximum that is lowered between takes effect for him; a lowered maximum takes away at once, and while
 * more is taken than may be, the number is negative and nobody gets a permit.
 *
 * <p><b>Memory ordering.</b> All changes of {@code free} are atomic. {@code maximum} is changed by the holder of an odd {@code version}: after
 * {@code free} when it falls and before it when it rises, so that nobody who reads the lower one can still take permits beyond it. Who wants to
 * know what is taken reads both between two readings of one and the same even {@code version}; all three are volatile.
 */
class Budget {
  private static final VarHandle FREE;
  private static final VarHandle VERSION;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      FREE = lookup.findVarHandle(Budget.class, "free", long.class);
      VERSION = lookup.findVarHandle(Budget.class, "version", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private volatile long free; // negative while a maximum was lowered below what is there

  // Filling a cache writes that number with every insertion: keeps it off the cache lines of what readers read.
  @SuppressWarnings("unused")
  private long p1, p2, p3, p4, p5, p6, p7;

  private volatile long maximum;
  private volatile int version; // odd while the maximum is being changed
  private final boolean weighed;

  Budget(long maximum, boolean weighed) {
    this.free = maximum;
    this.maximum = maximum;
    this.weighed = weighed;
  }

  /** Returns how many permits are taken. */
  final long get() {
    while (true) {
      int before = version;
      long taken = maximum - free;
      if ((before & 1) == 0 && version == before) {
        return taken;
      }
      Thread.onSpinWait();
    }
  }

  long maximum() {
    return maximum;
  }

  /** Returns the maximum of the cache alone. */
  final long ownMaximum() {
    return maximum;
  }

  /** Sets the maximum. More may be taken until the caller has evicted enough, but no more is given out. */
  final void setMaximum(long maximum) {
    change(beginChange(), maximum);
  }

  /** Sets the maximum as {@link #setMaximum} does, unless it is no longer the expected one; then returns false. */
  final boolean replaceMaximum(long expected, long maximum) {
    int before = beginChange();
    boolean replaced = this.maximum == expected;
    change(before, replaced ? maximum : this.maximum);
    return replaced;
  }

  /** Has nobody else change the maximum, and returns the version that it has. */
  private int beginChange() {
    int before = version;
    while ((before & 1) != 0 || !VERSION.compareAndSet(this, before, before + 1)) {
      Thread.onSpinWait();
      before = version;
    }
    return before;
  }

  private void change(int before, long maximum) {
    long growth = maximum - this.maximum; // both at least 1, so there is no overflow
    if (growth > 0) {
      this.maximum = maximum;
    }
    FREE.getAndAdd(this, growth);
    this.maximum = maximum;
    version = before + 2;
  }

  /** Returns whether weights are counted, and not entries. */
  final boolean isWeighed() {
    return weighed;
  }

  boolean isHalfFull() {
    long most = maximum;
    return free <= most - most / 2; // an estimate, while the maximum is being changed
  }

  /** Returns whether a maximum was lowered below what is there, and the surplus is not yet evicted. */
  boolean isExceeded() {
    return hasSurplus();
  }

  /** Returns whether there is more than the cache's own maximum. */
  final boolean hasSurplus() {
    return free < 0;
  }

  /** Takes so many permits unless that exceeds the maximum. */
  boolean tryTake(long permits) {
    while (true) {
      long left = free;
      if (left < permits) {
        return false;
      }
      if (FREE.compareAndSet(this, left, left - permits)) {
        return true;
      }
    }
  }

  /** Returns how many permits could be taken now. */
  long room() {
    return Math.max(0, free);
  }

  /** Returns whether so many permits could be taken now. */
  boolean hasRoom(long permits) {
    return free >= permits;
  }

  void giveBack(long permits) {
    if (permits != 0) {
      FREE.getAndAdd(this, permits);
    }
  }
}
