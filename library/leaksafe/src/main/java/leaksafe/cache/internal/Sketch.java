package leaksafe.cache.internal;

/**
 * Estimates how often a hash was seen lately: a count-min sketch of four rows with 4-bit counters and conservative update (only the
 * smallest counters are raised), 20 counters, that is 10 bytes, an entry. After seven increments an entry all counters are halved, so
 * that the past fades.
 *
 * <p>The four counters of a hash are spread over the whole rows. Having them in one cache line, as is common, saves cache misses of
 * large caches, but makes keys of a crowded line look popular all at once: over recorded traces that cost 0.1 points of hit ratio.
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

  private static final int ROWS = 4; // increment and frequency write them out
  private static final int FADE_AFTER = 7; // increments an entry
  private static final long HALVES = 0x7777_7777_7777_7777L;

  private final long[] words; // row after row, 16 counters each
  private final int width; // counters of a row
  private final int entries;
  private final int fadeAt;
  private int increments;

  /** Makes a sketch for about so many entries, at least 1. */
  Sketch(int entries) {
    int wordsOfRow = (int) Math.max(1, 5L * entries / 16);
    this.entries = entries;
    words = new long[ROWS * wordsOfRow];
    width = 16 * wordsOfRow;
    fadeAt = (int) Math.min(Integer.MAX_VALUE, Math.max(10L, (long) FADE_AFTER * entries));
  }

  /** Returns for how many entries there is room. */
  int entries() {
    return entries;
  }

  /** Returns the estimate for the hash, from 0 to {@link #MOST}; never less than the true count since the last fading, halves aside. */
  int frequency(int hash) {
    long mixed = mix(hash);
    return least(count(cell(mixed, 0)), count(cell(mixed, 1)), count(cell(mixed, 2)), count(cell(mixed, 3)));
  }

  /** Counts the hash once, and returns the estimate from before. */
  int increment(int hash) {
    // Written out for the four rows: a loop would compute the cells twice, and branch on every counter.
    long mixed = mix(hash);
    int cell0 = cell(mixed, 0);
    int cell1 = cell(mixed, 1);
    int cell2 = cell(mixed, 2);
    int cell3 = cell(mixed, 3);
    int count0 = count(cell0);
    int count1 = count(cell1);
    int count2 = count(cell2);
    int count3 = count(cell3);
    int least = least(count0, count1, count2, count3);
    if (least == MOST) {
      return least;
    }
    raise(cell0, count0, least);
    raise(cell1, count1, least);
    raise(cell2, count2, least);
    raise(cell3, count3, least);
    if (++increments >= fadeAt) {
      fade();
    }
    return least;
  }

  private int count(int cell) {
    return (int) (words[cell >>> 4] >>> shift(cell)) & MOST;
  }

  private static int least(int count0, int count1, int count2, int count3) {
    return Math.min(Math.min(count0, count1), Math.min(count2, count3));
  }

  /** Raises a counter that is as small as the least, without a branch: which of the four are is as good as random. */
  private void raise(int cell, int count, int least) {
    long one = count - least - 1 >>> 31; // none is less than the least, so this is 1 where they are equal, and else 0
    words[cell >>> 4] += one << shift(cell);
  }

  private void fade() {
    for (int i = 0; i < words.length; i++) {
      words[i] = words[i] >>> 1 & HALVES;
    }
    increments >>>= 1;
  }

  /** Spreads a hash without its flags over 64 bits. */
  private static long mix(int hash) {
    long x = (hash >>> 3) * 0x9E37_79B9_7F4A_7C15L;
    x = (x ^ x >>> 32) * 0xD6E8_FEB8_6659_FD93L;
    return x ^ x >>> 32;
  }

  /** Returns the place of the hash's counter in a row, counted from the first row's beginning. Two halves make four hashes. */
  private int cell(long mixed, int row) {
    int spread = (int) mixed + row * ((int) (mixed >>> 32) | 1);
    return row * width + (int) ((spread & 0xFFFF_FFFFL) * width >>> 32);
  }

  private static int shift(int cell) {
    return (cell & 15) << 2;
  }
}
