package leaksafe;

/**
 * The right to use an object until the lease is closed.
 *
 * <p>Every lease is a fresh object, and the lease, not the object, carries the right to give the object back. So closing it twice,
 * late or from another thread than the one that acquired it is harmless: only the first call does anything.
 *
 * <p><b>Threads.</b> Safe for use by many threads. What a thread did to the object before {@link #close} happens-before its use by
 * the next holder.
 *
 * @param <T> the type of the leased object
 */
public interface Lease<T> extends AutoCloseable {

  /**
   * Returns the leased object. Do not keep it longer than the lease.
   *
   * @throws IllegalStateException if this lease is closed
   */
  T get();

  /** Returns whether {@link #close} was called, or the container took the lease back. */
  boolean isClosed();

  /** Gives the object back. Does nothing if this lease is closed already. */
  @Override
  void close();
}
