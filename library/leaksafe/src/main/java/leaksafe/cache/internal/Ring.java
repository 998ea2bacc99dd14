package leaksafe.cache.internal;

import java.util.Arrays;

/**
 * A queue of hashes. The window is a queue of hashes and not of nodes: four bytes an entry without a barrier of the collector, and a
 * node that was removed leaves nothing here that keeps it alive, only a stale hash.
 */
final class Ring {
  private static final int SMALLEST = 8;

  private int[] hashes = new int[SMALLEST];
  private int head; // the oldest; both run on and wrap around
  private int tail;

  int size() {
    return tail - head;
  }

  boolean isFull() {
    return size() == hashes.length;
  }

  /** Adds a hash as the newest; the ring must not be full. */
  void push(int hash) {
    hashes[tail++ & hashes.length - 1] = hash;
  }

  /** Removes and returns the oldest hash; the ring must not be empty. */
  int pop() {
    return hashes[head++ & hashes.length - 1];
  }

  /** Returns the i-th hash from the oldest. */
  int get(int i) {
    return hashes[head + i & hashes.length - 1];
  }

  /** Replaces the contents by the first {@code count} of the given hashes, oldest first, and leaves room for about as many again. */
  void assign(int[] kept, int count) {
    hashes = Arrays.copyOf(kept, Integer.highestOneBit(Math.max(SMALLEST - 1, count + count / 2)) * 2);
    head = 0;
    tail = count;
  }

  void clear() {
    hashes = new int[SMALLEST];
    head = 0;
    tail = 0;
  }
}
