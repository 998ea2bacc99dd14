package leaksafe.heap.internal;

import java.util.concurrent.atomic.AtomicLong;
import leaksafe.heap.HeapDumpException;

/** Counts what the large tables of one analysis take, and refuses what would be too much before the VM does. */
public final class MemoryBudget {
  private final long limit;
  private final long firstObject;
  private final AtomicLong claimed = new AtomicLong();
  private final AtomicLong peak = new AtomicLong();

  /** Makes a budget of so many bytes. */
  public MemoryBudget(long limit) {
    this(limit, 1);
  }

  /**
   * Makes a budget for an analysis whose objects are numbered from the given number on. Tables have no memory for smaller ones, which shows in
   * tests what happens beyond 2<sup>31</sup> objects without so many.
   */
  MemoryBudget(long limit, long firstObject) {
    this.limit = limit;
    this.firstObject = firstObject;
  }

  /** Returns the number of the first object, 1 outside of tests. */
  long firstObject() {
    return firstObject;
  }

  /** Takes bytes from the budget, for the named table. */
  void claim(long bytes, String what) throws HeapDumpException {
    long now = claimed.addAndGet(bytes);
    if (now > limit) {
      claimed.addAndGet(-bytes);
      throw new HeapDumpException(
          what + " need" + (what.endsWith("s") ? "" : "s") + " " + Sizes.text(bytes) + " more, " + Sizes.text(now - bytes) + " of the budget of "
              + Sizes.text(limit) + " are taken: raise the budget (-Xmx of the analysing VM), or use the census, which needs about 50 MB", -1);
    }
    peak.accumulateAndGet(now, Math::max);
  }

  /** Gives bytes back. */
  void release(long bytes) {
    claimed.addAndGet(-bytes);
  }

  /** Returns how many bytes are claimed now. */
  long claimed() {
    return claimed.get();
  }

  /** Returns the most bytes that were claimed at once. */
  public long peak() {
    return peak.get();
  }
}
