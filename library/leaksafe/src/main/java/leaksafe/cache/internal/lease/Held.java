package leaksafe.cache.internal.lease;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import leaksafe.SuppressLeak;
import org.jspecify.annotations.Nullable;

/**
 * A value and its leases: see the package for what its state means. The thread that opens it has its first lease from the beginning.
 *
 * <pre>
 *   live, n leases  --tryLease-->  live, n + 1          live, 0      --evict, retire-->  CLOSED
 *   live, n leases  --release--->  live, n - 1          live, n > 0  --retire-------->   retired, n
 *                                                       retired, n   --release------->   retired, n - 1, or CLOSED for n = 1
 * </pre>
 */
final class Held<K, V> {
  private static final VarHandle STATE;
  private static final VarHandle LAST_USED;
  private static final VarHandle NOTE;
  private static final VarHandle NOTED;
  private static final int RETIRED = Integer.MIN_VALUE;
  private static final int CLOSED = -1;
  private static final int RENEWAL = 1024;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      STATE = lookup.findVarHandle(Held.class, "state", int.class);
      LAST_USED = lookup.findVarHandle(Held.class, "lastUsed", long.class);
      NOTE = lookup.findVarHandle(Held.class, "note", Note.class);
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
    while (true) {
      int seen = state;
      boolean retired = seen < 0;
      boolean last = (seen & ~RETIRED) == 1;
      // Volatile: pairs with tryLease, evict and retire, and is ordered before the look at who waits.
      if (STATE.compareAndSet(this, seen, retired && last ? CLOSED : seen - 1)) {
        return !last ? Left.NOTHING : retired ? Left.CLOSE : Left.IDLE;
      }
    }
  }

  /** Has it leased no more. True obliges the caller to close the value, which nobody uses. */
  boolean retire() {
    while (true) {
      int seen = state;
      if (seen < 0) {
        return false;
      }
      if (STATE.compareAndSet(this, seen, seen == 0 ? CLOSED : seen | RETIRED)) {
        return seen == 0;
      }
    }
  }

  /** Has it leased no more if nobody uses it. True obliges the caller to close the value. */
  boolean evict() {
    return state == 0 && STATE.compareAndSet(this, 0, CLOSED);
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
    int seen = state;
    return !ready || seen == CLOSED ? 0 : seen & ~RETIRED;
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
      // Release: pairs with the acquire in noted() and takeNote(), which must not see the fields of the new object as they were before it.
      NOTE.setRelease(this, at);
    }
    // Opaque: the fields of a lease that the reaper needs are final, or were written after the note was seen.
    NOTED.setOpaque(at, lease);
  }

  /** Returns the lease that is noted, which may be closed, or null. */
  @SuppressWarnings("unchecked") // only leases of this value are noted here
  @Nullable CachedLease<K, V> noted() {
    return (CachedLease<K, V>) NOTED.getOpaque((Note) NOTE.getAcquire(this)); // acquire, opaque: see note()
  }

  /** Takes the note of a lease away, unless it is that of another by now. */
  void takeNote(CachedLease<K, V> lease) {
    NOTED.compareAndSet((Note) NOTE.getAcquire(this), lease, null);
  }

  // ---- time ----

  void usedAt(long now) {
    LAST_USED.setOpaque(this, now); // opaque: only the time itself matters
  }

  long lastUsed() {
    return (long) LAST_USED.getOpaque(this);
  }
}
