package leaksafe.lab.run;

import com.sun.management.GarbageCollectionNotificationInfo;
import com.sun.management.GcInfo;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import javax.management.Notification;
import javax.management.NotificationEmitter;
import javax.management.openmbean.CompositeData;

/**
 * Measures the heap of this JVM as the collector itself saw it at the end of each collection, so that no garbage made since is counted.
 * Made for the serial collector, whose full collections leave nothing unreachable.
 */
final class HeapProbe {
  private static final long FORCE_EVERY_MILLIS = 400;
  private static final int SETTLE_ROUNDS = 25;
  private static final int SETTLE_AT_LEAST = 6;
  private static final long SETTLE_STEP_MILLIS = 100;
  private static final long SETTLED_BYTES = 128 * 1024;

  private final Set<String> heapPools = ManagementFactory.getMemoryPoolMXBeans().stream()
      .filter(pool -> pool.getType() == MemoryType.HEAP)
      .map(MemoryPoolMXBean::getName)
      .collect(Collectors.toUnmodifiableSet());

  /** Tells of every collection from now on, those of other threads' making and those that are forced every 400 ms. */
  void watch(LongSupplier elapsedMillis, LongSupplier operations, Consumer<HeapSample> samples) {
    for (var collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      ((NotificationEmitter) collector).addNotificationListener((notification, handback) -> {
        if (isCollection(notification)) {
          GarbageCollectionNotificationInfo info =
              GarbageCollectionNotificationInfo.from((CompositeData) notification.getUserData());
          samples.accept(new HeapSample(elapsedMillis.getAsLong(), used(info.getGcInfo()), operations.getAsLong(), kind(info)));
        }
      }, null, null);
    }
    Thread forcing = new Thread(this::force, "lab-collections");
    forcing.setDaemon(true);
    forcing.start();
  }

  private static boolean isCollection(Notification notification) {
    return notification.getType().equals(GarbageCollectionNotificationInfo.GARBAGE_COLLECTION_NOTIFICATION);
  }

  private static HeapSample.Kind kind(GarbageCollectionNotificationInfo info) {
    return info.getGcAction().contains("major") ? HeapSample.Kind.FULL : HeapSample.Kind.YOUNG;
  }

  private void force() {
    try {
      while (true) {
        Thread.sleep(FORCE_EVERY_MILLIS);
        System.gc();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Collects until the heap does not change any more, and for half a second at least, so that reference queues, cleaners and the
   * library's reaper have had their time. Returns the bytes in use.
   */
  long settle() throws InterruptedException {
    long before = collect();
    for (int round = 1; round < SETTLE_ROUNDS; round++) {
      Thread.sleep(SETTLE_STEP_MILLIS);
      long now = collect();
      if (round >= SETTLE_AT_LEAST && Math.abs(now - before) < SETTLED_BYTES) {
        return now;
      }
      before = now;
    }
    return before;
  }

  private long collect() {
    System.gc();
    long end = -1;
    long bytes = -1;
    for (var collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      GcInfo last = ((com.sun.management.GarbageCollectorMXBean) collector).getLastGcInfo();
      if (last != null && last.getEndTime() >= end) {
        end = last.getEndTime();
        bytes = used(last);
      }
    }
    if (bytes < 0) {
      throw new IllegalStateException("System.gc() must collect, but did not: is it disabled by -XX:+DisableExplicitGC?");
    }
    return bytes;
  }

  private long used(GcInfo info) {
    Map<String, MemoryUsage> after = info.getMemoryUsageAfterGc();
    return after.entrySet().stream().filter(pool -> heapPools.contains(pool.getKey())).mapToLong(pool -> pool.getValue().getUsed()).sum();
  }
}
