package leaksafe.cache.internal.lease;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.Reference;
import leaksafe.Lease;
import org.jspecify.annotations.Nullable;

/** A lease of a value that others may have leased, too. See {@link Leases} for how it is noticed when it is dropped. */
final class CachedLease<K, V> implements Lease<V> {
  private static final VarHandle CLOSED;

  static {
    try {
      CLOSED = MethodHandles.lookup().findVarHandle(CachedLease.class, "closed", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  final Held<K, V> held;
  final long since;
  final @Nullable String site;
  private volatile boolean closed;
  private volatile @Nullable Watch<K, V> watch; // written once

  CachedLease(Held<K, V> held, long since, @Nullable String site) {
    this.held = held;
    this.since = since;
    this.site = site;
  }

  @Override
  public V get() {
    V value = held.value;
    if (value == null || closed) { // volatile: who sees it closed sees the value's end, if that came before
      throw new IllegalStateException(held.core().name()
          + ": this lease is closed; acquire a new one instead of keeping the value or its lease");
    }
    return value;
  }

  @Override
  public boolean isClosed() {
    return closed;
  }

  @Override
  public void close() {
    // Volatile: true for one caller alone, and before the look at the watch: either that is seen here, or who put it there sees this.
    if (!closed && CLOSED.compareAndSet(this, false, true)) {
      unwatch();
      held.core().giveBack(held);
    }
    Reference.reachabilityFence(this); // or it might be taken for dropped while it is being closed
  }

  /** Says what watches over it, which is listed already. */
  void watchedBy(Watch<K, V> listed) {
    watch = listed;
  }

  /** It is closed: has it watched no more. */
  void unwatch() {
    Watch<K, V> listed = watch;
    if (listed != null) {
      // It is not cleared, which is a native call on JDK 17: nobody but this lease holds it any more, and both go together.
      listed.end();
    }
  }

  /** Returns the cache and whether the lease is closed; not the value, whose text may be expensive or wrong by now. */
  @Override
  public String toString() {
    return "Lease[" + held.core().name() + (closed ? ", closed]" : "]");
  }
}
