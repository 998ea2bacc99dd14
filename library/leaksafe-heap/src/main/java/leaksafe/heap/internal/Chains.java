package leaksafe.heap.internal;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Counts the elements of linked queues in one pass and bounded memory: the nodes come in the order of the dump, and runs of nodes that
 * follow each other become one fragment. A collector mostly leaves neighbours of a list beside each other, so fragments are few; when
 * they are many, those that belong together are joined. If that does not help either, {@link #isComplete} says so.
 *
 * <p>Not thread-safe: each thread has its own, and {@link #joined} takes them together.
 */
final class Chains {
  private static final int OPEN = 4;
  private static final int MOST = 1 << 17;
  private static final int SHORT = 8;
  private static final long[] NONE = {};

  private long[] starts = NONE;
  private long[] nexts = NONE;
  private int[] counts = {};
  private int size;
  /** The fragments that are being extended, the first {@link #OPEN} places of arrays of their own; several since queues interleave. */
  private final long[] openStarts = new long[OPEN];
  private final long[] openNexts = new long[OPEN];
  private final int[] openCounts = new int[OPEN];
  private int oldest;
  private boolean complete = true;

  /** Adds a node; {@code next} is 0 at the end, a node without an element links others but does not count. */
  void add(long id, long next, boolean hasElement) {
    long after = next == id ? 0 : next; // A node that was taken out of its queue refers to itself.
    int count = hasElement ? 1 : 0;
    for (int i = 0; i < OPEN; i++) {
      if (openNexts[i] == id && openStarts[i] != 0) {
        openNexts[i] = after;
        openCounts[i] += count;
        return;
      }
      if (after != 0 && openStarts[i] == after) {
        openStarts[i] = id;
        openCounts[i] += count;
        return;
      }
    }
    if (openStarts[oldest] != 0) {
      append(openStarts[oldest], openNexts[oldest], openCounts[oldest]);
    }
    openStarts[oldest] = id;
    openNexts[oldest] = after;
    openCounts[oldest] = count;
    oldest = (oldest + 1) % OPEN;
  }

  private void append(long start, long next, int count) {
    if (count == 0 && next == 0) {
      return; // The node of an empty queue, or one that adds nothing to the end of another.
    }
    if (size == MOST) {
      join();
      if (size > MOST / 2) {
        complete = false;
        dropShort();
      }
      if (size > MOST / 2) {
        size = 0;
      }
    }
    if (size == starts.length) {
      int larger = Math.max(64, size * 2);
      starts = Arrays.copyOf(starts, larger);
      nexts = Arrays.copyOf(nexts, larger);
      counts = Arrays.copyOf(counts, larger);
    }
    starts[size] = start;
    nexts[size] = next;
    counts[size++] = count;
  }

  /** Among very many fragments those of long queues are the long ones. */
  private void dropShort() {
    int kept = 0;
    for (int i = 0; i < size; i++) {
      if (counts[i] >= SHORT) {
        starts[kept] = starts[i];
        nexts[kept] = nexts[i];
        counts[kept++] = counts[i];
      }
    }
    size = kept;
  }

  /** Sorts the fragments by their first node and joins those that follow each other. */
  private void join() {
    sort();
    boolean[] follows = new boolean[size];
    for (int i = 0; i < size; i++) {
      int after = find(nexts[i]);
      if (after >= 0 && after != i) {
        follows[after] = true;
      }
    }
    int kept = 0;
    long[] joinedStarts = new long[size];
    long[] joinedNexts = new long[size];
    int[] joinedCounts = new int[size];
    for (int i = 0; i < size; i++) {
      if (!follows[i]) {
        int count = counts[i];
        long next = nexts[i];
        int steps = 0; // A damaged dump may have rings.
        for (int at = find(next); at >= 0 && steps < size; at = find(next), steps++) {
          count += counts[at];
          next = nexts[at];
        }
        joinedStarts[kept] = starts[i];
        joinedNexts[kept] = next;
        joinedCounts[kept++] = count;
      }
    }
    starts = joinedStarts;
    nexts = joinedNexts;
    counts = joinedCounts;
    size = kept;
  }

  private void sort() {
    int[] order = IntStream.range(0, size).boxed().sorted((a, b) -> Long.compare(starts[a], starts[b])).mapToInt(i -> i).toArray();
    long[] sortedStarts = new long[size];
    long[] sortedNexts = new long[size];
    int[] sortedCounts = new int[size];
    for (int i = 0; i < size; i++) {
      sortedStarts[i] = starts[order[i]];
      sortedNexts[i] = nexts[order[i]];
      sortedCounts[i] = counts[order[i]];
    }
    starts = sortedStarts;
    nexts = sortedNexts;
    counts = sortedCounts;
  }

  private int find(long start) {
    return start == 0 ? -1 : Arrays.binarySearch(starts, 0, size, start);
  }

  /** Takes the fragments of several threads together; ask only the result for lengths. */
  static Chains joined(List<Chains> parts) {
    Chains all = new Chains();
    for (Chains part : parts) {
      all.complete &= part.complete;
      for (int i = 0; i < part.size; i++) {
        all.append(part.starts[i], part.nexts[i], part.counts[i]);
      }
      for (int i = 0; i < OPEN; i++) {
        if (part.openStarts[i] != 0) {
          all.append(part.openStarts[i], part.openNexts[i], part.openCounts[i]);
        }
      }
    }
    all.join();
    return all;
  }

  /** Returns how many elements the chain that begins with the given node has, 0 if none begins there. */
  int length(long head) {
    int place = find(head);
    return place < 0 ? 0 : counts[place];
  }

  /** Returns whether all nodes found their place; if not, lengths may be too small. */
  boolean isComplete() {
    return complete;
  }
}
