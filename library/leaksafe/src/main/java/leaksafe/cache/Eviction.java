package leaksafe.cache;

/** How a cache with a maximum decides what leaves. */
public enum Eviction {
  /**
   * Learns what to keep: a window for newcomers, a main area for what proved useful, a sketch of how often keys were asked for, and five
   * miniature caches that see a sample of the keys and find out which of several rules suits the users' habits. It resists
   * scans and loops, and costs a hit one bit. The default.
   */
  ADAPTIVE,
  /**
   * The least recently used leaves: exact for a single thread; uses at the same instant by several threads may keep their old place.
   * One order means one lock for the whole cache, and a hit that tries to take it: for those who need the order.
   */
  LRU,
  /** The oldest leaves, however much it is used; replacing a value keeps its place. One order means one lock for all writes. */
  FIFO
}
