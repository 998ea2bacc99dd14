package leaksafe.cache.internal.lease;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import leaksafe.SuppressLeak;
import org.jspecify.annotations.Nullable;

/**
 * A value and its leases: see the package for what its state means. The thread that opens it has its first lease from the beginning.
 *
 * <pre>
 *   live, n leases  --tryLease-->  live, n + 1          live, 0      --evict, retire-->  retired, 0, which is closed
 *   live, n leases  --release--->  live, n - 1          live, n > 0  --retire-------->   retired, n
 *                                                       retired, n   --release------->   retired, n - 1
 * </pre>
 */
final class Held<K, V> {
  private static final VarHandle STATE;
  private static final VarHandle LAST_USED;
  private static final VarHandle NOTE;
  private static final VarHandle NOTED;
  private static final VarHandle COMPANY;
  private static final int RETIRED = Integer.MIN_VALUE; // and closed, if it has no leases
  private static final int RENEWAL = 1024;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      STATE = lookup.findVarHandle(Held.class, "state", int.class);
      LAST_USED = lookup.findVarHandle(Held.class, "lastUsed", long.class);
      NOTE = lookup.findVarHandle(Held.class, "note", Note.class);
      COMPANY = lookup.findVarHandle(Held.class, "company", Company.class);
      NOTED = lookup.findVarHandle(Note.class, "lease", CachedLease.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  final K key;
  private final LeaseCore<K, V> core;
  private @Nullable Thread opener = Thread.currentThread();
  private final CountDownLatch opened = new CountDownLatch(1);
  private volatile boolean ready; // written after the value, before the latch opens
  private volatile int state = 1;
  private long lastUsed;
  private Note note = new Note();
  private @Nullable Company<K, V> company; // made when it first had two leases at a time

  @Nullable V value;
  long openedAt;
  boolean used;

  @Nullable Held<K, V> older;
  @Nullable Held<K, V> newer;
  boolean listed;

  Held(LeaseCore<K, V> core, K key) {
    this.core = core;
    this.key = key;
  }

  LeaseCore<K, V> core() {
    return core;
  }

  // ---- opening ----

  /** The opener returned. */
  void open(V made, long now) {
    value = made;
    openedAt = now;
    LAST_USED.setOpaque(this, now);
    ready = true; // volatile: publishes the value to those who find it ready
  }

  /** Lets go those who wait, whether there is a value or not. */
  void endOpening() {
    opener = null;
    opened.countDown();
  }

  /** Returns whether there is a value, if perhaps no longer to be leased. */
  boolean isReady() {
    return ready;
  }

  boolean isOpenedByCurrentThread() {
    return opener == Thread.currentThread(); // racy, but nobody else ever writes this thread there
  }

  boolean awaitOpened(long nanos) throws InterruptedException {
    return opened.await(nanos, TimeUnit.NANOSECONDS);
  }

  // ---- leases ----

  /** Takes a lease if it may still be leased, and returns how many it has then, 0 if it may not. */
  int tryLease() {
    while (true) {
      int seen = state;
      if (seen < 0) {
        return 0;
      }
      // Volatile, both ways: what former holders did happens-before our use, and nobody closes the value between.
      if (STATE.compareAndSet(this, seen, seen + 1)) {
        return seen + 1;
      }
    }
  }

  /** What is to be done after a lease was given back. */
  enum Left { NOTHING, IDLE, CLOSE }

  /** Gives a lease back. {@code CLOSE} obliges the caller to close the value. */
  Left release() {
    // Volatile: pairs with tryLease, evict and retire, and is ordered before the look at who waits. An addition, since it takes the line from
    // another processor once, where a read and a compare-and-set take it twice.
    return switch ((int) STATE.getAndAdd(this, -1)) {
      case 1 -> Left.IDLE;
      case RETIRED | 1 -> Left.CLOSE;
      default -> Left.NOTHING;
    };
  }

  /** Has it leased no more. True obliges the caller to close the value, which nobody uses. */
  boolean retire() {
    return (int) STATE.getAndBitwiseOr(this, RETIRED) == 0; // volatile: pairs with tryLease and release
  }

  /** Has it leased no more if nobody uses it. True obliges the caller to close the value. */
  boolean evict() {
    return state == 0 && STATE.compareAndSet(this, 0, RETIRED);
  }

  boolean isIdle() {
    return state == 0;
  }

  /** Returns whether it is open and somebody uses it. */
  boolean isLeased() {
    return leases() > 0;
  }

  /** Returns how many leases it has; none while it is being opened. */
  int leases() {
    return ready ? state & ~RETIRED : 0;
  }

  // ---- the note: see Leases ----

  /**
   * Where a lease is noted. A new one is made every {@value #RENEWAL} leases: G1 makes a store of a young object into an old one pay a full
   * fence and a marked card, as much as a compare-and-set; that of a much used value is as young as its leases.
   */
  private static final class Note {
    int uses; // by whom the note belongs to
    @SuppressLeak(rule = "LS050", reason = "the user closes the lease; this is how the cache finds one that nobody closed")
    @Nullable CachedLease<?, ?> lease;
  }

  /** Notes a lease. Called by whom the note belongs to; if it throws, nothing was noted. */
  void note(CachedLease<K, V> lease) {
    Note at = note; // plain: written by the one before
    if (++at.uses == RENEWAL) {
      at = new Note();
      // Release: pairs with the acquire in openAndNoted() and takeNote(), which must not see the fields of the new object as they were before it.
      NOTE.setRelease(this, at);
    }
    // Opaque: the fields of a lease that the reaper needs are final, or were written after the note was seen.
    NOTED.setOpaque(at, lease);
  }

  /** Notes a lease where there were others when it was acquired; false if there was no place for it. If it throws, nothing was noted. */
  boolean noteInCompany(CachedLease<K, V> lease) {
    Company<K, V> there = company();
    if (there == null) {
      COMPANY.compareAndSet(this, null, new Company<>()); // volatile: of two that make it one wins, and it is published
      there = Objects.requireNonNull(company());
    }
    return there.note(lease);
  }

  @SuppressWarnings("unchecked")
  private @Nullable Company<K, V> company() {
    return (Company<K, V>) COMPANY.getAcquire(this); // acquire: pairs with its making
  }

  /** Returns the leases that are noted and open. */
  @SuppressWarnings("unchecked") // only leases of this value are noted here
  List<CachedLease<K, V>> openAndNoted() {
    CachedLease<K, V> lease = (CachedLease<K, V>) NOTED.getOpaque((Note) NOTE.getAcquire(this)); // acquire, opaque: see note()
    Company<K, V> others = company();
    if (others == null) {
      return lease == null || lease.isClosed() ? List.of() : List.of(lease);
    }
    List<CachedLease<K, V>> open = new ArrayList<>();
    if (lease != null && !lease.isClosed()) {
      open.add(lease);
    }
    others.addOpenTo(open);
    return open;
  }

  /** Takes the note of a lease away, unless it is that of another by now. */
  void takeNote(CachedLease<K, V> lease) {
    NOTED.compareAndSet((Note) NOTE.getAcquire(this), lease, null);
    Company<K, V> others = company();
    if (others != null) {
      others.takeNote(lease);
    }
  }

  // ---- time ----

  void usedAt(long now) {
    LAST_USED.setOpaque(this, now); // opaque: only the time itself matters
  }

  long lastUsed() {
    return (long) LAST_USED.getOpaque(this);
  }
}
