package leaksafe.cache.internal;

/**
 * A miniature cache of hashes with one fixed answer to what the {@link Duel} asks, to find out how a cache would do with it. At most 255
 * hashes in about 10 bytes each and a sketch. It does what {@link AdaptiveOrder} does, with the index of the hashes as the table that
 * main's hand sweeps.
 *
 * <p>Not safe for use by many threads.
 */
final class Mini {
  static final int LARGEST = 255; // a slot plus one is an unsigned byte

  private static final int NONE = -1;
  private static final byte MAIN = 1;
  private static final byte USED = 2;
  private static final byte SPARED = 4;

  private final Duel.Answer answer;
  private final int capacity;
  private final int windowMax;
  private final Sketch sketch;
  private final int[] hashes; // by slot
  private final byte[] state; // by slot
  private final byte[] index; // open addressing: a slot plus one, or zero
  private final byte[] queue; // the slots of the window, a ring
  private int oldest; // a place in the queue; both run on and wrap around
  private int newest;
  private int main; // how many hashes it has
  private int hand; // a place in the index

  Mini(int capacity, Duel.Answer answer) {
    this.answer = answer;
    this.capacity = capacity;
    windowMax = AdaptiveOrder.windowMax(answer.share(), capacity);
    sketch = new Sketch(capacity);
    hashes = new int[capacity];
    state = new byte[capacity];
    int rounded = Integer.highestOneBit(Math.max(1, capacity)) * 2;
    index = new byte[rounded * 2];
    queue = new byte[rounded];
  }

  /** Looks the hash up, and puts it in if it is absent. Returns whether it was there. */
  boolean access(int hash) {
    int slot = find(hash);
    if (slot != NONE) {
      state[slot] |= USED;
      return true;
    }
    int entries = window() + main;
    if (entries >= capacity / 2) {
      sketch.increment(hash);
    }
    boolean direct = answer.second() && sketch.frequency(hash) >= AdaptiveOrder.SEEN;
    slot = entries < capacity ? entries : evict();
    hashes[slot] = hash;
    state[slot] = 0;
    enter(slot);
    if (direct) {
      toMain(slot);
    } else {
      toWindow(slot);
    }
    return false;
  }

  private int window() {
    return newest - oldest;
  }

  private void toWindow(int slot) {
    queue[newest++ & queue.length - 1] = (byte) slot;
  }

  private void toMain(int slot) {
    int mask = index.length - 1;
    boolean early = answer.spares() && (home(hashes[slot]) - hand & mask) < index.length / 2;
    state[slot] = early ? MAIN | SPARED : MAIN;
    main++;
  }

  /** Makes room, and returns the slot that is free now. */
  private int evict() {
    while (true) {
      if (window() < windowMax && main > 0 || window() == 0) {
        return drop(victim());
      }
      int slot = queue[oldest++ & queue.length - 1] & 0xFF;
      boolean used = take(slot);
      if (answer.second()) {
        if (!used) {
          return leave(slot);
        }
        toMain(slot);
      } else if (used) {
        toWindow(slot);
      } else if (main < capacity - windowMax) {
        toMain(slot);
      } else if (main == 0) {
        return leave(slot);
      } else {
        int frequency = sketch.frequency(hashes[slot]);
        if (frequency >= AdaptiveOrder.LEAST) {
          int victim = victim();
          if (frequency > sketch.frequency(hashes[victim])) {
            drop(victim);
            toMain(slot);
            return victim;
          }
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

  /** Moves the hand to the next of main that it does not pass over, and returns its slot. Main must not be empty. */
  private int victim() {
    while (true) {
      int slot = (index[hand] & 0xFF) - 1;
      if (slot != NONE && (state[slot] & MAIN) != 0) {
        boolean spared = (state[slot] & SPARED) != 0;
        state[slot] &= ~SPARED;
        if (!take(slot) && !spared) {
          return slot;
        }
      }
      hand = hand + 1 & index.length - 1;
    }
  }

  private int drop(int slot) {
    main--;
    return leave(slot);
  }

  private int leave(int slot) {
    int mask = index.length - 1;
    int hole = home(hashes[slot]);
    while ((index[hole] & 0xFF) != slot + 1) {
      hole = hole + 1 & mask;
    }
    // Moves later ones back, so that no search ends at the hole before its slot.
    for (int at = hole + 1 & mask; index[at] != 0; at = at + 1 & mask) {
      if ((at - home(hashes[(index[at] & 0xFF) - 1]) & mask) >= (at - hole & mask)) {
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
      int slot = (index[at] & 0xFF) - 1;
      if (hashes[slot] == hash) {
        return slot;
      }
    }
    return NONE;
  }

  private int home(int hash) {
    int x = hash * 0x9E37_79B1;
    return (x ^ x >>> 15) & index.length - 1;
  }
}
