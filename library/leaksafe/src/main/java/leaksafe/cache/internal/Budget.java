package leaksafe.cache.internal;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The one exact count of what a cache with a maximum holds. A permit is taken before a node is linked and given back after it was
 * unlinked, so the nodes are never more than the count, and the count never more than the maximum. {@link Share} is its kind for caches that
 * share a maximum.
 */
@SuppressWarnings("serial")
class Budget extends AtomicLong {
  // Filling a cache writes the count with every insertion: keeps it off the cache lines of what readers read.
  @SuppressWarnings("unused")
  private long p1, p2, p3, p4, p5, p6, p7;

  private final boolean weighed;
  private volatile long maximum;

  Budget(long maximum, boolean weighed) {
    this.maximum = maximum;
    this.weighed = weighed;
  }

  long maximum() {
    return maximum;
  }

  /** Returns the maximum of the cache alone. */
  final long ownMaximum() {
    return maximum;
  }

  /** Sets the maximum. The count may be above it until the caller has evicted enough. */
  void setMaximum(long maximum) {
    this.maximum = maximum;
  }

  /** Returns whether weights are counted, and not entries. */
  boolean isWeighed() {
    return weighed;
  }

  boolean isHalfFull() {
    return get() >= maximum / 2;
  }

  /** Returns whether a maximum was lowered below what is there, and the surplus is not yet evicted. */
  boolean isExceeded() {
    return hasSurplus();
  }

  /** Returns whether there is more than the cache's own maximum. */
  final boolean hasSurplus() {
    return get() > maximum;
  }

  /** Takes so many permits unless that exceeds the maximum. */
  boolean tryTake(long permits) {
    while (true) {
      long taken = get();
      if (taken > maximum - permits) {
        return false;
      }
      if (compareAndSet(taken, taken + permits)) {
        return true;
      }
    }
  }

  /** Returns how many permits could be taken now. */
  long room() {
    return Math.max(0, maximum - get());
  }

  /** Returns whether so many permits could be taken now. */
  boolean hasRoom(long permits) {
    return get() <= maximum - permits;
  }

  void giveBack(long permits) {
    if (permits != 0) {
      addAndGet(-permits);
    }
  }
}
