package leaksafe.heap.internal;

import java.util.Arrays;
import leaksafe.heap.HeapDumpException;

/**
 * One int per object in chunks of 16 MB, indexed by an unsigned int, zero at first. Different slots may be written by different threads.
 */
final class IntTable {
  private static final int SHIFT = 22;
  private static final int MASK = (1 << SHIFT) - 1;

  private final int[][] chunks;
  private final long length;

  IntTable(long length, MemoryBudget budget, String what) throws HeapDumpException {
    budget.claim(length * 4, what);
    this.length = length;
    chunks = new int[(int) ((length + MASK) >>> SHIFT)][];
    for (int i = 0; i < chunks.length; i++) {
      boolean isEmpty = i > 0 && i < budget.firstObject() >>> SHIFT;
      chunks[i] = isEmpty ? chunks[0] : new int[(int) Math.min(1 << SHIFT, length - ((long) i << SHIFT))];
    }
  }

  int get(int index) {
    return chunks[index >>> SHIFT][index & MASK];
  }

  void set(int index, int value) {
    chunks[index >>> SHIFT][index & MASK] = value;
  }

  int increment(int index) {
    return chunks[index >>> SHIFT][index & MASK]++;
  }

  /** Sets all to zero, for another use: memory that was in use before costs the machine less than fresh memory. */
  void clear() {
    for (int[] chunk : chunks) {
      Arrays.fill(chunk, 0);
    }
  }

  long length() {
    return length;
  }

  /** Tells the budget that the table is about to be dropped. */
  void release(MemoryBudget budget) {
    budget.release(length * 4);
  }
}
