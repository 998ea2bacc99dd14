package leaksafe.pool;

import java.lang.ref.Reference;
import java.time.Duration;
import java.util.Objects;
import leaksafe.AcquireTimeoutException;
import leaksafe.Lease;
import leaksafe.pool.internal.Handlers;
import leaksafe.pool.internal.PoolCore;
import org.jspecify.annotations.Nullable;

/**
 * A bounded set of objects that are leased, used and given back.
 *
 * <p><b>Bound.</b> There are never more objects than the maximum, those that are being opened, checked or disposed of included; only
 * the objects of dropped and reclaimed leases are not counted from the moment that their disposal is ordered. Idle objects shrink to
 * the minimum if {@link PoolBuilder#expireAfterIdle} is set.
 *
 * <p><b>Dropped leases.</b> A lease that became unreachable without having been closed gives its capacity back as soon as the
 * collector finds it; the lease must be at least a tenth of a second old for that (a second, where the pool was at rest before),
 * or somebody must be waiting. Its object is disposed of, never handed out again, since somebody may still use it, and the leak listener
 * is told. This needs the lease to be unreachable from the object: an object that keeps its own lease is never missed.
 *
 * <p><b>Fairness.</b> Waiting threads are served first come first served. A thread that arrives while an object is idle may take it before a
 * waiter that is just waking up, for a millisecond at most; then newcomers line up too.
 *
 * <p><b>Cost.</b> Acquiring takes one compare-and-set and allocates 24 bytes (32 without compressed pointers), as long as an object is idle
 * where the thread looks first; else O(maximum). Closing takes one plain store, or a compare-and-set where a reset action is set. No lock is
 * taken while nobody waits.
 *
 * <p><b>Threads.</b> Safe for use by many threads, platform or virtual; no thread-locals. What was done to an object before its lease was
 * closed happens-before what the next holder does.
 *
 * <p><b>Dropped pools.</b> A pool that became unreachable without having been closed is reported to the leak listener with the line that
 * built it, and closed: its idle objects are disposed of, those that are still leased when their leases are closed or dropped. This
 * needs the pool to be unreachable from its objects, its disposer, its listeners, its executor and its ticker (the opener, the validator and the
 * reset action may reach it); else it is collected together with its idle objects, which are not disposed of, and so it is if the class loader
 * of the opener becomes unreachable with it. A closed pool that is dropped before its leases needs the same, and that they reach no lease either.
 *
 * <p><b>Not promised.</b> Which object is leased next. That {@link #tryAcquire} finds an object that is given back at the same moment.
 *
 * @param <T> the type of the objects
 */
public final class Pool<T> implements AutoCloseable {
  private final PoolCore<T> core;

  @SuppressWarnings({"unused", "FieldCanBeLocal"}) // the core holds them weakly, so that they end with this pool
  private final Handlers<String, T> handlers;

  Pool(PoolCore<T> core, Handlers<String, T> handlers) {
    this.core = core;
    this.handlers = handlers;
  }

  /** Makes an object. */
  @FunctionalInterface
  public interface Opener<T> {
    /** Returns a new object, which nobody else uses. */
    T open() throws Exception;
  }

  /** Says whether an object can still be used. */
  @FunctionalInterface
  public interface Validator<T> {
    /** Returns false if the object is to be disposed of. */
    boolean test(T object) throws Exception;
  }

  /** Does something to an object. */
  @FunctionalInterface
  public interface Action<T> {
    /** Does it. */
    void accept(T object) throws Exception;
  }

  /**
   * Returns a builder of pools.
   *
   * @param opener makes the objects; runs outside of all locks, on the thread that acquires, or on the executor to keep the minimum. If it
   *     fails, no capacity is lost
   */
  public static <T> PoolBuilder<T> builder(Opener<? extends T> opener) {
    return new PoolBuilder<>(Objects.requireNonNull(opener, "opener"));
  }

  /**
   * Returns a lease; waits for it if all objects are leased and no more may be opened.
   *
   * <p>Takes longer than the timeout where the validator, the opener or the disposer of a worn object does: they run on this thread.
   *
   * @param timeout the longest time to wait for other holders; zero means not to wait
   * @throws AcquireTimeoutException if no object became available in time
   * @throws OpenFailedException if an object had to be opened and the opener threw an exception, which is the cause; its errors are
   *     thrown as they are
   * @throws InterruptedException if the thread was interrupted while it waited, or in the opener. An interrupted thread that does not need to
   *     wait gets its lease
   * @throws IllegalArgumentException if the timeout is negative
   * @throws IllegalStateException if the pool is closed, or is closed while this thread waits
   */
  public Lease<T> acquire(Duration timeout) throws InterruptedException {
    if (Objects.requireNonNull(timeout, "timeout").isNegative()) {
      throw PoolOptions.negative(timeout);
    }
    try {
      Lease<T> lease = core.acquireIdle();
      return lease != null ? lease : core.acquire(PoolOptions.nanos(timeout, "timeout", 0));
    } finally {
      Reference.reachabilityFence(this); // or the handlers could go while they are called
    }
  }

  /**
   * Returns a lease if an object is idle or may be opened, else null. Does not wait for other holders, and stands back where waiting threads
   * were overtaken too often.
   *
   * @throws OpenFailedException if an object had to be opened and the opener threw an exception, which is the cause
   * @throws InterruptedException if the thread was interrupted in the opener
   * @throws IllegalStateException if the pool is closed
   */
  public @Nullable Lease<T> tryAcquire() throws InterruptedException {
    try {
      return core.tryAcquire();
    } finally {
      Reference.reachabilityFence(this); // as above
    }
  }

  /**
   * Sets both bounds anew. Surplus idle objects are disposed of by this thread at once, surplus leased ones when they come back; missing
   * ones are opened by the executor.
   *
   * @throws IllegalArgumentException if not {@code 0 <= minimum <= maximum} and {@code maximum >= 1}
   * @throws IllegalStateException if the pool is closed
   */
  public void resize(int minimum, int maximum) {
    PoolBuilder.checkSize(minimum, maximum);
    core.resize(minimum, maximum);
  }

  /** Returns the figures of now. O(maximum). */
  public PoolStats stats() {
    return core.stats();
  }

  /** Returns the name. */
  public String name() {
    return core.name();
  }

  /** Returns whether {@code close} was called. */
  public boolean isClosed() {
    return core.isClosed();
  }

  /**
   * Closes the pool as {@link #close()} does, and waits until the leases are closed and the last object is disposed of.
   *
   * @return whether that was so within the timeout; if not, objects that are still out are disposed of when their leases are closed or dropped
   * @throws InterruptedException if the thread was interrupted while it waited; the pool is closed nevertheless
   * @throws IllegalArgumentException if the timeout is negative
   */
  public boolean close(Duration timeout) throws InterruptedException {
    return core.close(PoolOptions.nanos(timeout, "timeout", 0));
  }

  /**
   * Closes the pool without waiting: idle objects are disposed of by this thread, waiting threads get an {@link IllegalStateException},
   * objects that are out are disposed of when their leases are closed or dropped. Does nothing the second time.
   *
   * <p>Who is acquiring at this moment gets his lease, or is told that the pool is closed; in the second case he may have had a place for a
   * moment, for want of which another got no lease.
   */
  @Override
  public void close() {
    core.closeNow();
  }

  /** Returns the name, whether it is closed, and the figures. */
  @Override
  public String toString() {
    return "Pool[" + core.name() + (isClosed() ? ", closed" : "") + ", " + core.stats() + "]";
  }
}
