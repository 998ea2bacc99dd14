package leaksafe.heap.internal;

import leaksafe.heap.HeapDumpException;

/**
 * What a breadth-first search has reached, and of that the objects that it has still to visit, level by level: those of a level are equally far
 * from where it began. A level of few objects is read in the order in which they were met, one of many in that of their numbers, which is that
 * of their addresses: what is known of neighbours lies side by side in memory, so the tables are read from one end to the other.
 */
final class Frontier {
  /** What {@link #meet} returns: the object was not reached before; or by this level, too; or by an earlier one. */
  static final int FIRST = 0;
  static final int AGAIN = 1;
  static final int PAST = 2;

  private static final int WORD_SHIFT = 6;
  /** To look through so many words of bits costs less than to visit an object here and the next anywhere. */
  private static final int WORDS_AN_OBJECT = 16;
  private static final int FEWEST = 1 << 14;
  private static final String CLAIMED = "the objects to walk on from";

  /** One bit an object, 64 in a word: which have been reached, and beside that word which of them are of the next level. */
  private final LongTable marks;
  /** The bits of a level of many objects that is read. */
  private final LongTable level;
  private final long words;
  /** The objects of the next level, unless they are more than fit. */
  private int[] found;
  private long count;
  /** The objects of a level of few that is read. */
  private int[] few;
  private int fewCount;
  private int fewAt;
  /** Of a level of many, the next word, and what is left of the one before. */
  private long wordAt;
  private long word;

  Frontier(long objects, MemoryBudget budget) throws HeapDumpException {
    words = (objects >>> WORD_SHIFT) + 1;
    marks = new LongTable(2 * words, budget, CLAIMED);
    level = new LongTable(words, budget, CLAIMED);
    wordAt = words;
    int fits = (int) Math.max(FEWEST, words / WORDS_AN_OBJECT);
    budget.claim(2L * fits * Integer.BYTES, CLAIMED);
    found = new int[fits];
    few = new int[fits];
  }

  /** Notes that an object was reached from the level that is read; returns whether it was before. */
  int meet(int object) {
    int place = object >>> WORD_SHIFT << 1;
    long bit = 1L << object;
    long reached = marks.get(place);
    if ((reached & bit) != 0) {
      return (marks.get(place + 1) & bit) != 0 ? AGAIN : PAST;
    }
    marks.set(place, reached | bit);
    marks.set(place + 1, marks.get(place + 1) | bit);
    if (count < found.length) {
      found[(int) count] = object;
    }
    count++;
    return FIRST;
  }

  /** Goes on to the next level, once all of this one was read; returns whether there is any object in it. */
  boolean next() {
    if (count <= found.length) {
      int[] read = few;
      few = found;
      found = read;
      fewCount = (int) count;
      fewAt = 0;
      for (int i = 0; i < fewCount; i++) {
        int place = (few[i] >>> WORD_SHIFT << 1) + 1;
        marks.set(place, marks.get(place) & ~(1L << few[i]));
      }
    } else {
      for (long i = 0; i < words; i++) {
        int place = (int) (2 * i + 1);
        level.set((int) i, marks.get(place));
        marks.set(place, 0);
      }
      wordAt = 0;
    }
    boolean any = count > 0;
    count = 0;
    return any;
  }

  /** Fills the array with the next objects of the level, and returns their number, 0 if all were read. */
  int poll(int[] objects) {
    int filled = Math.min(objects.length, fewCount - fewAt);
    System.arraycopy(few, fewAt, objects, 0, filled);
    fewAt += filled;
    while (filled < objects.length) {
      while (word == 0) {
        if (wordAt == words) {
          return filled;
        }
        word = level.get((int) wordAt++);
      }
      objects[filled++] = (int) (wordAt - 1 << WORD_SHIFT) + Long.numberOfTrailingZeros(word);
      word &= word - 1;
    }
    return filled;
  }

  /** Tells the budget that all this is about to be dropped. */
  void release(MemoryBudget budget) {
    marks.release(budget);
    level.release(budget);
    budget.release(2L * found.length * Integer.BYTES);
  }
}
