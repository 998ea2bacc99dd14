package leaksafe.cache.internal;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import leaksafe.cache.HeapUse;

/**
 * What was left in the long-lived part of this virtual machine's heap after it was last collected.
 *
 * <p>The young pools are left out: what is in them was not proved to live, and their collections say nothing about the rest.
 */
public final class HeapAfterCollection implements Supplier<HeapUse> {
  private final List<MemoryPoolMXBean> pools;
  private final ReentrantLock lock = new ReentrantLock();

  // Guarded by the lock.
  private long last = -1;
  private long collections;

  /** Finds the pools. */
  public HeapAfterCollection() {
    List<MemoryPoolMXBean> heap = ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP && pool.getCollectionUsage() != null).toList();
    // The threshold for use, as opposed to that for use after a collection, is supported by the pools in which objects grow old.
    List<MemoryPoolMXBean> old = heap.stream().filter(MemoryPoolMXBean::isUsageThresholdSupported).toList();
    pools = old.isEmpty() ? heap : old;
  }

  @Override
  public HeapUse get() {
    long used = 0;
    for (MemoryPoolMXBean pool : pools) {
      MemoryUsage after = pool.getCollectionUsage();
      used += after == null ? 0 : after.getUsed();
    }
    Runtime runtime = Runtime.getRuntime();
    return new HeapUse(used, runtime.totalMemory() - runtime.freeMemory(), runtime.maxMemory(), collections(used));
  }

  private long collections(long used) {
    lock.lock();
    try {
      if (used != last) {
        last = used;
        collections++; // the collectors' own counts include collections that did not touch these pools
      }
      return collections;
    } finally {
      lock.unlock();
    }
  }
}
