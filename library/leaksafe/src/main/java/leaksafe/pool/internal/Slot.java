package leaksafe.pool.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import leaksafe.SuppressLeak;
import leaksafe.internal.Sampling;
import org.jspecify.annotations.Nullable;

/**
 * A place for one object, and the judge of who has it. One number decides everything: which of four things the slot is, in the lowest
 * two bits, and above them its turn, that is how many leases there have been.
 *
 * <pre>
 *            open                    claim
 *   EMPTY ────────▶ BUSY ◀──────── IDLE ───────▶ LEASED, the next turn
 *     ▲              │ │  ▲  check   ▲             │
 *     └──────────────┘ │  │          └─────────────┤ give back
 *         disposed of  │  └────────────────────────┤ reset, drop, reclaim
 *                      └──────────▶ IDLE or LEASED │
 * </pre>
 *
 * <p>BUSY is the state while users' code works on the object outside of any lease, or the object comes or goes.
 *
 * <p>A lease carries the number that the slot has while the lease is in force. Turns only grow, so a compare-and-set from a lease's
 * number succeeds for the first closing of the lease that has the object now and for nothing else: not for a second closing, a late one
 * or a concurrent one, and there is no ABA; 62 bits of turns do not run out.
 *
 * <p><b>Dropped leases.</b> To notice one, the lease must be held weakly; but a weak reference for each acquisition would cost more than
 * all the rest of it. So the slot notes its latest lease strongly, and it is the upkeep that puts a {@link Watch} in place of a lease which
 * it meets: what is held for shorter than the upkeep's interval never pays for being watched. That a closed lease stays noted until the next
 * one is harmless: it holds nothing but this slot.
 *
 * <p>The note is not a field of the slot but of a {@link Latest}, of which there is a new one every {@value #RENEWAL} turns. G1 makes a
 * store of a young object into an old one pay a full fence and a marked card, as much as a compare-and-set; a much used slot's
 * {@code Latest} is as young as its leases.
 *
 * <p><b>Memory ordering.</b> The object and the notes beside it are plain data that belongs to whoever moved the state from empty, idle or
 * leased to a value of his own. All moves are compare-and-sets or volatile stores, so what one owner did happens-before what the next
 * one does. Readers who own nothing read with the modes that are noted at each access.
 */
final class Slot<T> {
  private static final long EMPTY = 0;
  private static final long BUSY = 1;
  private static final long IDLE = 2;
  private static final long LEASED = 3;
  private static final long KIND = 3;
  private static final int TURN_SHIFT = 2;
  private static final long TURN = 1L << TURN_SHIFT;
  private static final int RENEWAL = 1024;

  private static final VarHandle STATE;
  private static final VarHandle OBJECT;
  private static final VarHandle SITE;
  private static final VarHandle NEXT_SAMPLE;
  private static final VarHandle LATEST;
  private static final VarHandle LEASE;
  private static final VarHandle WATCH;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      STATE = lookup.findVarHandle(Slot.class, "state", long.class);
      OBJECT = lookup.findVarHandle(Slot.class, "object", Object.class);
      SITE = lookup.findVarHandle(Slot.class, "site", Site.class);
      NEXT_SAMPLE = lookup.findVarHandle(Slot.class, "nextSample", long.class);
      LATEST = lookup.findVarHandle(Slot.class, "latest", Latest.class);
      LEASE = lookup.findVarHandle(Latest.class, "lease", PooledLease.class);
      WATCH = lookup.findVarHandle(Slot.class, "watch", Watch.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** Where the latest lease is noted. */
  private static final class Latest {
    @SuppressLeak(rule = "LS050", reason = "the user closes the lease; this is how the pool finds one that nobody closed")
    @Nullable PooledLease<?> lease;
  }

  /** The line that acquired a lease. */
  private record Site(long stamp, String text) {}

  final PoolCore<T> core;

  private volatile long state; // EMPTY, turn 0
  private @Nullable Object object; // a T; written by the owner, only while the state is BUSY
  private long nextSample; // the turn whose site is captured; written by the owner, and by an alert
  private @Nullable Site site; // the latest that was captured; written by the owner
  private Latest latest = new Latest(); // written by the owner; its lease by the owner, and by who puts a watch in its place
  private volatile @Nullable Watch<T> watch; // of the current lease or an earlier one; compare-and-set, each to a new one
  private long deadline; // of the object, by the pool's clock; written by whoever opens the object

  // Used by the upkeep, the reaper's thread; reset without order when an object is opened, which at worst makes it idle a round longer.
  long stateSeen = -1;
  long idleSince;

  // Two slots' states are more than two cache lines apart, since processors fetch lines in pairs.
  @SuppressWarnings("unused")
  private long p1, p2, p3, p4, p5, p6, p7, p8;

  Slot(PoolCore<T> core, long firstSample) {
    this.core = core;
    this.nextSample = firstSample;
  }

  private static long leasedNext(long idleOrBusy) {
    return (idleOrBusy & ~KIND) + TURN + LEASED;
  }

  /** IDLE to LEASED. */
  @Nullable PooledLease<T> idle2leased() {
    long seen = state;
    if ((seen & KIND) != IDLE) {
      return null;
    }
    // All that needs memory comes before the claim, lest the slot be lost if there is none.
    PooledLease<T> lease = new PooledLease<>(this, leasedNext(seen));
    Latest fresh = (seen >>> TURN_SHIFT) % RENEWAL == 0 ? new Latest() : null;
    // Volatile: takes over what the last owner did before he set the state to idle.
    if (!STATE.compareAndSet(this, seen, lease.stamp)) {
      return null;
    }
    if (fresh != null) {
      // Release: pairs with the acquire in watch(long), which must not see the fields of the new object as they were before it.
      LATEST.setRelease(this, fresh);
    }
    begin(lease);
    return lease;
  }

  /** IDLE to BUSY, to check the object for a lease, which is not in force before {@link #busy2leased}. */
  @Nullable PooledLease<T> idle2busyFor() {
    long seen = state;
    if ((seen & KIND) != IDLE) {
      return null;
    }
    PooledLease<T> lease = new PooledLease<>(this, leasedNext(seen));
    return STATE.compareAndSet(this, seen, seen - IDLE + BUSY) ? lease : null; // volatile: as idle2leased()
  }

  /** EMPTY to BUSY, to open an object. Needs a permit. */
  boolean empty2busy() {
    long seen = state;
    return (seen & KIND) == EMPTY && STATE.compareAndSet(this, seen, seen - EMPTY + BUSY); // volatile: as idle2leased()
  }

  /** Returns a lease for the owner of a BUSY slot, which is not in force before {@link #busy2leased}. */
  PooledLease<T> leaseForOwner() {
    return new PooledLease<>(this, leasedNext(state));
  }

  /** BUSY to LEASED, of an object that was opened or checked for this lease. */
  void busy2leased(PooledLease<T> lease) {
    state = lease.stamp; // volatile: hands over the object and the notes
    begin(lease);
  }

  /** Notes a lease that has just come into force. Should the capture of its site fail, the lease is a dropped one. */
  private void begin(PooledLease<T> lease) {
    // Opaque: the fields of a lease are final. Until the note is seen, the upkeep finds a lease of an earlier turn and lets it be.
    LEASE.setOpaque(latest, lease);
    // Opaque: a late alert samples late.
    if (lease.stamp >>> TURN_SHIFT >= (long) NEXT_SAMPLE.getOpaque(this) || Sampling.capturesAll()) {
      core.sites.sample(this, lease.stamp);
    }
  }

  /** IDLE to BUSY, to get rid of the object. */
  boolean idle2busy() {
    long seen = state;
    return (seen & KIND) == IDLE && STATE.compareAndSet(this, seen, seen - IDLE + BUSY); // volatile: as idle2leased()
  }

  /** IDLE to BUSY, if nothing has happened since that state was seen. */
  boolean idle2busy(long seen) {
    return STATE.compareAndSet(this, seen, seen - IDLE + BUSY); // volatile: as idle2leased()
  }

  /** LEASED to IDLE; false if the lease with this stamp does not have the object any more. */
  boolean leased2idle(long stamp) {
    // Volatile: hands over all that the holder did to the object; and it comes before the look at the signs, see Line.
    return STATE.compareAndSet(this, stamp, stamp - LEASED + IDLE);
  }

  /** LEASED to BUSY; false if the lease with this stamp does not have the object any more. */
  boolean leased2busy(long stamp) {
    return STATE.compareAndSet(this, stamp, stamp - LEASED + BUSY); // volatile: as leased2idle()
  }

  /** BUSY to IDLE. */
  void busy2idle() {
    long seen = state;
    state = seen - BUSY + IDLE; // volatile: hands over the object, and comes before the look at the signs
  }

  /** BUSY to EMPTY. */
  void busy2empty() {
    long seen = state;
    state = seen - BUSY + EMPTY; // volatile: as busy2idle()
  }

  /** Returns the state, of which it can be said later whether anything has happened since. */
  long state() {
    return state;
  }

  static boolean isIdle(long state) {
    return (state & KIND) == IDLE;
  }

  boolean isIdle() {
    return isIdle(state);
  }

  boolean isHeldBy(PooledLease<T> lease) {
    return state == lease.stamp;
  }

  /** Has the current lease, if there is one, held weakly from now on. May be called by many threads at once. */
  void watch(long now) {
    long seen = state;
    Watch<T> before = watch;
    if ((seen & KIND) != LEASED || (before != null && before.stamp == seen)) {
      return;
    }
    Latest holder = (Latest) LATEST.getAcquire(this); // acquire: pairs with idle2leased()
    PooledLease<?> lease = (PooledLease<?>) LEASE.getOpaque(holder); // opaque: see begin()
    if (lease == null || lease.stamp != seen) {
      return; // not noted yet, or closed meanwhile
    }
    // First the watch, then the note, lest there be a moment with neither. Each watch is a new object and none is ever taken away, so
    // the exchange fails for all but one, and for whoever slept over later turns.
    if (WATCH.compareAndSet(this, before, new Watch<>(lease, this, now))) {
      LEASE.compareAndSet(holder, lease, null);
    }
  }

  /** Returns what watches over the current lease, or null. */
  @Nullable Watch<T> currentWatch() {
    Watch<T> seen = watch;
    return seen != null && seen.stamp == state ? seen : null;
  }

  /**
   * Returns the object for a caller who looks at the state afterwards: if the state still is the caller's stamp, then this is the
   * lease's object.
   */
  @SuppressWarnings("unchecked")
  @Nullable T object() {
    // Acquire: pairs with the release in object(T). Whoever sees a later owner's object also sees that the lease has ended.
    return (T) OBJECT.getAcquire(this);
  }

  void object(@Nullable T object) {
    // Release: comes after the move of the state away from a lease; pairs with object().
    OBJECT.setRelease(this, object);
  }

  /** Puts a new object into a BUSY slot, which counts as idle from the first round of the upkeep on that sees it so. */
  void fill(T fresh, long freshDeadline) {
    deadline = freshDeadline;
    stateSeen = -1;
    object(fresh);
  }

  /** Returns until when the object may be leased: exact for the owner, a guess for others. */
  long deadline() {
    return deadline;
  }

  /** Returns how many leases there have been. */
  long turns() {
    return state >>> TURN_SHIFT;
  }

  /** Returns the line that acquired the lease with this stamp, or null if it was not captured. */
  @Nullable String site(long stamp) {
    Site seen = (Site) SITE.getOpaque(this); // opaque: its fields are final
    return seen != null && seen.stamp == stamp ? seen.text : null;
  }

  /** Notes the line that acquired the lease with this stamp, or null, and in how many turns the next is captured. */
  void site(@Nullable String text, long stamp, long turnsUntilNext) {
    if (text != null) {
      SITE.setOpaque(this, new Site(stamp, text)); // opaque: see above
    }
    NEXT_SAMPLE.setOpaque(this, (stamp >>> TURN_SHIFT) + turnsUntilNext);
  }

  /** Has the next lease's line captured. */
  void sampleNext() {
    NEXT_SAMPLE.setOpaque(this, 0L); // opaque: races with the owner's note; the loser's sample comes later or never
  }
}
