package leaksafe.cache.internal.lease;

import java.lang.ref.Reference;
import leaksafe.Lease;
import org.jspecify.annotations.Nullable;

/** A lease of a value that others may have leased, too. */
final class CachedLease<K, V> implements Lease<V> {
  private final Watch<K, V> watch;

  CachedLease(Held<K, V> held, Stripe stripe, long since, @Nullable String site) {
    watch = new Watch<>(this, held, stripe, since, site);
    stripe.add(watch);
  }

  @Override
  public V get() {
    V value = watch.held.value; // first the value, then whether it may be used
    if (value == null || watch.isClosed()) {
      throw new IllegalStateException(watch.held.core().name()
          + ": this lease is closed; acquire a new one instead of keeping the value or its lease");
    }
    return value;
  }

  @Override
  public boolean isClosed() {
    return watch.isClosed();
  }

  @Override
  public void close() {
    if (!watch.isClosed() && watch.end()) {
      // The watch is not cleared, which is a native call on JDK 17: nobody but this lease holds it any more, and both go together.
      watch.held.core().giveBack(watch.held);
    }
    Reference.reachabilityFence(this); // or it might be taken for dropped while it is being closed
  }

  /** Returns the cache and whether the lease is closed; not the value, whose text may be expensive or wrong by now. */
  @Override
  public String toString() {
    return "Lease[" + watch.held.core().name() + (isClosed() ? ", closed]" : "]");
  }
}
