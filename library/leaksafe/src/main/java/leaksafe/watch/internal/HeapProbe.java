package leaksafe.watch.internal;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.regex.Pattern;

/**
 * The heap as its collectors report it, through the module {@code java.management}: never loaded where that is absent.
 *
 * <p>What is live is read as each pool's usage after the last collection that was responsible for it. For the old generation of G1 that is
 * a mixed or full collection, and none of the young ones, after which it is full of garbage still. Eden and survivors are left out.
 * No notification listener: those are held by the beans for ever, and with them our class loader.
 */
final class HeapProbe {
  private static final Pattern YOUNG = Pattern.compile("Eden|Survivor|Young|Nursery");

  private HeapProbe() {}

  /** Returns how many collections there have been. */
  static long collections() {
    long count = 0;
    for (GarbageCollectorMXBean bean : ManagementFactory.getGarbageCollectorMXBeans()) {
      count += Math.max(0, bean.getCollectionCount());
    }
    return count;
  }

  /** Returns the bytes that were live after the last collections of the old pools, or 0 if there was none yet. */
  static long live() {
    long bytes = 0;
    for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
      if (pool.getType() == MemoryType.HEAP && !YOUNG.matcher(pool.getName()).find()) {
        MemoryUsage usage = pool.getCollectionUsage();
        bytes += usage == null ? 0 : usage.getUsed();
      }
    }
    return bytes;
  }

  /** Returns how many bytes the heap may have. */
  static long maximum() {
    return Runtime.getRuntime().maxMemory();
  }
}
