package leaksafe.heap.internal;

import java.util.Arrays;
import leaksafe.heap.HeapDumpException;

/** The references into each vertex that are not on the depth-first tree, in lists: 4 bytes a vertex and 8 a reference. */
final class CrossEdges {
  private static final int SHIFT = 16;
  private static final int MASK = (1 << SHIFT) - 1;
  private static final int SOURCE_SHIFT = 32;

  private final MemoryBudget budget;
  private final IntTable heads;
  /** The source of each reference and the place of the next into the same vertex. */
  private long[][] chunks = new long[64][];
  private int opened;
  /** The last place that is taken, unsigned; 0 is none. */
  private int last;

  CrossEdges(long vertices, MemoryBudget budget) throws HeapDumpException {
    this.budget = budget;
    heads = new IntTable(vertices, budget, "the referrers");
    open();
  }

  void add(int vertex, int source) throws HeapDumpException {
    int place = ++last;
    if ((place & MASK) == 0) {
      open();
    }
    chunks[place >>> SHIFT][place & MASK] = (long) source << SOURCE_SHIFT | heads.get(vertex) & 0xFFFF_FFFFL;
    heads.set(vertex, place);
  }

  private void open() throws HeapDumpException {
    if (opened == 1 << Integer.SIZE - SHIFT) {
      throw new HeapDumpException("objects have more than 4294967295 referrers in all; dominators are computed up to there", -1);
    }
    budget.claim((1L << SHIFT) * Long.BYTES, "the referrers");
    if (opened == chunks.length) {
      chunks = Arrays.copyOf(chunks, opened * 2);
    }
    chunks[opened++] = new long[1 << SHIFT];
  }

  /** Returns the place of a reference into the vertex, 0 if there is none. */
  int first(int vertex) {
    return heads.get(vertex);
  }

  /** Returns the vertex that the reference at a place comes from. */
  int source(int place) {
    return (int) (chunks[place >>> SHIFT][place & MASK] >>> SOURCE_SHIFT);
  }

  /** Returns the place of the next reference into the same vertex, 0 if there is none. */
  int next(int place) {
    return (int) chunks[place >>> SHIFT][place & MASK];
  }

  /** Drops the references; returns the table of one int a vertex, cleared, for another use. */
  IntTable release() {
    budget.release(opened * (1L << SHIFT) * Long.BYTES);
    chunks = new long[0][];
    heads.clear();
    return heads;
  }
}
