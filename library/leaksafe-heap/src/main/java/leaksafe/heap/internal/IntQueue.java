package leaksafe.heap.internal;

import java.util.ArrayDeque;

/** A queue of ints in chunks that are dropped when read. */
final class IntQueue {
  private static final int CHUNK = 1 << 16;

  private final ArrayDeque<int[]> chunks = new ArrayDeque<>();
  private int[] first = new int[CHUNK];
  private int[] last = first;
  private int[] spare = new int[0];
  private int head;
  private int tail;

  void add(int value) {
    if (tail == CHUNK) {
      last = spare.length > 0 ? spare : new int[CHUNK];
      spare = new int[0];
      chunks.add(last);
      tail = 0;
    }
    last[tail++] = value;
  }

  /** Returns the next value, or 0 if there is none: 0 is never put in. */
  int poll() {
    if (first == last && head == tail) {
      return 0;
    }
    if (head == CHUNK) {
      spare = first;
      first = chunks.remove();
      head = 0;
      if (first == last && head == tail) {
        return 0;
      }
    }
    return first[head++];
  }
}
