package leaksafe.cache.internal;

/**
 * Estimates how often a hash was seen lately: a count-min sketch of four rows with 4-bit counters and conservative update (only the
 * smallest counters are raised), 16 counters, that is 8 bytes, an entry. All four counters of a hash lie in one block of 64 bytes. After seven
 * increments an entry all counters are halved, so that the past fades.
 *
 * <p>Sources: G. Cormode, S. Muthukrishnan, "An Improved Data Stream Summary: The Count-Min Sketch and its Applications" (2005);
 * C. Estan, G. Varghese, "New Directions in Traffic Measurement and Accounting" (2002) for the conservative update; G. Einziger, R. Friedman,
 * B. Manes, "TinyLFU: A Highly Efficient Cache Admission Policy" (2017) for the fading and the use in a cache.
 *
 * <p>Not safe for use by many threads.
 */
final class Sketch {
  /** The largest count. */
  static final int MOST = 15;

  private static final int BLOCK = 8; // longs; 16 counters each
  private static final int FADE_AFTER = 7; // increments an entry
  private static final long HALVES = 0x7777_7777_7777_7777L;

  private final long[] words;
  private final int blocks;
  private final int fadeAt;
  private int increments;

  /** Makes a sketch for about so many entries, at least 1. */
  Sketch(int entries) {
    blocks = Math.max(1, (entries + BLOCK - 1) / BLOCK);
    words = new long[blocks * BLOCK];
    fadeAt = (int) Math.min(Integer.MAX_VALUE, Math.max(10L, (long) FADE_AFTER * entries));
  }

  /** Returns for how many entries there is room. */
  int entries() {
    return words.length;
  }

  /** Returns the estimate for the hash, from 0 to {@link #MOST}; never less than the true count since the last fading, halves aside. */
  int frequency(int hash) {
    int mixed = mix(hash);
    int block = block(mixed);
    int cells = cells(mixed);
    int least = MOST;
    for (int row = 0; row < 4; row++, cells >>>= 5) {
      int count = (int) (words[block + 2 * row + (cells & 1)] >>> shift(cells)) & MOST;
      least = Math.min(least, count);
    }
    return least;
  }

  /** Counts the hash once. */
  void increment(int hash) {
    int least = frequency(hash);
    if (least == MOST) {
      return;
    }
    int mixed = mix(hash);
    int block = block(mixed);
    int cells = cells(mixed);
    for (int row = 0; row < 4; row++, cells >>>= 5) {
      int word = block + 2 * row + (cells & 1);
      int shift = shift(cells);
      if ((words[word] >>> shift & MOST) == least) {
        words[word] += 1L << shift;
      }
    }
    if (++increments >= fadeAt) {
      fade();
    }
  }

  private void fade() {
    for (int i = 0; i < words.length; i++) {
      words[i] = words[i] >>> 1 & HALVES;
    }
    increments >>>= 1;
  }

  private static int mix(int hash) {
    int x = (hash >>> 3) * 0x85EB_CA6B; // without the flags
    x ^= x >>> 15;
    return x * 0xC2B2_AE35;
  }

  private int block(int mixed) {
    return (int) ((mixed & 0xFFFF_FFFFL) * blocks >>> 32) * BLOCK;
  }

  /** Returns four times five bits: which of a row's two words, and which of its counters. */
  private static int cells(int mixed) {
    int x = (mixed ^ mixed >>> 16) * 0x7FEB_352D;
    return x ^ x >>> 13;
  }

  private static int shift(int cells) {
    return (cells >>> 1 & 15) << 2;
  }
}
