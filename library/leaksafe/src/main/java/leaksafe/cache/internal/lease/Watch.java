package leaksafe.cache.internal.lease;

import java.lang.ref.WeakReference;
import leaksafe.internal.Reapable;
import leaksafe.internal.Reaper;
import org.jspecify.annotations.Nullable;

/** A weak reference to an open lease, in the list of a stripe until the lease is closed or was dropped. */
final class Watch<K, V> extends WeakReference<Object> implements Reapable {
  final Held<K, V> held;
  final long since;
  final @Nullable String site;
  private final Stripe stripe;

  // Guarded by the stripe's lock.
  @Nullable Watch<?, ?> before;
  @Nullable Watch<?, ?> after;
  boolean listed;

  Watch(CachedLease<K, V> lease, Stripe stripe) {
    super(lease, Reaper.queue());
    this.held = lease.held;
    this.since = lease.since;
    this.site = lease.site;
    this.stripe = stripe;
  }

  /** Takes it out of its list; true the first time. */
  boolean end() {
    return stripe.remove(this);
  }

  /** The lease was collected. */
  @Override
  public void reap() {
    if (end()) {
      held.core().leases().dropped(this);
    }
  }
}
