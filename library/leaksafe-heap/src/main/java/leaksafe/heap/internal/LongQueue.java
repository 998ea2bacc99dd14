package leaksafe.heap.internal;

import java.util.ArrayDeque;
import leaksafe.heap.HeapDumpException;

/** A queue of longs other than 0, in chunks of 512 KB that are used again when they have been read. Not thread-safe. */
final class LongQueue {
  private static final int CHUNK = 1 << 16;
  private static final long CHUNK_BYTES = (long) CHUNK * Long.BYTES;

  private final MemoryBudget budget;
  private final ArrayDeque<long[]> chunks = new ArrayDeque<>();
  private final ArrayDeque<long[]> spares = new ArrayDeque<>();
  private long[] first;
  private long[] last;
  private int head;
  private int tail;
  private long claimed;

  LongQueue(MemoryBudget budget) throws HeapDumpException {
    this.budget = budget;
    first = chunk();
    last = first;
  }

  private long[] chunk() throws HeapDumpException {
    budget.claim(CHUNK_BYTES, "the objects to walk on from");
    claimed += CHUNK_BYTES;
    return new long[CHUNK];
  }

  /** Appends a value, which must not be 0. */
  void add(long value) throws HeapDumpException {
    if (tail == CHUNK) {
      open();
    }
    last[tail++] = value;
  }

  private void open() throws HeapDumpException {
    long[] spare = spares.poll();
    last = spare != null ? spare : chunk();
    chunks.add(last);
    tail = 0;
  }

  /** Returns the next value, or 0 if there is none. */
  long poll() {
    return prepare() == 0 ? 0 : first[head++];
  }

  /** Fills the array with the next values, as many as there are, and returns their number. */
  int poll(long[] values) {
    int filled = 0;
    while (filled < values.length) {
      int count = Math.min(prepare(), values.length - filled);
      if (count == 0) {
        break;
      }
      System.arraycopy(first, head, values, filled, count);
      head += count;
      filled += count;
    }
    return filled;
  }

  /** Returns how many values can be read from the first chunk, 0 only if the queue is empty. */
  private int prepare() {
    if (head == CHUNK && first != last) {
      spares.add(first);
      first = chunks.remove();
      head = 0;
    }
    return (first == last ? tail : CHUNK) - head;
  }

  /** Tells the budget that the queue is about to be dropped. */
  void release() {
    budget.release(claimed);
    claimed = 0;
  }
}
