package leaksafe.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.WeakReference;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * An exact count that costs a thread which counts often a plain increment. A hit takes some nanoseconds, and so does an atomic addition:
 * to count with one would cost half as much again as what is counted.
 *
 * <p><b>How.</b> Such a thread owns a {@link Cell}, which it alone writes, and finds it by its {@linkplain Thread#getId number}, which no other
 * thread of this virtual machine ever has: in {@code first}, which saves the only thread that counts the way through a table, or at its place in
 * {@code cells}. Who owns none, because it is new or another has its place, adds to a {@link LongAdder}, and one time in
 * {@value #CLAIM_ONE_IN}, at random, tries to become the owner of a place, or doubles them where it finds a living owner at its own. The cell
 * of a thread that has ended goes on, with its count, as that of the next who wants the place.
 *
 * <p><b>Threads that come in thousands</b>, virtual ones above all, add to the adder for as long as they live shortly. None keeps a place
 * after its end, and there are hardly more places than {@value #MOST_PLACES}, or four for each processor. A thread is held weakly, and that only
 * to find out whether it has ended.
 *
 * <p><b>Memory ordering.</b>
 * <ul>
 * <li>An increment reads {@code first}, {@code cells}, the place and the cell's owner plainly. Whatever it sees there, the owner is final, so a cell that
 *     has the thread's own number is one that this very thread made; everything else sends it to the adder. A stale table shows the
 *     thread's cell or none: a cell stays in every later table as long as its owner lives.</li>
 * <li>{@code count} has one writer. It writes opaque, so that the number is never torn nor kept in a register for ever; it orders nothing else.
 *     Reads of one and the same variable never go back, so neither does a {@link #sum} that one thread takes again and again.</li>
 * <li>Places and tables are changed by the holder of {@code claiming} alone, whose compare-and-set and volatile store order one change after the
 *     other. They are written by release and read by {@link #sum} by acquire, so that a count taken over is seen with its new cell.</li>
 * <li>A cell is taken over after {@link Thread#isAlive} was false, or the thread was collected, both of which happen-after its last
 *     increment. So no increment is lost between.</li>
 * </ul>
 *
 * <p><b>Not promised.</b> An exact count where a subclass of {@link Thread} overrides {@code getId} and returns the number of another.
 */
public final class HitCounter {
  private static final int CLAIM_ONE_IN = 64; // threads that live for a few calls leave no cells behind
  private static final int MOST_PLACES = 64;
  private static final int PLACES = Integer.highestOneBit(Math.min(MOST_PLACES, 4 * Runtime.getRuntime().availableProcessors()));
  private static final @Nullable Cell[] NONE = {null};
  private static final Cell NOBODY = new Cell();

  private static final VarHandle FIRST;
  private static final VarHandle CELLS;
  private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(Cell[].class);
  private static final VarHandle CLAIMING;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      FIRST = lookup.findVarHandle(HitCounter.class, "first", Cell.class);
      CELLS = lookup.findVarHandle(HitCounter.class, "cells", Cell[].class);
      CLAIMING = lookup.findVarHandle(HitCounter.class, "claiming", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private Cell first = NOBODY;
  private @Nullable Cell[] cells = NONE; // a power of two of them
  private volatile boolean claiming;
  private final LongAdder others = new LongAdder();

  /** A count that one thread writes. 128 bytes apart, since processors fetch lines in pairs. */
  private static final class Cell extends WeakReference<Thread> {
    private static final VarHandle COUNT;
    private final long owner;
    private long count;

    @SuppressWarnings("unused")
    private long p1, p2, p3, p4, p5, p6, p7, p8, p9, p10;

    static {
      try {
        COUNT = MethodHandles.lookup().findVarHandle(Cell.class, "count", long.class);
      } catch (ReflectiveOperationException e) {
        throw new ExceptionInInitializerError(e);
      }
    }

    /** Makes the cell of no thread. */
    Cell() {
      super(null);
      this.owner = 0; // the numbers of threads begin with 1
    }

    Cell(Thread owner, long count) {
      super(owner);
      this.owner = owner.getId();
      this.count = count;
    }

    /** Called by the owner alone. */
    void increment() {
      COUNT.setOpaque(this, count + 1); // opaque: see the class
    }

    long count() {
      return (long) COUNT.getOpaque(this); // opaque: see the class
    }

    /** Returns whether nobody can increment any more: see the class. */
    boolean isOrphan() {
      Thread thread = get();
      return thread == null || !thread.isAlive();
    }
  }

  /** Adds one. */
  public void increment() {
    long id = Thread.currentThread().getId();
    Cell mine = first; // plain, as all that is read here: see the class
    if (mine.owner == id) {
      mine.increment();
    } else {
      incrementBesides(id);
    }
  }

  private void incrementBesides(long id) {
    @Nullable Cell[] all = cells;
    Cell cell = all[place(id, all)];
    if (cell != null && cell.owner == id) {
      cell.increment();
    } else {
      incrementShared();
    }
  }

  private void incrementShared() {
    others.increment();
    // Volatile, both: the changes of one claim are ordered before those of the next. Who finds another at it tries again some other time.
    if (ThreadLocalRandom.current().nextInt(CLAIM_ONE_IN) == 0 && !claiming && CLAIMING.compareAndSet(this, false, true)) {
      try {
        claim(Thread.currentThread());
      } finally {
        claiming = false;
      }
    }
  }

  /** Makes the thread the owner of its place if that is free, or becomes so by having more. */
  private void claim(Thread current) {
    @Nullable Cell[] all = cells;
    int place = place(current.getId(), all);
    Cell there = all[place];
    if (there != null && there.owner == current.getId()) {
      return; // we saw a stale table
    }
    if (first.isOrphan()) {
      FIRST.setRelease(this, new Cell(current, first.count())); // release: as below
      return;
    }
    if (there != null && !there.isOrphan()) {
      if (all.length >= PLACES) {
        return;
      }
      all = grown(all);
      place = place(current.getId(), all);
      there = all[place];
      if (there != null && !there.isOrphan()) {
        CELLS.setRelease(this, all);
        return;
      }
    } else if (all == NONE) {
      all = new Cell[1];
    }
    // Release, the place as well as the table: who sees the cell sees the count that it took over.
    CELL.setRelease(all, place, new Cell(current, there == null ? 0 : there.count()));
    CELLS.setRelease(this, all);
  }

  /** Returns a table with twice the places, in which no two cells meet that did not before. */
  private static @Nullable Cell[] grown(@Nullable Cell[] before) {
    @Nullable Cell[] after = new Cell[before.length * 2];
    for (Cell cell : before) {
      if (cell != null) {
        after[place(cell.owner, after)] = cell;
      }
    }
    return after;
  }

  private static int place(long id, @Nullable Cell[] all) {
    return (int) id & all.length - 1;
  }

  /** Returns the count: exact when nobody increments meanwhile, and never less than this thread saw before. */
  public long sum() {
    long sum = others.sum() + ((Cell) FIRST.getAcquire(this)).count();
    @Nullable Cell[] all = (@Nullable Cell[]) CELLS.getAcquire(this); // acquire, as the places and the first: see claim(Thread)
    for (int i = 0; i < all.length; i++) {
      Cell cell = (Cell) CELL.getAcquire(all, i);
      sum += cell == null ? 0 : cell.count();
    }
    return sum;
  }

  /** Returns how many cells there are, for tests. */
  int cellCount() {
    int count = FIRST.getAcquire(this) == NOBODY ? 0 : 1;
    for (Cell cell : (@Nullable Cell[]) CELLS.getAcquire(this)) {
      count += cell == null ? 0 : 1;
    }
    return count;
  }

  /** Returns how many cells there may be at most, for tests. */
  static int mostCells() {
    return PLACES + 1;
  }
}
