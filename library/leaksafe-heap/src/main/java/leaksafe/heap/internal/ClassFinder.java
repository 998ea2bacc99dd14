package leaksafe.heap.internal;

import java.util.Arrays;

/**
 * Finds the class of one instance after another: a small direct-mapped cache before the table of classes, since neighbours in a heap are
 * mostly of the same few classes. Not thread-safe: each visitor has its own.
 */
final class ClassFinder {
  private static final int SLOTS = 1 << 10;

  private final ClassTable classes;
  private final long[] ids = new long[SLOTS];
  private final ClassInfo[] found = new ClassInfo[SLOTS];

  ClassFinder(ClassTable classes) {
    this.classes = classes;
    Arrays.fill(found, classes.at(0)); // No class has the id 0.
  }

  /** Returns the class with the given id, or the one at index 0. */
  ClassInfo find(long id) {
    int slot = (int) (id >>> 3 ^ id >>> 13) & SLOTS - 1;
    if (ids[slot] != id) {
      ids[slot] = id;
      found[slot] = classes.find(id);
    }
    return found[slot];
  }
}
