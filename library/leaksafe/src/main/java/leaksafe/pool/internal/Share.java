package leaksafe.pool.internal;

/** What pools with a common maximum know of each other. */
interface Share {

  /** Takes a permit for one more object, from an idle object of another pool if there is no other way. */
  boolean reserve();

  /** Gives a permit back and wakes who waits for one. */
  void release();

  /** Tells that a waiter of one pool could use what other pools give back: from now on they tell it, see {@link Line#STARVED}. */
  void starving();

  /** Tells that a pool has something to give. */
  void available();
}
