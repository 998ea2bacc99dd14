package leaksafe.bench;

import java.lang.management.ManagementFactory;

/** The heap in use when the collector has had its turns, for footprints. */
public final class UsedHeap {
  private static final int COLLECTIONS = 4;
  private static final long PAUSE_MILLIS = 30;

  private UsedHeap() {}

  /** Returns the least heap in use after any of a few collections, in bytes. */
  public static long afterCollections() throws InterruptedException {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < COLLECTIONS; i++) {
      System.gc();
      Thread.sleep(PAUSE_MILLIS);
      least = Math.min(least, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }
    return least;
  }
}
