package leaksafe.cache.internal;

/**
 * A miniature cache of hashes with one fixed answer to what the {@link Duel} asks, to find out how a cache would do with it. At most 255
 * hashes in about 9 bytes each. It does what {@link AdaptiveOrder} does, with chains of its own as the table that main's hand sweeps.
 *
 * <p>Not safe for use by many threads.
 */
final class Mini {
  static final int LARGEST = 255; // a slot is an unsigned byte, and none is 0

  // In a hash's word, where the flags of a hash are free.
  private static final int MAIN = 1;
  private static final int USED = 2;
  private static final int SPARED = 4; // in main: the hand is to pass over it once
  private static final int SEEN = 4; // in the window: the sketch knew it when it came, or it was used since

  private final Duel.Answer answer;
  private final int capacity;
  private final int windowMax;
  private final Sketch sketch; // what all miniature caches were fed: they only ask it
  private final int[] words; // by slot: the hash and its flags
  private final byte[] next; // by slot: the slot that follows in the chain
  private final byte[] heads; // the first slots of the chains
  private final byte[] queue; // the slots of the window, a ring
  private int oldest; // a place in the queue; both run on and wrap around
  private int newest;
  private int main; // how many hashes it has
  private int hand; // a chain
  private int handSlot; // a slot of it, or none for its end

  Mini(int capacity, Duel.Answer answer, Sketch sketch) {
    this.answer = answer;
    this.capacity = capacity;
    this.sketch = sketch;
    windowMax = AdaptiveOrder.windowMax(answer.share(), capacity);
    words = new int[capacity + 1];
    next = new byte[capacity + 1];
    int rounded = Integer.highestOneBit(Math.max(1, capacity)) * 2;
    heads = new byte[rounded * 2];
    queue = new byte[rounded];
  }

  /**
   * Looks the hash up, and puts it in if it is absent. Returns whether it was there.
   *
   * @param before how often the sketch had seen it before
   */
  boolean access(int hash, int before) {
    int home = home(hash);
    for (int slot = heads[home] & 0xFF; slot != 0; slot = next[slot] & 0xFF) {
      if ((words[slot] & Node.HASH) == hash) {
        words[slot] |= USED;
        return true;
      }
    }
    int entries = window() + main;
    int slot = entries < capacity ? entries + 1 : evict();
    words[slot] = before > 0 ? hash | SEEN : hash;
    next[slot] = heads[home];
    heads[home] = (byte) slot;
    if (answer.second() && before + 1 >= AdaptiveOrder.SEEN) {
      toMain(slot);
    } else {
      toWindow(slot);
    }
    return false;
  }

  boolean isHalfFull() {
    return window() + main >= capacity / 2;
  }

  private int window() {
    return newest - oldest;
  }

  private void toWindow(int slot) {
    queue[newest++ & queue.length - 1] = (byte) slot;
  }

  private void toMain(int slot) {
    int hash = words[slot] & Node.HASH;
    boolean early = answer.spares() && (home(hash) - hand & heads.length - 1) < heads.length / 2;
    words[slot] = early ? hash | MAIN | SPARED : hash | MAIN;
    main++;
  }

  /** Makes room, and returns the slot that is free now. */
  private int evict() {
    while (true) {
      if (window() < windowMax && main > 0 || window() == 0) {
        return drop(victim());
      }
      int slot = queue[oldest++ & queue.length - 1] & 0xFF;
      int word = words[slot];
      boolean used = (word & USED) != 0;
      if (answer.second()) {
        if (!used) {
          return leave(slot);
        }
        toMain(slot);
      } else if (used) {
        words[slot] = word & ~USED | SEEN;
        toWindow(slot);
      } else if (main < capacity - windowMax) {
        toMain(slot);
      } else if (main == 0) {
        return leave(slot);
      } else {
        int frequency = (word & SEEN) == 0 ? 0 : sketch.frequency(word);
        if (frequency >= AdaptiveOrder.LEAST) {
          int victim = victim();
          if (frequency > sketch.frequency(words[victim])) {
            drop(victim);
            toMain(slot);
            return victim;
          }
        }
        return leave(slot);
      }
    }
  }

  /** Moves the hand to the next of main that it does not pass over, and returns its slot. Main must not be empty. */
  private int victim() {
    while (true) {
      while (handSlot == 0) {
        hand = hand + 1 & heads.length - 1;
        handSlot = heads[hand] & 0xFF;
      }
      int word = words[handSlot];
      if ((word & MAIN) != 0) {
        if ((word & (USED | SPARED)) == 0) {
          return handSlot;
        }
        words[handSlot] = word & ~(USED | SPARED);
      }
      handSlot = next[handSlot] & 0xFF;
    }
  }

  private int drop(int slot) {
    main--;
    return leave(slot);
  }

  /** Takes a slot out of its chain, and the hand from it. */
  private int leave(int slot) {
    int home = home(words[slot] & Node.HASH);
    byte after = next[slot];
    int before = heads[home] & 0xFF;
    if (before == slot) {
      heads[home] = after;
    } else {
      while ((next[before] & 0xFF) != slot) {
        before = next[before] & 0xFF;
      }
      next[before] = after;
    }
    if (handSlot == slot) {
      handSlot = after & 0xFF;
    }
    return slot;
  }

  private int home(int hash) {
    int x = hash * 0x9E37_79B1;
    return (x ^ x >>> 15) & heads.length - 1;
  }
}
