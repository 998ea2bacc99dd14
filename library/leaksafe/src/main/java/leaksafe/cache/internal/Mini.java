package leaksafe.cache.internal;

/**
 * A miniature cache of hashes with one fixed rule and window share, to find out how a cache would do with them. At most 127 hashes in
 * about 17 bytes each. The rules are those of {@link AdaptiveOrder}, with the order of main kept in a list (SIEVE).
 *
 * <p>Not safe for use by many threads.
 */
final class Mini {
  static final int LARGEST = 127;

  private static final int NONE = -1;
  private static final byte MAIN = 1;
  private static final byte USED = 2;

  private final boolean second;
  private final int capacity;
  private final int windowMax;
  private final Sketch sketch;
  private final int[] hashes;
  private final byte[] older;
  private final byte[] newer;
  private final byte[] state;
  private final byte[] index; // open addressing: a slot plus one, or zero
  private final int[] newest = {NONE, NONE}; // of the window, of main
  private final int[] oldest = {NONE, NONE};
  private final int[] size = new int[2];
  private int hand = NONE;

  Mini(int capacity, double share, boolean second) {
    this.second = second;
    this.capacity = capacity;
    windowMax = AdaptiveOrder.windowMax(share, capacity);
    sketch = new Sketch(capacity);
    hashes = new int[capacity];
    older = new byte[capacity];
    newer = new byte[capacity];
    state = new byte[capacity];
    index = new byte[Integer.highestOneBit(Math.max(1, capacity)) * 4];
  }

  /** Looks the hash up, and puts it in if it is absent. Returns whether it was there. */
  boolean access(int hash) {
    int slot = find(hash);
    if (slot != NONE) {
      state[slot] |= USED;
      return true;
    }
    int entries = size[0] + size[1];
    if (entries >= capacity / 2) {
      sketch.increment(hash);
    }
    boolean direct = second && sketch.frequency(hash) >= AdaptiveOrder.SEEN;
    slot = entries < capacity ? entries : evict();
    hashes[slot] = hash;
    enter(slot);
    add(direct ? MAIN : 0, slot);
    return false;
  }

  private int evict() {
    while (true) {
      if (size[0] < windowMax && size[1] > 0 || size[0] == 0) {
        return drop(victim());
      }
      int slot = oldest[0];
      remove(slot);
      boolean used = take(slot);
      if (second) {
        if (!used) {
          return leave(slot);
        }
        add(MAIN, slot);
      } else if (used) {
        add(0, slot);
      } else if (size[1] < capacity - windowMax) {
        add(MAIN, slot);
      } else if (size[1] == 0) {
        return leave(slot);
      } else {
        int victim = victim();
        int frequency = sketch.frequency(hashes[slot]);
        if (frequency >= AdaptiveOrder.LEAST && frequency > sketch.frequency(hashes[victim])) {
          drop(victim);
          add(MAIN, slot);
          return victim;
        }
        return leave(slot);
      }
    }
  }

  private boolean take(int slot) {
    if ((state[slot] & USED) == 0) {
      return false;
    }
    state[slot] &= ~USED;
    sketch.increment(hashes[slot]);
    return true;
  }

  /** Moves the hand from the oldest to the newest over what was used, and returns the first that was not. */
  private int victim() {
    int slot = hand == NONE ? oldest[1] : hand;
    while (take(slot)) {
      slot = newer[slot];
      if (slot == NONE) {
        slot = oldest[1];
      }
    }
    hand = slot;
    return slot;
  }

  private int drop(int slot) {
    hand = newer[slot];
    remove(slot);
    return leave(slot);
  }

  private int leave(int slot) {
    int mask = index.length - 1;
    int hole = home(hashes[slot]);
    while (index[hole] != slot + 1) {
      hole = hole + 1 & mask;
    }
    // Moves later ones back, so that no search ends at the hole before its slot.
    for (int at = hole + 1 & mask; index[at] != 0; at = at + 1 & mask) {
      if ((at - home(hashes[index[at] - 1]) & mask) >= (at - hole & mask)) {
        index[hole] = index[at];
        hole = at;
      }
    }
    index[hole] = 0;
    return slot;
  }

  private void enter(int slot) {
    int at = home(hashes[slot]);
    while (index[at] != 0) {
      at = at + 1 & index.length - 1;
    }
    index[at] = (byte) (slot + 1);
  }

  private int find(int hash) {
    for (int at = home(hash); index[at] != 0; at = at + 1 & index.length - 1) {
      if (hashes[index[at] - 1] == hash) {
        return index[at] - 1;
      }
    }
    return NONE;
  }

  private int home(int hash) {
    int x = hash * 0x9E37_79B1;
    return (x ^ x >>> 15) & index.length - 1;
  }

  private void add(int queue, int slot) {
    state[slot] = (byte) queue;
    older[slot] = (byte) newest[queue];
    newer[slot] = NONE;
    if (newest[queue] == NONE) {
      oldest[queue] = slot;
    } else {
      newer[newest[queue]] = (byte) slot;
    }
    newest[queue] = slot;
    size[queue]++;
  }

  private void remove(int slot) {
    int queue = state[slot] & MAIN;
    int before = older[slot];
    int after = newer[slot];
    if (before == NONE) {
      oldest[queue] = after;
    } else {
      newer[before] = (byte) after;
    }
    if (after == NONE) {
      newest[queue] = before;
    } else {
      older[after] = (byte) before;
    }
    size[queue]--;
  }
}
