package leaksafe.memo.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.WeakReference;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * An exact count that costs a thread which counts often a plain increment. A hit takes some nanoseconds, and so does an atomic addition:
 * to count with one would double the cost of what is counted.
 *
 * <p>Such a thread owns a cell, which it alone writes. The cell is found by the thread's number, and its owner compared by identity. Who
 * owns none, because it is new or another has its place, adds to a {@link LongAdder}, and one time in {@value #CLAIM_ONE_IN} tries to
 * become owner of the place. The cell of a thread that ended goes to the next with its count. Threads are held weakly.
 */
final class HitCounter {
  private static final int CLAIM_ONE_IN = 64; // threads that live for a few calls leave no cells behind
  private static final int PLACES = Integer.highestOneBit(Math.min(64, 4 * Runtime.getRuntime().availableProcessors()));

  private final AtomicReferenceArray<@Nullable Cell> cells = new AtomicReferenceArray<>(PLACES);
  private final LongAdder others = new LongAdder();

  /** A count that one thread writes. Its length keeps the counts of two cells in different cache lines. */
  private static final class Cell extends WeakReference<Thread> {
    private static final VarHandle COUNT;
    private long count;

    @SuppressWarnings("unused")
    private long p1, p2, p3, p4, p5, p6, p7;

    static {
      try {
        COUNT = MethodHandles.lookup().findVarHandle(Cell.class, "count", long.class);
      } catch (ReflectiveOperationException e) {
        throw new ExceptionInInitializerError(e);
      }
    }

    Cell(Thread owner, long count) {
      super(owner);
      this.count = count;
    }

    /** Called by the owner alone. */
    void increment() {
      // Opaque: whole, and not kept in a register for ever; nothing else is published with the count.
      COUNT.setOpaque(this, count + 1);
    }

    long count() {
      return (long) COUNT.getOpaque(this); // opaque: see increment()
    }

    /** Returns whether nobody can increment any more. That a thread has ended happens-after its last increment. */
    boolean isOrphan() {
      Thread owner = get();
      return owner == null || !owner.isAlive();
    }
  }

  void increment() {
    Thread current = Thread.currentThread();
    int place = (int) current.getId() & PLACES - 1;
    Cell cell = cells.getAcquire(place); // acquire: pairs with the compare-and-set that publishes the cell
    if (cell != null && cell.refersTo(current)) {
      cell.increment();
    } else {
      incrementShared(current, place, cell);
    }
  }

  private void incrementShared(Thread current, int place, @Nullable Cell cell) {
    others.increment();
    if (ThreadLocalRandom.current().nextInt(CLAIM_ONE_IN) == 0 && (cell == null || cell.isOrphan())) {
      cells.compareAndSet(place, cell, new Cell(current, cell == null ? 0 : cell.count()));
    }
  }

  /** Returns the count: exact when nobody increments meanwhile. */
  long sum() {
    long sum = others.sum();
    for (int i = 0; i < PLACES; i++) {
      Cell cell = cells.getAcquire(i);
      sum += cell == null ? 0 : cell.count();
    }
    return sum;
  }
}
