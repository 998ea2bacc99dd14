package leaksafe.pool;

import java.lang.ref.Reference;
import java.time.Duration;
import java.util.Objects;
import leaksafe.AcquireTimeoutException;
import leaksafe.Lease;
import leaksafe.pool.internal.Handlers;
import leaksafe.pool.internal.KeyedCore;
import org.jspecify.annotations.Nullable;

/**
 * Objects that are leased, used and given back, of which some serve one key and some another: connections to many hosts, say. All that is said of
 * {@link Pool} holds, for the objects of each key, and:
 *
 * <p><b>Bound.</b> A key never has more objects than the maximum per key, and all keys together never more than the maximum of the whole
 * pool. If the latter is reached, an idle object of another key gives way, the one that has been idle for longest, as far as the last look at
 * it tells; the acquiring thread disposes of it. A key without objects and waiting threads is forgotten.
 *
 * <p><b>Fairness.</b> The waiting threads of a key are served first come first served, as those of a {@code Pool} are. Among the keys that
 * could have another object if there were room, who waits longest is next: after he has waited for a millisecond, nobody who
 * came later gets room before him, and an object that comes back to another key is disposed of to make room for him, unless the
 * first in that key's line has waited longer still. So no key starves another.
 *
 * <p><b>Cost.</b> As {@code Pool}, and a look-up of the key in a concurrent map. Where an object has to give way, O(1) mostly: all idle
 * objects are put in order at once, O(objects log objects), for the evictions of a tenth of a second or until none of them is left.
 *
 * <p><b>Keys</b> need {@code equals} and {@code hashCode}, which run under locks of that map, and are held as long as they have objects. They must
 * not reach the pool any more than its objects, or it is not missed when it is dropped.
 *
 * <p><b>Dropped leases.</b> Who waits has the leases of his own key looked at; those of other keys, whose room he may want, the next round of the
 * background thread looks at.
 *
 * <p><b>Threads.</b> Safe for use by many threads, platform or virtual; no thread-locals.
 *
 * @param <K> the type of the keys
 * @param <T> the type of the objects
 */
public final class KeyedPool<K, T> implements AutoCloseable {
  private final KeyedCore<K, T> core;
  private final Handlers<K, T> handlers;

  KeyedPool(KeyedCore<K, T> core, Handlers<K, T> handlers) {
    this.core = core;
    this.handlers = handlers;
  }

  /** Makes an object for a key. */
  @FunctionalInterface
  public interface Opener<K, T> {
    /** Returns a new object, which nobody else uses. */
    T open(K key) throws Exception;
  }

  /**
   * Returns a builder of pools.
   *
   * @param opener makes the objects; runs outside of all locks, on the thread that acquires. If it fails, no capacity is lost
   */
  public static <K, T> KeyedPoolBuilder<K, T> builder(Opener<? super K, ? extends T> opener) {
    return new KeyedPoolBuilder<>(Objects.requireNonNull(opener, "opener"));
  }

  /**
   * Returns a lease of an object for the key; waits for it if there is none and no more may be opened.
   *
   * <p>Takes longer than the timeout where the validator, the opener or the disposer of another object does: they run on this thread.
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
  public Lease<T> acquire(K key, Duration timeout) throws InterruptedException {
    Objects.requireNonNull(key, "key");
    if (Objects.requireNonNull(timeout, "timeout").isNegative()) {
      throw PoolOptions.negative(timeout);
    }
    try {
      return core.acquire(handlers, key, PoolOptions.nanos(timeout, "timeout", 0));
    } finally {
      Reference.reachabilityFence(this); // or the handlers could go while they are called
    }
  }

  /**
   * Returns a lease if an object for the key is idle or may be opened, if need be in the place of an idle one of another key; else null. Does not
   * wait for other holders, and stands back where waiting threads were overtaken too often. An object counts until its disposer has returned,
   * one that is being opened as leased.
   *
   * @throws OpenFailedException if an object had to be opened and the opener threw an exception, which is the cause
   * @throws InterruptedException if the thread was interrupted in the opener
   * @throws IllegalStateException if the pool is closed
   */
  public @Nullable Lease<T> tryAcquire(K key) throws InterruptedException {
    try {
      return core.tryAcquire(handlers, Objects.requireNonNull(key, "key"));
    } finally {
      Reference.reachabilityFence(this); // as above
    }
  }

  /**
   * Sets both bounds anew. Surplus idle objects are disposed of by this thread at once, surplus leased ones when they come back.
   *
   * @throws IllegalArgumentException if a maximum is below 1
   * @throws IllegalStateException if the pool is closed
   */
  public void resize(int maximumPerKey, int maximumTotal) {
    KeyedPoolBuilder.checkAtLeastOne("maximumPerKey", maximumPerKey);
    KeyedPoolBuilder.checkAtLeastOne("maximumTotal", maximumTotal);
    core.resize(Math.min(maximumPerKey, maximumTotal), maximumTotal);
  }

  /** Disposes of the objects of a key that are idle now, on this thread: because what the key stands for went down, say. */
  public void clear(K key) {
    core.clear(Objects.requireNonNull(key, "key"));
  }

  /** Returns the figures of all keys together, of now; the minimum is 0. O(objects). */
  public PoolStats stats() {
    return core.stats();
  }

  /** Returns the figures of a key since it last came to have objects, or null if it has neither objects nor waiting threads. */
  public @Nullable PoolStats stats(K key) {
    return core.stats(Objects.requireNonNull(key, "key"));
  }

  /** Returns how many keys have objects or waiting threads now. */
  public int keys() {
    return core.keys();
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
   */
  @Override
  public void close() {
    core.closeNow();
  }

  /** Returns the name, whether it is closed, and the figures. */
  @Override
  public String toString() {
    return "KeyedPool[" + core.name() + (isClosed() ? ", closed" : "") + ", " + core.keys() + " keys, " + core.stats() + "]";
  }
}
