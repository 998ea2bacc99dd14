package leaksafe.cache.internal.lease;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Collection;
import leaksafe.SuppressLeak;
import org.jspecify.annotations.Nullable;

/**
 * The notes of those leases of a value that had company when they were acquired: a place for each of some threads, found by the thread's
 * number. Whoever finds its place free, or with a lease that is closed, which it will be for ever, takes it by a compare-and-set; who does not has
 * its lease put under watch instead. See {@link Leases}.
 */
final class Company<K, V> {
  private static final int PLACES = Integer.highestOneBit(Math.min(16, 4 * Runtime.getRuntime().availableProcessors()));
  private static final VarHandle PLACE = MethodHandles.arrayElementVarHandle(CachedLease[].class);

  @SuppressWarnings("unchecked")
  @SuppressLeak(rule = "LS050", reason = "the user closes the lease; this is how the cache finds one that nobody closed")
  private final @Nullable CachedLease<K, V>[] places = (CachedLease<K, V>[]) new CachedLease<?, ?>[PLACES];

  /** Notes a lease at the current thread's place, unless that has another that is open. */
  boolean note(CachedLease<K, V> lease) {
    int place = (int) Thread.currentThread().getId() & PLACES - 1;
    CachedLease<?, ?> seen = (CachedLease<?, ?>) PLACE.getAcquire(places, place); // acquire: pairs with the compare-and-set
    // Volatile: of two that find the place free, one gets it.
    return (seen == null || seen.isClosed()) && PLACE.compareAndSet(places, place, seen, lease);
  }

  /** Adds those that are noted and open. */
  @SuppressWarnings("unchecked") // only leases of that value are noted here
  void addOpenTo(Collection<CachedLease<K, V>> open) {
    for (int i = 0; i < PLACES; i++) {
      CachedLease<K, V> lease = (CachedLease<K, V>) PLACE.getAcquire(places, i); // acquire: as above
      if (lease != null && !lease.isClosed()) {
        open.add(lease);
      }
    }
  }

  /** Takes the note of a lease away, unless it is that of another by now. */
  void takeNote(CachedLease<K, V> lease) {
    for (int i = 0; i < PLACES; i++) {
      if (PLACE.getAcquire(places, i) == lease) {
        PLACE.compareAndSet(places, i, lease, null); // fails if it was closed meanwhile, and another has its place
      }
    }
  }
}
