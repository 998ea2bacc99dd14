package leaksafe.heap.internal;

import leaksafe.heap.HeapDumpException;

/** A set of objects, one bit for each that there is. Not thread-safe. */
final class ObjectSet {
  private static final int WORD_SHIFT = 6;

  private final MemoryBudget budget;
  private final LongTable words;

  ObjectSet(HeapGraph graph, String what) throws HeapDumpException {
    budget = graph.file.budget;
    words = new LongTable((graph.count >>> WORD_SHIFT) + 1, budget, what);
  }

  boolean contains(int object) {
    return (words.get(object >>> WORD_SHIFT) & 1L << object) != 0;
  }

  /** Adds an object; returns whether it was not there before. */
  boolean add(int object) {
    long word = words.get(object >>> WORD_SHIFT);
    words.set(object >>> WORD_SHIFT, word | 1L << object);
    return (word & 1L << object) == 0;
  }

  /** Tells the budget that the set is about to be dropped. */
  void release() {
    words.release(budget);
  }
}
