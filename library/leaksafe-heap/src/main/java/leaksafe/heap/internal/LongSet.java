package leaksafe.heap.internal;

/**
 * A set of ids, not 0, that says no quickly: by a filter of 64 bits an id, which is small enough for the nearest cache as long as the set
 * is. Grows; not thread-safe while it does.
 */
final class LongSet {
  private static final int SMALLEST_FILTER = 12;
  private static final int LARGEST_FILTER = 20;

  private final int filterBits;
  private final long[] filter;
  private long[] slots = new long[1024];
  private int size;

  LongSet(int expected) {
    int wanted = 6 + 32 - Integer.numberOfLeadingZeros(expected);
    filterBits = Math.max(SMALLEST_FILTER, Math.min(LARGEST_FILTER, wanted));
    filter = new long[1 << filterBits - 6];
  }

  private LongSet(LongSet other) {
    filterBits = other.filterBits;
    filter = other.filter.clone();
    slots = other.slots.clone();
    size = other.size;
  }

  LongSet copy() {
    return new LongSet(this);
  }

  boolean contains(long id) {
    int hash = IdMap.hash(id);
    int bit = hash >>> 32 - filterBits;
    if ((filter[bit >>> 6] & 1L << bit) == 0) {
      return false;
    }
    int mask = slots.length - 1;
    for (int slot = hash & mask; slots[slot] != 0; slot = (slot + 1) & mask) {
      if (slots[slot] == id) {
        return true;
      }
    }
    return false;
  }

  boolean add(long id) {
    if (contains(id)) {
      return false;
    }
    int hash = IdMap.hash(id);
    int bit = hash >>> 32 - filterBits;
    filter[bit >>> 6] |= 1L << bit;
    if (++size * 4 > slots.length) {
      long[] old = slots;
      slots = new long[old.length * 2];
      for (long known : old) {
        if (known != 0) {
          put(known);
        }
      }
    }
    put(id);
    return true;
  }

  private void put(long id) {
    int mask = slots.length - 1;
    int slot = IdMap.hash(id) & mask;
    while (slots[slot] != 0) {
      slot = (slot + 1) & mask;
    }
    slots[slot] = id;
  }

  int size() {
    return size;
  }
}
