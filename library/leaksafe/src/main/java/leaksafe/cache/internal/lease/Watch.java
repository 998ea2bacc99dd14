package leaksafe.cache.internal.lease;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.WeakReference;
import leaksafe.internal.Reapable;
import leaksafe.internal.Reaper;
import org.jspecify.annotations.Nullable;

/** What a lease is to the cache: a weak reference to it, in the list of a stripe until the lease is closed or was dropped. */
final class Watch<K, V> extends WeakReference<Object> implements Reapable {
  private static final VarHandle CLOSED;

  static {
    try {
      CLOSED = MethodHandles.lookup().findVarHandle(Watch.class, "closed", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  final Held<K, V> held;
  final long since;
  final @Nullable String site;
  private final Stripe stripe;
  @Nullable Watch<?, ?> older;
  @Nullable Watch<?, ?> newer;
  private boolean closed;

  Watch(CachedLease<K, V> lease, Held<K, V> held, Stripe stripe, long since, @Nullable String site) {
    super(lease, Reaper.queue());
    this.held = held;
    this.stripe = stripe;
    this.since = since;
    this.site = site;
  }

  /** Ends the lease. True for one caller alone. */
  boolean end() {
    return stripe.remove(this);
  }

  boolean isClosed() {
    return (boolean) CLOSED.getAcquire(this); // acquire: who sees it closed sees the value's end, if that came before
  }

  /** Under the stripe's lock. Returns false if it was closed before. */
  boolean close() {
    boolean first = !closed;
    CLOSED.setRelease(this, true);
    return first;
  }

  /** The lease was collected. */
  @Override
  public void reap() {
    if (end()) {
      held.core().dropped(this);
    }
  }
}
