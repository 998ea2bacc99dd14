package leaksafe.cache.internal.lease;

import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import leaksafe.Leak;
import leaksafe.internal.CallSite;
import leaksafe.internal.Sampling;
import org.jspecify.annotations.Nullable;

/**
 * The leases of a cache: makes them, and notices those that are dropped.
 *
 * <p>To notice that, a lease must be held weakly; but a weak reference for each, in a list, would cost more than all the rest of it. So the
 * lease of a value that nobody else has leased is only noted, strongly, in its {@link Held}, and the reaper, which comes by every
 * {@value #ACTIVE_MILLIS} ms, or every second where no lease was open, puts a {@link Watch} in place of each open lease that it meets. A lease
 * of a value that has others is noted at its thread's place in the value's {@link Company}, or if that has an open one put under watch by who
 * acquires it.
 *
 * <p><b>Nobody else writes the note.</b> It belongs to the lease that brought the number of leases from 0 to 1, or with which the value was
 * opened: there is no second one like it before that number is 0 again, so not before it is noted, returned and closed. What one of
 * them writes happens-before the next, by the atomic changes of that number. That a closed lease stays noted until then is harmless: it
 * holds nothing but its value's place. A place in the company is taken by compare-and-set, and only from a lease that is closed, which stays so.
 *
 * <p><b>No open lease is without note and watch.</b> The reaper first lists the watch and tells the lease of it, and then takes the note
 * away, by compare-and-set, so that the note of a later lease stays.
 *
 * <p><b>No watch of a closed lease stays listed.</b> The reaper tells the lease of the watch and then looks whether it is closed; who closes it
 * says so and then looks for a watch. All four are volatile, so one of the two sees the other, and takes the watch out: by then it is
 * listed, and it is taken out once, under the lock of its stripe.
 *
 * <p><b>No closed lease is taken for dropped.</b> A watch that is still listed when its lease was collected tells of a lease that nobody
 * closed: who closes one holds it until it has looked for the watch, and the reaper, which alone reaps, is done with it by then.
 */
final class Leases<K, V> {
  private static final long ACTIVE_MILLIS = 100;
  private static final long ACTIVE_NANOS = TimeUnit.MILLISECONDS.toNanos(ACTIVE_MILLIS);
  private static final long RESTING_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final int VISITED_AT_ONCE = 1024;
  /** How many lines may be captured between two rounds, unless all are asked for: each costs as much as fifty leases. */
  private static final int BUDGET = 64;

  private final LeaseCore<K, V> core;
  private final LeaseCallbacks<V> callbacks;
  private final Order<K, V> order; // has all open values, those that are retired and still leased too
  private final int sampleOneIn;
  private final Stripe[] stripes = new Stripe[Integer.highestOneBit(Math.min(64, 4 * Runtime.getRuntime().availableProcessors()))];
  private final LongAdder leaked = new LongAdder();
  private volatile boolean suspicious; // a lease was dropped: capture where each is acquired
  private int budget = BUDGET; // plain: a race costs or spares a sample
  private long visitAt = System.nanoTime(); // the reaper's thread alone, as the next
  private boolean active;

  Leases(LeaseCore<K, V> core, LeaseCallbacks<V> callbacks, Order<K, V> order, int sampleOneIn) {
    this.core = core;
    this.callbacks = callbacks;
    this.order = order;
    this.sampleOneIn = sampleOneIn;
    for (int i = 0; i < stripes.length; i++) {
      stripes[i] = new Stripe();
    }
  }

  /**
   * Makes a lease of a value of which the caller has taken a share. If it throws, the share is still the caller's.
   *
   * @param only whether the value had no lease before, so that the note is this one's
   */
  CachedLease<K, V> make(Held<K, V> held, boolean only) {
    CachedLease<K, V> lease = new CachedLease<>(held, core.now(), isSampled() ? CallSite.capture() : null);
    if (only) {
      held.note(lease);
    } else if (!held.noteInCompany(lease)) {
      watch(lease);
    }
    return lease;
  }

  private boolean isSampled() {
    if (sampleOneIn == 1 || Sampling.capturesAll()) {
      return true;
    }
    if (budget <= 0 || sampleOneIn == 0 || !suspicious && ThreadLocalRandom.current().nextInt(sampleOneIn) != 0) {
      return false;
    }
    budget--;
    return true;
  }

  private void watch(CachedLease<K, V> lease) {
    Stripe stripe = stripes[(int) Thread.currentThread().getId() & stripes.length - 1];
    Watch<K, V> watch = new Watch<>(lease, stripe);
    stripe.add(watch);
    lease.watchedBy(watch);
  }

  /** Puts leases under watch that are only noted, a slice at a time, and returns in how many nanoseconds it is time again. */
  long visit(long nanoTime) {
    if (nanoTime - visitAt < 0) {
      return visitAt - nanoTime;
    }
    List<Held<K, V>> slice = order.next(VISITED_AT_ONCE);
    for (Held<K, V> held : slice) {
      active |= held.isLeased();
      for (CachedLease<K, V> lease : held.openAndNoted()) {
        watch(lease);
        held.takeNote(lease);
        if (lease.isClosed()) {
          lease.unwatch(); // who closed it may have seen no watch
        }
      }
    }
    if (slice.size() == VISITED_AT_ONCE) {
      return 0;
    }
    long wait = active ? ACTIVE_NANOS : RESTING_NANOS;
    active = false;
    budget = BUDGET;
    visitAt = nanoTime + wait;
    return wait;
  }

  /** A lease was dropped; on the reaper's thread. */
  void dropped(Watch<K, V> watch) {
    leaked.increment();
    suspicious = true;
    V value = watch.held.value;
    callbacks.tellDropped(value == null ? "unknown" : value.getClass().getName(), watch.site == null ? Leak.NOT_SAMPLED : watch.site,
        core.now() - watch.since);
    core.giveBackDropped(watch.held);
  }

  long leaked() {
    return leaked.sum();
  }

  /** Returns how many are open. O(values). */
  int count() {
    int sum = 0;
    for (Held<K, V> held : order.all()) {
      sum += held.leases();
    }
    return sum;
  }

  /** Returns how old the oldest is and where it comes from, as the end of a sentence, which is empty if there is none. O(values). */
  String oldest() {
    boolean any = false;
    long since = 0;
    String site = null;
    for (Held<K, V> held : order.all()) {
      for (CachedLease<K, V> lease : held.openAndNoted()) {
        if (!any || lease.since - since < 0) {
          any = true;
          since = lease.since;
          site = lease.site;
        }
      }
    }
    for (Stripe stripe : stripes) {
      Watch<?, ?> watch = stripe.oldest();
      if (watch != null && (!any || watch.since - since < 0)) {
        any = true;
        since = watch.since;
        site = watch.site;
      }
    }
    return any ? "; oldest lease is " + age(core.now() - since) + " old, from " + (site == null ? Leak.NOT_SAMPLED : site) : "";
  }

  private static String age(long nanos) {
    long millis = Math.max(0, TimeUnit.NANOSECONDS.toMillis(nanos));
    return millis < 10_000 ? millis + " ms" : millis / 1000 + " s";
  }
}
