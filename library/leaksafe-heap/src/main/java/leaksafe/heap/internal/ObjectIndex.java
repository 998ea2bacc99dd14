package leaksafe.heap.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import leaksafe.heap.HeapDumpException;

/**
 * Numbers objects by one bit per address: an object's number is its rank among all addresses, from 1 on; 0 is no object.
 *
 * <p>The bits are in pages of 2^20 slots (8 MB of a heap with 8-byte alignment). After {@link #freeze} each word of bits is stored
 * beside the rank of its first bit, so that a look-up touches one cache line. Thread-safe after {@code freeze}; before it, each thread
 * fills its own index and one of them takes in the others.
 */
final class ObjectIndex {
  private static final int PAGE_BITS = 20;
  private static final int PAGE_WORDS = 1 << PAGE_BITS - 6;
  private static final int SLOT_MASK = (1 << PAGE_BITS) - 1;
  /** All that an unsigned int can say but 0 and {@link HeapGraph#NO_LEAF}, with one left over. */
  private static final long MOST_OBJECTS = 0xFFFF_FFFDL;
  private static final int DIRECT_PAGES = 1 << 16;
  private static final long[] NO_PAGE = new long[0];

  private final int shift;
  private final MemoryBudget budget;
  private final IdMap pages = new IdMap();
  private final List<long[]> words = new ArrayList<>();
  private final List<Long> keys = new ArrayList<>();
  /** All bits that any address had: their trailing zeros are the alignment. */
  private long usedBits;
  private long lastKey = Long.MIN_VALUE;
  private long[] lastPage = NO_PAGE;

  // Set by freeze.
  private long[][] frozen = new long[0][];
  private long[] sortedKeys = NO_PAGE;
  private long firstKey;
  /** The pages by key from the first on, where keys lie so near to each other; where there is no page, one without a bit. */
  private long[][] direct = new long[0][];
  private final IdMap sortedPages = new IdMap();
  private long count;

  ObjectIndex(int shift, MemoryBudget budget) {
    this.shift = shift;
    this.budget = budget;
  }

  void add(long id) throws HeapDumpException {
    usedBits |= id;
    long slot = id >>> shift;
    long key = slot >>> PAGE_BITS;
    long[] page = key == lastKey ? lastPage : page(key);
    page[((int) slot & SLOT_MASK) >>> 6] |= 1L << slot;
  }

  private long[] page(long key) throws HeapDumpException {
    int place = pages.get(key);
    if (place == IdMap.ABSENT) {
      budget.claim(PAGE_WORDS * 16L, "the object index (many pages: the dump may be damaged)");
      place = words.size();
      pages.putIfAbsent(key, place);
      words.add(new long[PAGE_WORDS]);
      keys.add(key);
    }
    lastKey = key;
    lastPage = words.get(place);
    return lastPage;
  }

  /** Adds all of another index. */
  void addAll(ObjectIndex other) throws HeapDumpException {
    usedBits |= other.usedBits;
    for (int i = 0; i < other.keys.size(); i++) {
      long[] page = page(other.keys.get(i));
      long[] more = other.words.get(i);
      for (int w = 0; w < page.length; w++) {
        page[w] |= more[w];
      }
      budget.release(PAGE_WORDS * 16L);
    }
  }

  /** Returns by how many bits addresses can be shifted without two becoming one. */
  int alignmentShift() {
    return usedBits == 0 ? shift : Math.min(12, Long.numberOfTrailingZeros(usedBits));
  }

  void drop() {
    budget.release(words.size() * PAGE_WORDS * 16L);
  }

  void freeze() throws HeapDumpException {
    Integer[] order = new Integer[keys.size()];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, (a, b) -> Long.compareUnsigned(keys.get(a), keys.get(b)));
    frozen = new long[order.length][];
    sortedKeys = new long[order.length];
    long rank = budget.firstObject();
    for (int i = 0; i < order.length; i++) {
      int old = order[i];
      sortedKeys[i] = keys.get(old);
      long[] bits = words.set(old, NO_PAGE);
      long[] pairs = new long[PAGE_WORDS * 2];
      for (int w = 0; w < PAGE_WORDS; w++) {
        pairs[2 * w] = bits[w];
        pairs[2 * w + 1] = rank;
        rank += Long.bitCount(bits[w]);
      }
      frozen[i] = pairs;
    }
    count = rank - 1;
    if (count > MOST_OBJECTS) {
      throw new HeapDumpException("the dump has " + count + " objects, more than " + MOST_OBJECTS, -1);
    }
    words.clear();
    keys.clear();
    if (order.length > 0 && sortedKeys[order.length - 1] - sortedKeys[0] < DIRECT_PAGES && sortedKeys[0] >= 0) {
      budget.claim(PAGE_WORDS * 16L, "the object index");
      direct = new long[(int) (sortedKeys[order.length - 1] - sortedKeys[0]) + 1][];
      Arrays.fill(direct, new long[PAGE_WORDS * 2]);
    }
    firstKey = order.length == 0 ? 0 : sortedKeys[0];
    for (int i = 0; i < sortedKeys.length; i++) {
      if (direct.length > 0) {
        direct[(int) (sortedKeys[i] - sortedKeys[0])] = frozen[i];
      } else {
        sortedPages.putIfAbsent(sortedKeys[i], i);
      }
    }
  }

  /** Returns how many objects there are; their numbers are 1 to this, unsigned. */
  long count() {
    return count;
  }

  /** Returns the number of the object with the given id, or 0 if there is none. */
  int ordinal(long id) {
    long slot = id >>> shift;
    long key = slot >>> PAGE_BITS;
    long[] pairs;
    if (direct.length > 0) {
      long offset = key - firstKey;
      if (offset < 0 || offset >= direct.length) {
        return 0;
      }
      pairs = direct[(int) offset];
    } else {
      int place = sortedPages.get(key);
      if (place < 0) {
        return 0;
      }
      pairs = frozen[place];
    }
    int word = (((int) slot & SLOT_MASK) >>> 6) << 1;
    long bits = pairs[word];
    long bit = 1L << slot;
    return (bits & bit) == 0 ? 0 : (int) pairs[word + 1] + Long.bitCount(bits & bit - 1);
  }

  /** Returns the id of the object with the given number, in time logarithmic in the heap. */
  long id(int ordinal) {
    long wanted = ordinal & 0xFFFF_FFFFL;
    int low = 0;
    int high = frozen.length - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (frozen[middle][1] <= wanted) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    long[] pairs = frozen[low];
    int first = 0;
    int last = PAGE_WORDS - 1;
    while (first < last) {
      int middle = (first + last + 1) >>> 1;
      if (pairs[2 * middle + 1] <= wanted) {
        first = middle;
      } else {
        last = middle - 1;
      }
    }
    long bits = pairs[2 * first];
    for (long skip = wanted - pairs[2 * first + 1]; skip > 0; skip--) {
      bits &= bits - 1;
    }
    long slot = sortedKeys[low] << PAGE_BITS | (long) first << 6 | Long.numberOfTrailingZeros(bits);
    return slot << shift;
  }
}
