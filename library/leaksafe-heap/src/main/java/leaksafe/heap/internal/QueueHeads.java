package leaksafe.heap.internal;

import java.util.Arrays;

/**
 * The linked queues of a dump, whose lengths are known only when all nodes have been seen: of each its id, its first node and its class.
 * 20 bytes a queue, for a bounded number; thread-safe while it is filled.
 */
final class QueueHeads {
  private static final int MOST = 1 << 20;

  private long[] ids = new long[64];
  private long[] heads = new long[64];
  private int[] classes = new int[64];
  private int size;
  private boolean complete = true;

  synchronized void add(long id, long head, int classIndex) {
    if (size == MOST) {
      complete = false;
      return;
    }
    if (size == ids.length) {
      ids = Arrays.copyOf(ids, size * 2);
      heads = Arrays.copyOf(heads, size * 2);
      classes = Arrays.copyOf(classes, size * 2);
    }
    ids[size] = id;
    heads[size] = head;
    classes[size++] = classIndex;
  }

  int size() {
    return size;
  }

  long id(int place) {
    return ids[place];
  }

  long head(int place) {
    return heads[place];
  }

  int classIndex(int place) {
    return classes[place];
  }

  /** Returns whether there was room for all. */
  boolean isComplete() {
    return complete;
  }
}
