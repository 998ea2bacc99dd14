package leaksafe.heap.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import leaksafe.heap.HeapDumpException;

/**
 * The targets of all objects in chunks of 1 MB. The ints of one object lie in one chunk; a larger array has a chunk of its own that
 * takes several places. Position 0 is nowhere.
 */
final class EdgeStore {
  private static final int SHIFT = 18;
  private static final int CHUNK = 1 << SHIFT;
  private static final int MASK = CHUNK - 1;
  /** As many as {@link HeapGraph} has room for in what it knows of an object. */
  private static final long MOST = 1L << 40;
  private static final int[] TAKEN = new int[0];

  private final MemoryBudget budget;
  private final ReentrantLock lock = new ReentrantLock();
  /** Tests begin with places that are taken, so that positions are large. */
  final List<int[]> filling = new ArrayList<>();
  private int[][] chunks = new int[0][];

  EdgeStore(MemoryBudget budget) {
    this.budget = budget;
  }

  /** Where one thread appends. */
  final class Appender {
    int[] chunk = new int[0];
    int at;
    private long base;

    /** Makes room for so many ints at {@link #at} of {@link #chunk}, and returns its position in the store. */
    long open(int ints) throws HeapDumpException {
      if (ints > chunk.length - at) {
        int length = Math.max(CHUNK, ints);
        budget.claim(length * 4L, "the references of " + filling.size() + " MB and more");
        int[] made = new int[length];
        base = add(made);
        chunk = made;
        at = base == 0 ? 1 : 0;
        if (base == 0 && ints == length) {
          return open(ints);
        }
      }
      return base + at;
    }
  }

  Appender appender() {
    return new Appender();
  }

  private long add(int[] chunk) throws HeapDumpException {
    lock.lock();
    try {
      long base = (long) filling.size() << SHIFT;
      if (base + chunk.length > MOST) {
        throw new HeapDumpException("the objects of the dump have more than " + MOST + " fields and elements with references", -1);
      }
      filling.add(chunk);
      for (int more = CHUNK; more < chunk.length; more += CHUNK) {
        filling.add(TAKEN);
        if (more > Integer.MAX_VALUE - CHUNK) {
          break;
        }
      }
      return base;
    } finally {
      lock.unlock();
    }
  }

  void freeze() {
    chunks = filling.toArray(new int[0][]);
    filling.clear();
  }

  int[] chunk(long position) {
    return chunks[(int) (position >>> SHIFT)];
  }

  static int place(long position) {
    return (int) position & MASK;
  }
}
