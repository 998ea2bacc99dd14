package leaksafe.pool.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.Reference;
import leaksafe.internal.Sampling;
import org.jspecify.annotations.Nullable;

/**
 * A place for one object, and the judge of who has it. One number says which of four things the slot is, in the lowest two bits, and above
 * them its turn, that is how many leases there have been.
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
 * <p><b>Closing without a compare-and-set.</b> Where an object that is given back is idle at once, the holder only sets the turn's cell in
 * {@link Turns} and leaves the number alone: LEASED with a set cell <em>is</em> IDLE, and every claim takes it for that. The cell belongs to
 * this one turn, so the claim needs no more than to find it set and then to win the compare-and-set from this turn's number. Whoever takes an
 * object from its holder, because the lease was dropped or is overdue, does so by a compare-and-set from the number; a holder who closes
 * after that sets a cell that nobody asks for any more.
 *
 * <p>The turns are renewed while the slot is BUSY, before the number gets to the first of the new ones. A reader reads the number first,
 * so he sees the turns of that number, or later ones; in which case the number has moved on, his compare-and-set will fail, and what he
 * believes meanwhile about an earlier turn matters to nobody.
 *
 * <p><b>Dropped leases.</b> To notice one, the lease must be held weakly; but a weak reference for each acquisition would cost more than
 * all the rest of it. So the turns note the latest lease strongly, and it is the upkeep that puts a {@link Watch} in place of a lease which
 * it meets: what is held for shorter than the upkeep's interval never pays for being watched. That a closed lease stays noted until the next
 * one is harmless: it holds nothing but this slot. Closing sets the cell before the lease may be taken for unreachable, so whoever learns
 * that it is unreachable sees the cell.
 *
 * <p><b>Memory ordering.</b> The object and the notes beside it are plain data that belongs to whoever moved the state from empty, idle or
 * leased to a value of his own. All moves are compare-and-sets or volatile stores, and a cell is set with release and read with acquire, so
 * what one owner did happens-before what the next one does. Readers who own nothing read with the modes that are noted at each access.
 */
class Slot<T> {
  private static final long EMPTY = 0;
  private static final long BUSY = 1;
  private static final long IDLE = 2;
  private static final long LEASED = 3;
  private static final long KIND = 3;
  private static final int TURN_SHIFT = 2;
  private static final long TURN = 1L << TURN_SHIFT;

  private static final VarHandle STATE;
  private static final VarHandle OBJECT;
  private static final VarHandle SITE;
  private static final VarHandle NEXT_SAMPLE;
  private static final VarHandle WATCH;
  private static final VarHandle ADRIFT;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      STATE = lookup.findVarHandle(Slot.class, "state", long.class);
      OBJECT = lookup.findVarHandle(Slot.class, "object", Object.class);
      SITE = lookup.findVarHandle(Slot.class, "site", Site.class);
      NEXT_SAMPLE = lookup.findVarHandle(Slot.class, "nextSample", long.class);
      WATCH = lookup.findVarHandle(Slot.class, "watch", Watch.class);
      ADRIFT = lookup.findVarHandle(Slot.class, "adrift", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** The line that acquired a lease. */
  private record Site(long stamp, String text) {}

  final PoolCore<T> core;

  private volatile long state; // EMPTY, turn 0
  private @Nullable Object object; // a T; written by the owner, only while the state is BUSY
  private long nextSample; // the turn whose site is captured; written by the owner, and by an alert
  private @Nullable Site site; // the latest that was captured; written by the owner
  private Turns<T> turns = new Turns<>(this); // written by the owner, only while the state is BUSY; readers read the state first
  private volatile @Nullable Watch<T> watch; // of the current lease or an earlier one; compare-and-set, each to a new one
  private long deadline; // of the object, by the pool's clock; written by whoever opens the object

  // Set by the owner of a BUSY slot who is about to get rid of the object: by no call, so that nothing can come in between. Then the slot is his who
  // adopts it: his own, or the upkeep's if his stack ended there.
  volatile boolean adrift;

  // Used by the upkeep, the reaper's thread; reset without order when an object is opened, which at worst makes it idle a round longer.
  long stateSeen = -1;
  long idleSince;

  Slot(PoolCore<T> core, long firstSample) {
    this.core = core;
    this.nextSample = firstSample;
  }

  private static long leasedNext(long seen) {
    return (seen & ~KIND) + TURN + LEASED;
  }

  private static long busy(long seen) {
    return (seen & ~KIND) + BUSY;
  }

  private static long turn(long state) {
    return state >>> TURN_SHIFT;
  }

  /** Returns whether an object lies idle, to a caller who read the turns after the state. */
  private static boolean isIdle(long seen, Turns<?> after) {
    long kind = seen & KIND;
    return kind == LEASED ? after.isClosed(turn(seen)) : kind == IDLE;
  }

  /** IDLE to LEASED. */
  @Nullable PooledLease<T> idle2leased() {
    long seen = state;
    Turns<T> present = turns;
    if (!isIdle(seen, present)) {
      return null;
    }
    long stamp = leasedNext(seen);
    if (Turns.beginWith(turn(stamp))) {
      return idle2leasedAnew();
    }
    // All that needs memory comes before the claim, lest the slot be lost if there is none.
    PooledLease<T> lease = new PooledLease<>(present, stamp);
    // Volatile: takes over what the last owner did before he set the state to idle; after a closing without a compare-and-set, the cell did.
    if (!STATE.compareAndSet(this, seen, stamp)) {
      return null;
    }
    begin(lease);
    return lease;
  }

  /** IDLE to LEASED, the first of new turns. */
  private @Nullable PooledLease<T> idle2leasedAnew() {
    PooledLease<T> lease = idle2busyFor();
    if (lease == null) {
      return null;
    }
    boolean inForce = false;
    try {
      busy2leased(lease);
      inForce = true;
    } finally {
      if (!inForce) {
        adrift = true;
      }
    }
    begin(lease);
    return lease;
  }

  /** IDLE to BUSY, to check the object for a lease, which is not in force before {@link #busy2leased}. */
  @Nullable PooledLease<T> idle2busyFor() {
    long seen = state;
    if (!isIdle(seen, turns)) {
      return null;
    }
    PooledLease<T> lease = leaseAfter(seen);
    return STATE.compareAndSet(this, seen, busy(seen)) ? lease : null; // volatile: as idle2leased()
  }

  private PooledLease<T> leaseAfter(long seen) {
    long stamp = leasedNext(seen);
    return new PooledLease<>(Turns.beginWith(turn(stamp)) ? new Turns<>(this) : turns, stamp);
  }

  /** EMPTY to BUSY, to open an object. Needs a permit. */
  boolean empty2busy() {
    long seen = state;
    return (seen & KIND) == EMPTY && STATE.compareAndSet(this, seen, seen - EMPTY + BUSY); // volatile: as idle2leased()
  }

  /** Returns a lease for the owner of a BUSY slot, which is not in force before {@link #busy2leased}. */
  PooledLease<T> leaseForOwner() {
    return leaseAfter(state);
  }

  /** BUSY to LEASED, of an object that was opened or checked for this lease, which is to begin at once. Throws nothing once it has done so. */
  void busy2leased(PooledLease<T> lease) {
    if (turns != lease.turns) {
      turns = lease.turns;
    }
    state = lease.stamp; // volatile: hands over the object, the turns and the notes
  }

  /** Notes a lease that has just come into force. Should the capture of its site fail, the lease is a dropped one. */
  void begin(PooledLease<T> lease) {
    lease.turns.lease(lease);
    // Opaque: a late alert samples late.
    if (turn(lease.stamp) >= (long) NEXT_SAMPLE.getOpaque(this) || Sampling.capturesAll()) {
      core.sites.sample(this, lease.stamp);
    }
  }

  /** IDLE to BUSY, to get rid of the object. */
  boolean idle2busy() {
    long seen = state;
    return isIdle(seen, turns) && STATE.compareAndSet(this, seen, busy(seen)); // volatile: as idle2leased()
  }

  /** IDLE to BUSY, if there was no lease since {@link #state} was that. */
  boolean idle2busy(long idle) {
    long seen = state;
    return turn(seen) == turn(idle) && isIdle(seen, turns) && STATE.compareAndSet(this, seen, busy(seen)); // volatile: as idle2leased()
  }

  /** LEASED to IDLE, if the lease has the object still, without a compare-and-set; any number of times. */
  void leased2idle(PooledLease<T> lease) {
    lease.turns.close(turn(lease.stamp));
    // The reaper must not find the lease unreachable before it can see that it is closed.
    Reference.reachabilityFence(lease);
  }

  /** LEASED to IDLE by a compare-and-set; false if the lease with this stamp does not have the object any more. */
  boolean leased2idle(long stamp) {
    // Volatile: takes over and hands over what the last owner did, and comes before the look at the signs.
    return state == stamp && STATE.compareAndSet(this, stamp, stamp - LEASED + IDLE);
  }

  /** LEASED to BUSY; false if the lease with this stamp does not have the object any more. */
  boolean leased2busy(long stamp) {
    long seen = state;
    // Volatile: takes over what the last owner did. A lease that is closed between the two is closed too late.
    return seen == stamp && !turns.isClosed(turn(stamp)) && STATE.compareAndSet(this, stamp, busy(stamp));
  }

  /** Makes the caller the owner of a BUSY slot that is adrift; false if there is none or another was faster. */
  boolean adopt() {
    return ADRIFT.compareAndSet(this, true, false); // volatile: more than it takes; the object comes with the state
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

  /** Returns the state, of which it can be said later whether there was a lease since; not, whether the object was replaced without one. */
  long state() {
    long seen = state;
    return isIdle(seen, turns) ? (seen & ~KIND) + IDLE : seen;
  }

  static boolean isIdle(long state) {
    return (state & KIND) == IDLE;
  }

  /** Returns whether the upkeep may have to look after the slot: who is at work in one that is busy will do so himself. */
  boolean needsUpkeep() {
    long seen = state;
    return isIdle(seen) || isLeased(seen) || adrift;
  }

  static boolean isLeased(long state) {
    return (state & KIND) == LEASED;
  }

  boolean isIdle() {
    return isIdle(state, turns);
  }

  boolean isHeldBy(PooledLease<T> lease) {
    return state == lease.stamp && !lease.turns.isClosed(turn(lease.stamp));
  }

  /** Has the current lease, if there is one, held weakly from now on. May be called by many threads at once. */
  void watch(long now) {
    Watch<T> before = watch; // first of all: whoever sleeps over later turns from here on sees an older watch than there is then
    long seen = state();
    Turns<T> present = turns;
    if ((seen & KIND) != LEASED || (before != null && before.stamp == seen)) {
      return;
    }
    PooledLease<T> lease = present.lease();
    if (lease == null || lease.stamp != seen) {
      return; // not noted yet, or closed meanwhile
    }
    // First the watch, then the note, lest there be a moment with neither. Each watch is a new object and none is ever taken away, so
    // the exchange fails for all but one, and for whoever slept over later turns.
    if (WATCH.compareAndSet(this, before, new Watch<>(lease, this, now))) {
      present.forget(lease);
    }
  }

  /** Returns what watches over the current lease, or null. */
  @Nullable Watch<T> currentWatch() {
    Watch<T> seen = watch;
    return seen != null && seen.stamp == state() ? seen : null;
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
  void fill(T fresh) {
    stateSeen = -1;
    object(fresh);
  }

  /** Sets until when the object in a BUSY slot may be leased. */
  void deadline(long until) {
    deadline = until;
  }

  /** Returns until when the object may be leased: exact for the owner, a guess for others. */
  long deadline() {
    return deadline;
  }

  /** Returns how many leases there have been. */
  long turns() {
    return turn(state);
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
    NEXT_SAMPLE.setOpaque(this, turn(stamp) + turnsUntilNext);
  }

  /** Has the next lease's line captured. */
  void sampleNext() {
    NEXT_SAMPLE.setOpaque(this, 0L); // opaque: races with the owner's note; the loser's sample comes later or never
  }

  /**
   * A slot with two lines of the processor's cache behind it, since processors fetch lines in pairs: what one holder writes is then in no line that
   * the holder of the next slot reads. In a subclass, for the JVM lays a class's numbers before its references, and what is
   * to come last must be a class of its own.
   */
  static final class Padded<T> extends Slot<T> {
    @SuppressWarnings("unused")
    private long p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12, p13, p14, p15, p16;

    Padded(PoolCore<T> core, long firstSample) {
      super(core, firstSample);
    }
  }
}
