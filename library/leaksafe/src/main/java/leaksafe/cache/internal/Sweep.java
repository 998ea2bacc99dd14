package leaksafe.cache.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * When a segment must be swept, and the sweep itself: takes out what has expired or was collected, some bins under one lock and the next
 * under another. For the holder of the segment's lock unless it says otherwise.
 */
final class Sweep<K, V, N> {
  private static final VarHandle DUE;

  static {
    try {
      DUE = MethodHandles.lookup().findVarHandle(Sweep.class, "due", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Segment<K, V, N> segment;
  private volatile long due = Expiration.NEVER; // when to sweep at the latest; lowered by anybody
  private int next; // the bin to go on with
  private long dueAfter = Expiration.NEVER; // the earliest due of what the current sweep has passed

  Sweep(Segment<K, V, N> segment) {
    this.segment = segment;
  }

  /** Has the segment swept at that time at the latest. May be called without the lock. */
  void by(long time) {
    while (true) {
      long before = due;
      if (time >= before) {
        return;
      }
      // Volatile, as the sweeper's plan that is read next: either this thread sees the plan and wakes the sweeper, or the sweeper sees this.
      if (DUE.compareAndSet(this, before, time)) {
        return;
      }
    }
  }

  /** Anybody may ask. */
  long due() {
    return due;
  }

  /** Sweeps some bins. Returns whether it is through. */
  boolean run(long now, int bins) {
    if (next == 0) {
      due = Expiration.NEVER; // what is written from here on lowers it again
      dueAfter = Expiration.NEVER;
    }
    N[] table = segment.table();
    int from = Math.min(next, table.length);
    int to = Math.min(table.length, from + bins);
    boolean through = to == table.length;
    next = through ? 0 : to;
    // Collects first: removing may replace the table.
    for (Dead<N> dead = findDead(table, from, to, now); dead != null; dead = dead.next) {
      segment.removeIfDead(dead.node, now);
    }
    if (through) {
      by(dueAfter);
    }
    return through;
  }

  private @Nullable Dead<N> findDead(N[] table, int from, int to, long now) {
    Layout<K, V, N> layout = segment.layout;
    Expiration<K, V> expiration = segment.cache.expiration;
    @Nullable Dead<N> dead = null;
    for (int bin = from; bin < to; bin++) {
      for (N node = table[bin]; node != null; node = layout.next(node)) {
        Object raw = layout.valueAcquire(node);
        if (raw == null) {
          continue;
        }
        if (segment.isExpired(node, now) || layout.isCollected(node) || segment.cache.unwrap(raw) == null) {
          dead = new Dead<>(node, dead);
        } else if (expiration != null) {
          dueAfter = Math.min(dueAfter, expiration.sweepBy(layout.deadlineOpaque(node), now));
        }
      }
    }
    return dead;
  }

  private record Dead<N>(N node, @Nullable Dead<N> next) {}

  /** The table was replaced. */
  void resized(int oldLength, int newLength) {
    next = (int) ((long) next * newLength / oldLength);
  }

  /** All nodes were taken out at once. */
  void cleared() {
    next = 0;
  }
}
