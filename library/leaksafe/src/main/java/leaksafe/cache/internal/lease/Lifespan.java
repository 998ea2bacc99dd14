package leaksafe.cache.internal.lease;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import leaksafe.Container;
import leaksafe.internal.Containers;
import leaksafe.internal.Reaper;
import org.jspecify.annotations.Nullable;

/**
 * From when to when a cache is there for others: it is open until it is closed, and known to the census, the reaper and the watch over the user's
 * cache until it was closed and its last value with it.
 */
final class Lifespan {
  private static final VarHandle CLOSED;

  static {
    try {
      CLOSED = MethodHandles.lookup().findVarHandle(Lifespan.class, "closed", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final String name;
  private final Container container; // held here, since the census holds it weakly
  private final long began = System.nanoTime();
  private volatile boolean closed; // here, and not in an object of its own: it is read whenever a lease is acquired
  private final CountDownLatch over = new CountDownLatch(1);
  private @Nullable DropWatch dropWatch;
  private volatile Reaper.@Nullable Registration registration;
  private volatile Containers.@Nullable Announcement announcement;

  Lifespan(Container container) {
    this.name = container.name();
    this.container = container;
  }

  /** Makes the cache known. */
  void begin(@Nullable DropWatch watch, Supplier<Reaper.Registration> reaper) {
    dropWatch = watch; // before the reaper, which looks at it, knows the cache
    registration = reaper.get();
    announcement = Containers.announce(container);
  }

  /** Returns for how many nanoseconds it has been there. */
  long age() {
    return System.nanoTime() - began;
  }

  boolean isClosed() {
    return closed;
  }

  void requireOpen() {
    if (closed) {
      throw new IllegalStateException(name + ": this cache is closed; nothing can be acquired from it any more");
    }
  }

  /** Returns true for the one who closes it. */
  boolean close() {
    return CLOSED.compareAndSet(this, false, true);
  }

  /** Looks, as long as it is open, whether the user's cache could be dropped, and returns in how many nanoseconds it is time again. */
  long lookForDrop(long nanoTime, Supplier<List<@Nullable Object>> whatIsLeft) {
    DropWatch watch = dropWatch;
    return watch == null || closed ? Long.MAX_VALUE : watch.look(nanoTime, whatIsLeft);
  }

  /** The cache is closed and so is its last value: nobody needs to see or watch it any more. */
  void end() {
    Reaper.Registration registered = registration;
    if (registered != null) {
      registered.cancel();
    }
    Containers.Announcement announced = announcement;
    if (announced != null) {
      announced.withdraw();
    }
    DropWatch watch = dropWatch;
    if (watch != null) {
      watch.end();
    }
    over.countDown();
  }

  /** Waits until it has ended. Returns false if that takes longer. */
  boolean awaitEnd(long nanos) throws InterruptedException {
    return over.await(nanos, TimeUnit.NANOSECONDS);
  }
}
