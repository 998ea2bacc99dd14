package leaksafe.pool.internal;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import leaksafe.Lease;
import leaksafe.pool.Pool;
import leaksafe.pool.PoolBuilder;

/** Makes pooled objects that know how often they were disposed of and whether two users have them at once, and counts them. */
public final class Parts {
  public final AtomicInteger opened = new AtomicInteger();
  public final AtomicInteger disposed = new AtomicInteger();
  public final AtomicInteger present = new AtomicInteger();
  public final AtomicInteger mostPresent = new AtomicInteger();
  public final List<String> faults = new CopyOnWriteArrayList<>();

  /** A pooled object. */
  public final class Part {
    public final int number = opened.incrementAndGet();
    private final AtomicInteger users = new AtomicInteger();
    private final AtomicInteger disposals = new AtomicInteger();
    public long written; // plain on purpose: the pool has to order it

    public void use() {
      if (users.incrementAndGet() != 1) {
        faults.add("part " + number + " has two users");
      }
      if (disposals.get() != 0) {
        faults.add("part " + number + " is used after its disposal");
      }
      written++;
      users.decrementAndGet();
    }

    public boolean isDisposed() {
      return disposals.get() > 0;
    }
  }

  public Part open() {
    int now = present.incrementAndGet();
    mostPresent.accumulateAndGet(now, Math::max);
    return new Part();
  }

  public void dispose(Part part) {
    if (part.disposals.incrementAndGet() != 1) {
      faults.add("part " + part.number + " is disposed of twice");
    }
    disposed.incrementAndGet();
    present.decrementAndGet();
  }

  public PoolBuilder<Part> builder() {
    return Pool.<Part>builder(this::open).disposer(this::dispose).name("parts");
  }

  /** Closes a lease as if the look at the signs had come before the store was seen: see Line. */
  static void closeUnseen(Lease<Part> lease) {
    PooledLease<Part> pooled = (PooledLease<Part>) lease;
    pooled.slot().leased2idle(pooled);
  }
}
