package leaksafe.heap.internal;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import leaksafe.heap.HeapDumpException;

/** The names of a dump, as bytes in one pool: most are never asked for. */
final class Names {
  /** What the table of places takes for each name that there is when it grows. */
  private static final long PLACE_BYTES = 36;

  private final MemoryBudget budget;
  private final IdMap places = new IdMap();
  private byte[] pool = new byte[1 << 12];
  private int used;

  Names(MemoryBudget budget) {
    this.budget = budget;
  }

  void put(long id, byte[] bytes, int from, int length) throws HeapDumpException {
    int stored = Math.min(length, 0xFFFF);
    if ((long) used + stored + 2 > pool.length) {
      if (used > 1 << 29) {
        throw new HeapDumpException("the names take more than 512 MB, this is no heap dump", -1);
      }
      int grown = Math.max(pool.length * 2, used + stored + 2);
      budget.claim(grown - pool.length, "the names");
      pool = Arrays.copyOf(pool, grown);
    }
    if (places.putIfAbsent(id, used)) {
      if ((places.size() & places.size() - 1) == 0) {
        budget.claim(places.size() * PLACE_BYTES, "the names");
      }
      pool[used] = (byte) (stored >>> 8);
      pool[used + 1] = (byte) stored;
      System.arraycopy(bytes, from, pool, used + 2, stored);
      used += stored + 2;
    }
  }

  /** Returns the name, or a text that says which one is missing. */
  String get(long id) {
    int place = places.get(id);
    if (place == IdMap.ABSENT) {
      return "?" + Long.toHexString(id);
    }
    int length = (pool[place] & 0xFF) << 8 | pool[place + 1] & 0xFF;
    return new String(pool, place + 2, length, StandardCharsets.UTF_8);
  }
}
