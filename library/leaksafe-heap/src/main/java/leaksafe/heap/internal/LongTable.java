package leaksafe.heap.internal;

import leaksafe.heap.HeapDumpException;

/**
 * One long per object in chunks of 16 MB, indexed by an unsigned int, zero at first. Different slots may be written by different threads.
 */
final class LongTable {
  private static final int SHIFT = 21;
  private static final int MASK = (1 << SHIFT) - 1;

  private final long[][] chunks;
  private final long length;

  LongTable(long length, MemoryBudget budget, String what) throws HeapDumpException {
    budget.claim(length * 8, what);
    this.length = length;
    chunks = new long[(int) ((length + MASK) >>> SHIFT)][];
    for (int i = 0; i < chunks.length; i++) {
      boolean isEmpty = i > 0 && i < budget.firstObject() >>> SHIFT;
      chunks[i] = isEmpty ? chunks[0] : new long[(int) Math.min(1 << SHIFT, length - ((long) i << SHIFT))];
    }
  }

  long get(int index) {
    return chunks[index >>> SHIFT][index & MASK];
  }

  void set(int index, long value) {
    chunks[index >>> SHIFT][index & MASK] = value;
  }

  void add(int index, long value) {
    chunks[index >>> SHIFT][index & MASK] += value;
  }

  /** Tells the budget that the table is about to be dropped. */
  void release(MemoryBudget budget) {
    budget.release(length * 8);
  }
}
