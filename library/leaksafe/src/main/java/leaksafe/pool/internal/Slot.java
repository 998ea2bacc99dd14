package leaksafe.pool.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import leaksafe.internal.Sampling;
import org.jspecify.annotations.Nullable;

/**
 * A place for one object, and the judge of who has it. One field decides everything:
 *
 * <pre>
 *            open                    claim
 *   EMPTY ────────▶ BUSY ◀──────── IDLE ───────▶ LEASED         null, BUSY, this slot, the lease
 *     ▲              │ │  ▲  check   ▲             │  │
 *     └──────────────┘ │  │          │             │  │ watch
 *         disposed of  │  │          └─────────────┤  ▼
 *                      │  │             give back  ├─ LEASED     its Watch
 *                      │  └────────────────────────┤
 *                      │    reset, drop, reclaim   │
 *                      └──────────▶ IDLE or LEASED │
 * </pre>
 *
 * <p>BUSY is the state while users' code works on the object outside of any lease, or the object comes or goes.
 *
 * <p>The state of a leased slot is the lease itself. Leases are fresh objects, so a compare-and-set from this lease to idle succeeds
 * for the first closing of the lease that has the object now and for nothing else: not for a second closing, a late one or a
 * concurrent one, and there is no ABA. The idle state is the slot itself, which spares the collector's write barrier most of its work,
 * since it is a reference from an object to itself.
 *
 * <p>While the slot holds its lease strongly, a dropped lease could not be noticed. A weak reference for each acquisition would cost
 * more than all the rest of it. So it is the upkeep that replaces a lease which it meets by a {@link Watch}: what is held for shorter
 * than the upkeep's interval never pays for being watched.
 *
 * <p><b>Memory ordering.</b> The object and the notes beside it are plain data that belongs to whoever moved the state from null, idle
 * or leased to a value of his own. All moves are compare-and-sets or volatile stores, so what one owner did happens-before what the
 * next one does. Readers who own nothing read with the modes that are noted at each access.
 */
final class Slot<T> {
  private static final Object BUSY = new Object();

  private static final VarHandle STATE;
  private static final VarHandle OBJECT;
  private static final VarHandle USES;
  private static final VarHandle SITE;
  private static final VarHandle NEXT_SAMPLE;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      STATE = lookup.findVarHandle(Slot.class, "state", Object.class);
      OBJECT = lookup.findVarHandle(Slot.class, "object", Object.class);
      USES = lookup.findVarHandle(Slot.class, "uses", long.class);
      SITE = lookup.findVarHandle(Slot.class, "site", String.class);
      NEXT_SAMPLE = lookup.findVarHandle(Slot.class, "nextSample", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  final PoolCore<T> core;

  private volatile @Nullable Object state;
  private @Nullable Object object; // a T; written by the owner, only while the state is BUSY
  private long uses; // written by the owner
  private long nextSample; // the use whose site is captured; written by the owner, and by an alert
  private @Nullable String site; // of the current lease if it was sampled; written by the owner
  long deadline; // of the object, by the pool's clock; written by whoever opens the object

  // Used by the upkeep alone.
  long usesSeen = -1;
  long idleSince;

  // Two slots' states are more than two cache lines apart, since processors fetch lines in pairs.
  @SuppressWarnings("unused")
  private long p1, p2, p3, p4, p5, p6, p7, p8;

  Slot(PoolCore<T> core, long firstSample) {
    this.core = core;
    this.nextSample = firstSample;
  }

  /** IDLE to LEASED. */
  @Nullable PooledLease<T> idle2leased() {
    if (state != this) {
      return null;
    }
    PooledLease<T> lease = new PooledLease<>(this);
    // Volatile: takes over what the last owner did before he set the state to idle.
    if (!STATE.compareAndSet(this, this, lease)) {
      return null;
    }
    countUse();
    return lease;
  }

  /** BUSY to LEASED, of an object that was opened or checked for this lease. */
  void busy2leased(PooledLease<T> lease) {
    countUse();
    state = lease; // volatile: hands over the object and the notes
  }

  private void countUse() {
    long use = uses + 1;
    // Opaque: only sums for the statistics are made of it, and "has it changed" for the idle time.
    USES.setOpaque(this, use);
    if (use >= (long) NEXT_SAMPLE.getOpaque(this) || Sampling.capturesAll()) { // opaque: a late alert samples late
      core.sample(this);
    } else if (site != null) {
      // Opaque: for a moment the site of the last lease stands beside the new one; it is read for reports only, and a lease
      // that became unreachable was handed out long after this.
      SITE.setOpaque(this, null);
    }
  }

  /** EMPTY to BUSY, to open an object. Needs a permit. */
  boolean empty2busy() {
    return state == null && STATE.compareAndSet(this, null, BUSY); // volatile: as idle2leased()
  }

  /** IDLE to BUSY, to check the object or to get rid of it. */
  boolean idle2busy() {
    return state == this && STATE.compareAndSet(this, this, BUSY); // volatile: as idle2leased()
  }

  /** LEASED to LEASED: from now on the lease is held weakly. */
  void watch(PooledLease<T> lease, long now) {
    Watch<T> watch = new Watch<>(lease, this, now);
    // Volatile: publishes the watch. Fails if the lease was closed meanwhile; the watch is garbage then and never enqueued.
    STATE.compareAndSet(this, lease, watch);
  }

  /** LEASED to IDLE; false if this lease does not have the object any more. */
  boolean leased2idle(PooledLease<T> lease) {
    return leave(lease, this);
  }

  /** LEASED to BUSY; false if this lease does not have the object any more. */
  boolean leased2busy(PooledLease<T> lease) {
    return leave(lease, BUSY);
  }

  private boolean leave(PooledLease<T> lease, Object next) {
    // Volatile: hands over all that the holder did to the object; and it comes before the look at the signs, see Line.
    if (STATE.compareAndSet(this, lease, next)) {
      return true;
    }
    // From this lease the state goes to its watch and never back, so one more attempt decides.
    if (state instanceof Watch<?> watch && watch.refersTo(lease) && STATE.compareAndSet(this, watch, next)) {
      watch.clear();
      return true;
    }
    return false;
  }

  /** LEASED to BUSY without the lease, which is unreachable or overdue; false if it was closed meanwhile. */
  boolean watched2busy(Watch<T> watch) {
    return STATE.compareAndSet(this, watch, BUSY); // volatile: as leave()
  }

  /** BUSY to IDLE. */
  void busy2idle() {
    state = this; // volatile: hands over the object, and comes before the look at the signs
  }

  /** BUSY to EMPTY. */
  void busy2empty() {
    state = null; // volatile: as busy2idle()
  }

  boolean isIdle() {
    return state == this;
  }

  boolean isHeldBy(PooledLease<T> lease) {
    Object seen = state;
    return seen == lease || (seen instanceof Watch<?> watch && watch.refersTo(lease));
  }

  /** Returns the lease if it is held strongly. */
  @SuppressWarnings("unchecked")
  @Nullable PooledLease<T> unwatchedLease() {
    return state instanceof PooledLease<?> lease ? (PooledLease<T>) lease : null;
  }

  @SuppressWarnings("unchecked")
  @Nullable Watch<T> watch() {
    return state instanceof Watch<?> watch ? (Watch<T>) watch : null;
  }

  /**
   * Returns the object for a caller who looks at the state afterwards: if the state still is the caller's lease, then this is the
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

  long uses() {
    return (long) USES.getOpaque(this); // opaque: see countUse()
  }

  @Nullable String site() {
    return (String) SITE.getOpaque(this); // opaque: a string is immutable and needs no ordering
  }

  /** Notes the site of the current lease, or that it has none, and which use is the next to be sampled. */
  void site(@Nullable String text, long usesUntilNext) {
    SITE.setOpaque(this, text);
    NEXT_SAMPLE.setOpaque(this, uses() + usesUntilNext);
  }

  /** Has the next lease sampled. */
  void sampleNext() {
    NEXT_SAMPLE.setOpaque(this, 0L); // opaque: races with the owner's note; the loser's sample comes later or never
  }
}
