package leaksafe.heap.internal;

/** A set of ids, not 0, that says no quickly. Grows; not thread-safe while it does. */
final class LongSet {
  private static final int FILTER_BITS = 20;

  private final long[] filter = new long[1 << FILTER_BITS - 6];
  private long[] slots = new long[1024];
  private int size;

  boolean contains(long id) {
    int hash = IdMap.hash(id);
    int bit = hash >>> 32 - FILTER_BITS;
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
    int bit = hash >>> 32 - FILTER_BITS;
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
