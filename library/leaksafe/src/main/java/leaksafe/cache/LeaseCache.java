package leaksafe.cache;

import java.lang.ref.Reference;
import java.time.Duration;
import java.util.Objects;
import leaksafe.AcquireTimeoutException;
import leaksafe.Lease;
import leaksafe.cache.internal.lease.LeaseCore;
import org.jspecify.annotations.Nullable;

/**
 * A cache of values that must be closed, such as connections, file channels and native handles. Its users lease them: a value that leaves
 * the cache while it is used is closed after its last lease, and every value is closed exactly once.
 *
 * <p><b>Bound.</b> There are never more open values than the maximum: those that nobody uses, those that are leased, those that left but are
 * still leased, and those that are being opened or closed all count. Who needs room has a value closed that nobody uses (by the rule
 * of SIEVE); if there is none, it waits.
 *
 * <p><b>Lifetime.</b> A value whose lifetime has ended is not leased later than one tick of the clock (10 ms) after, and is closed though
 * nobody uses the cache.
 *
 * <p><b>Dropped leases.</b> Each lease that became unreachable without having been closed is given back as soon as the collector finds it, and
 * the leak listener is told, with the line that acquired it where that was noted. This needs the lease to be unreachable from the value. The
 * collector can find it once it has been open for a second, or sooner in a cache that is in use.
 *
 * <p><b>Cost.</b> Acquiring a lease of an open value and closing it take three atomic operations and allocate 40 bytes; one more if others have leased
 * the value. If the lease stays open for a tenth of a second or more, or another of the value has its thread's place, it takes two short locks more
 * and about 60 bytes.
 *
 * <p><b>Threads.</b> Safe for use by many threads, platform or virtual. Several may have leases of one value at the same time: whether
 * they may use it at the same time is for the value to say. What was done to a value before a lease of it was closed happens-before its
 * closing. Openers and closers run under no lock: closers on the thread that evicts, invalidates or closes the last lease, and on the
 * executor where a lifetime ended or a lease was dropped. Closing a lease twice, late or from another thread is harmless.
 *
 * <p><b>Nulls.</b> Neither keys nor values may be null.
 *
 * <p><b>Dropped caches.</b> A cache that became unreachable without having been closed is reported to the leak listener with the line that
 * built it, and closed on the executor: its values without a lease are closed as soon as the collector has found it, the others after their last
 * lease, which keeps its value but not the cache. This needs the cache to be unreachable from its values, its closer, its listeners and
 * its executor; else it is collected together with its values, which are not closed, and so it is if the class loader of the closer, or of
 * who built it, becomes unreachable with it.
 *
 * <p><b>Not promised.</b> That openers that wait for each other's keys are seen at once: they end by their timeouts.
 *
 * <pre>{@code
 * LeaseCache<Path, FileChannel> files = LeaseCache.<Path, FileChannel>builder().maximumOpen(200).build();
 * try (Lease<FileChannel> file = files.acquire(path, FileChannel::open)) {
 *   file.get().read(buffer, position);
 * }
 * }</pre>
 *
 * @param <K> the type of the keys
 * @param <V> the type of the values
 */
public final class LeaseCache<K, V> implements AutoCloseable {
  private final LeaseCore<K, V> core;

  LeaseCache(LeaseCore<K, V> core) {
    this.core = core;
  }

  /**
   * Opens a value.
   *
   * @param <X> the type of the checked exceptions that it throws
   */
  @FunctionalInterface
  public interface Opener<K, V, X extends Exception> {
    /** Returns a new value, which nobody else uses or closes. */
    V open(K key) throws X;
  }

  /** Closes a value. */
  @FunctionalInterface
  public interface Closer<V> {
    /** Closes it. What it throws is reported; the value counts as closed. */
    void close(V value) throws Exception;
  }

  /** Returns a builder of a cache, which needs a maximum. */
  public static <K, V> LeaseCacheBuilder<K, V> builder() {
    return new LeaseCacheBuilder<>();
  }

  /**
   * Returns a lease of the key's value, which is opened if there is none. Waits no longer than the cache's timeout, the time aside that
   * the opener itself takes, and closers of values that make room.
   *
   * <p>The opener runs once for a key at a time: other callers of the same key wait for it, callers of other keys do not. If it throws,
   * the caller gets that as it is, nothing is left behind, and those who waited try their own openers, one after the other. It may use
   * this cache for other keys. If the key is invalidated meanwhile, the value is leased to the caller alone and closed after that.
   *
   * @throws X what the opener throws
   * @throws AcquireTimeoutException if there was no room in time, or another thread did not open the key's value in time; the message says how
   *     many values are open and in use, how old the oldest lease is, and where it was acquired
   * @throws InterruptedException if the thread was interrupted while it waited; the message says for what, how long, and who has the room. An
   *     interrupted thread that need not wait gets its lease
   * @throws IllegalStateException if the cache is closed, or the opener asks for the very value that it opens
   * @throws IllegalArgumentException if the opener returned what cannot be closed
   * @throws NullPointerException if the opener returned null
   */
  public <X extends Exception> Lease<V> acquire(K key, Opener<? super K, ? extends V, X> opener) throws X, InterruptedException {
    try {
      return core.acquire(Objects.requireNonNull(key, "key"), Objects.requireNonNull(opener, "opener"), core.timeoutNanos());
    } finally {
      Reference.reachabilityFence(this); // or it might be taken for dropped, and closed, meanwhile
    }
  }

  /**
   * Returns a lease as {@link #acquire(Object, Opener)}.
   *
   * @param timeout the longest time to wait; zero means not to wait
   * @throws IllegalArgumentException if the timeout is negative, or the opener returned what cannot be closed
   */
  public <X extends Exception> Lease<V> acquire(K key, Opener<? super K, ? extends V, X> opener, Duration timeout)
      throws X, InterruptedException {
    try {
      return core.acquire(Objects.requireNonNull(key, "key"), Objects.requireNonNull(opener, "opener"),
          LeaseCacheBuilder.timeoutNanos(timeout, "timeout"));
    } finally {
      Reference.reachabilityFence(this); // as above
    }
  }

  /**
   * Returns a lease of the key's value if there is one that is open, else null. Does not wait.
   *
   * @throws IllegalStateException if the cache is closed
   */
  public @Nullable Lease<V> acquireIfPresent(K key) {
    try {
      return core.acquireIfPresent(Objects.requireNonNull(key, "key"));
    } finally {
      Reference.reachabilityFence(this); // as above
    }
  }

  /**
   * Opens a new value for the key and returns a lease of it. From then on the former value is leased no more, and it is closed after its last
   * lease; if the opener throws, it stays. For a moment both are open, so there must be room for one more.
   *
   * @throws X what the opener throws
   * @throws AcquireTimeoutException if there was no room in time
   * @throws InterruptedException if the thread was interrupted while it waited
   * @throws IllegalStateException if the cache is closed
   */
  public <X extends Exception> Lease<V> replace(K key, Opener<? super K, ? extends V, X> opener) throws X, InterruptedException {
    try {
      return core.replace(Objects.requireNonNull(key, "key"), Objects.requireNonNull(opener, "opener"));
    } finally {
      Reference.reachabilityFence(this); // as above
    }
  }

  /** Has the key's value leased no more, and closed after its last lease: now, by this thread, if it has none. */
  public void invalidate(K key) {
    core.invalidate(Objects.requireNonNull(key, "key"));
  }

  /** Invalidates every key whose value was open, or being opened, when the call began. */
  public void invalidateAll() {
    core.invalidateAll();
  }

  /** Returns the figures of now. O(values). */
  public LeaseCacheStats stats() {
    return core.stats();
  }

  /** Closes now, on this thread, what has expired. Needed in tests with a {@link leaksafe.Ticker} of their own only. */
  public void cleanUp() {
    core.cleanUp();
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
   * Closes the cache as {@link #close()} does, and waits until the leases are closed and the last value is, too.
   *
   * @return whether that was so within the timeout; if not, values that are still leased are closed after their last lease
   * @throws InterruptedException if the thread was interrupted while it waited; the cache is closed nevertheless
   * @throws IllegalArgumentException if the timeout is negative
   */
  public boolean close(Duration timeout) throws InterruptedException {
    return core.close(LeaseCacheBuilder.timeoutNanos(timeout, "timeout"));
  }

  /**
   * Closes the cache without waiting: values without a lease are closed by this thread, the others after their last lease, and threads that
   * wait for room get an {@link IllegalStateException}. Does nothing the second time.
   */
  @Override
  public void close() {
    core.closeNow();
  }

  /** Returns the name and the figures. */
  @Override
  public String toString() {
    return "LeaseCache[" + name() + ", " + stats() + "]";
  }
}
