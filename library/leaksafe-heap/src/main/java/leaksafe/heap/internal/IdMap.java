package leaksafe.heap.internal;

import java.util.Arrays;

/** From ids (any long) to non-negative ints, open addressing, for the things of a dump that are few: classes, names, frames. */
final class IdMap {
  static final int ABSENT = -1;

  private long[] keys = new long[64];
  private int[] values = new int[64];
  private int size;

  IdMap() {
    Arrays.fill(values, ABSENT);
  }

  int get(long key) {
    int mask = keys.length - 1;
    for (int slot = hash(key) & mask; values[slot] != ABSENT; slot = (slot + 1) & mask) {
      if (keys[slot] == key) {
        return values[slot];
      }
    }
    return ABSENT;
  }

  boolean contains(long key) {
    return get(key) != ABSENT;
  }

  int size() {
    return size;
  }

  /** Maps the key to the value unless it has one; returns whether it had none. */
  boolean putIfAbsent(long key, int value) {
    int mask = keys.length - 1;
    int slot = hash(key) & mask;
    while (values[slot] != ABSENT) {
      if (keys[slot] == key) {
        return false;
      }
      slot = (slot + 1) & mask;
    }
    keys[slot] = key;
    values[slot] = value;
    if (++size * 2 > keys.length) {
      grow();
    }
    return true;
  }

  private void grow() {
    long[] oldKeys = keys;
    int[] oldValues = values;
    keys = new long[oldKeys.length * 2];
    values = new int[oldKeys.length * 2];
    Arrays.fill(values, ABSENT);
    int mask = keys.length - 1;
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldValues[i] != ABSENT) {
        int slot = hash(oldKeys[i]) & mask;
        while (values[slot] != ABSENT) {
          slot = (slot + 1) & mask;
        }
        keys[slot] = oldKeys[i];
        values[slot] = oldValues[i];
      }
    }
  }

  static int hash(long key) {
    long mixed = (key ^ key >>> 32) * 0x9E3779B97F4A7C15L;
    return (int) (mixed >>> 32);
  }
}
