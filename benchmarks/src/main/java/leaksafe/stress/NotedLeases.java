package leaksafe.stress;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import leaksafe.AcquireTimeoutException;
import leaksafe.FailureListener;
import leaksafe.LeakListener;
import leaksafe.Lease;
import leaksafe.cache.internal.lease.LeaseCore;
import leaksafe.cache.internal.lease.LeaseSettings;

/** A lease cache with room for one value, whose reaper is called by hand, and what it knows of its leases. */
final class NotedLeases {
  private static final long DAY = TimeUnit.DAYS.toNanos(1);
  private static final long HOUR = TimeUnit.HOURS.toNanos(1);

  private final AtomicLong now = new AtomicLong();
  private final LeaseCore<Integer, int[]> cache = new LeaseCore<>(new LeaseSettings<>("noted", "site", 1, LeaseSettings.NEVER,
      LeaseSettings.NEVER, 0, value -> { }, 0, FailureListener.logging(), LeakListener.logging(), Runnable::run, now::get));

  Lease<int[]> acquire() {
    return acquire(1);
  }

  private Lease<int[]> acquire(int key) {
    try {
      return cache.acquire(key, of -> new int[1], 0);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The reaper comes by. */
  void visit() {
    cache.work(System.nanoTime() + DAY);
  }

  /** Returns 1 if an open lease, of which there must be one, is noted or under watch. */
  int open() {
    return oldest().contains("oldest lease is") ? 1 : 0;
  }

  /** Returns 1 if no lease is noted or under watch that was closed before. All must be closed now. */
  int closed() {
    now.addAndGet(HOUR);
    Lease<int[]> fresh = acquire();
    boolean isOldest = oldest().contains("oldest lease is 0 ms old");
    fresh.close();
    return isOldest ? 1 : 0;
  }

  /** Says what it knows, as who finds no room is told. */
  private String oldest() {
    try {
      acquire(2).close();
      return "";
    } catch (AcquireTimeoutException e) {
      return String.valueOf(e.getMessage());
    }
  }
}
