package leaksafe.pool.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The slots of a pool, and the permits that bound how many of them are in use.
 *
 * <p>A claim looks at the two slots where the thread's stripe found something last, then at all slots. Scans begin at the lowest slot,
 * so that objects which are not needed lie idle in the high slots and can go.
 *
 * <p><b>Permits.</b> {@code live} counts the slots that are not empty, and never exceeds the maximum (unless that was lowered: then it
 * only falls). It is raised before a slot stops being empty and lowered after it is empty again, so whoever got a permit finds a slot.
 * Where the pool is one key's share of a larger one, a permit of that one comes with it, and goes after it: {@link KeyedCore#takePermits}.
 */
final class Slots<T> {
  private static final int FIRST_SLOTS = 16; // of a key: one

  private final PoolCore<T> core;
  private final @Nullable KeyedCore<?, T> keys;
  private final boolean guarded; // objects are checked before they are handed out
  private final @Nullable Slot<T> @Nullable [] hints; // null where a look at all slots costs no more
  private final ReentrantLock sizing = new ReentrantLock(); // guards the growth of the slots and the two bounds; no lock inside it
  private final AtomicInteger live = new AtomicInteger();
  private final AtomicInteger leaving = new AtomicInteger(); // of the live ones, those that wait for the executor to dispose of them

  private volatile Slot<T>[] all; // only ever grows; read by anybody, written under `sizing`
  private volatile int minimum; // read by anybody, written under `sizing`
  private volatile int maximum; // read by anybody, written under `sizing`

  Slots(PoolCore<T> core, boolean guarded, int minimum, int maximum) {
    this.core = core;
    this.keys = core.keys;
    this.guarded = guarded;
    this.hints = keys == null ? Hints.pairs() : null;
    this.minimum = minimum;
    this.maximum = maximum;
    this.all = fresh(Math.min(keys == null ? FIRST_SLOTS : 1, maximum));
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private Slot<T>[] fresh(int length) {
    Slot<T>[] fresh = new Slot[length];
    Arrays.setAll(fresh, i -> new Slot.Padded<>(core, core.sites.firstSample()));
    return fresh;
  }

  Slot<T>[] all() {
    return all;
  }

  // ---- claims

  /** Returns where threads look first, or null. */
  @Nullable Slot<T> @Nullable [] hints() {
    return hints;
  }

  /** Claims an idle object. Where objects are checked first, the lease is not in force yet. */
  @Nullable PooledLease<T> claimIdle() {
    if (hints == null) {
      for (Slot<T> slot : all) {
        PooledLease<T> lease = claimIdle(slot);
        if (lease != null) {
          return lease;
        }
      }
      return null;
    }
    int stripe = Hints.stripe();
    Slot<T> first = Hints.first(hints, stripe);
    PooledLease<T> lease = first == null ? null : claimIdle(first);
    return lease != null ? lease : claimElsewhere(hints, stripe, first);
  }

  private @Nullable PooledLease<T> claimElsewhere(@Nullable Slot<T>[] pairs, int stripe, @Nullable Slot<T> first) {
    Slot<T> second = Hints.second(pairs, stripe);
    PooledLease<T> lease = second == null ? null : claimIdle(second);
    if (lease != null) {
      return lease;
    }
    for (Slot<T> slot : all) {
      lease = claimIdle(slot);
      if (lease != null) {
        if (slot != first && slot != second) {
          try {
            Hints.found(pairs, stripe, slot);
          } catch (StackOverflowError e) {
            // A hint less. The slot is claimed, and must not be lost.
          }
        }
        return lease;
      }
    }
    return null;
  }

  private @Nullable PooledLease<T> claimIdle(Slot<T> slot) {
    return guarded ? slot.idle2busyFor() : slot.idle2leased();
  }

  /**
   * Claims an empty slot with the permit to open an object in it; the lease is not in force yet.
   *
   * @param since since when the caller has waited, by {@link System#nanoTime}
   */
  @Nullable PooledLease<T> claimEmpty(long since) {
    return reserve(since) ? leaseOfEmpty() : null;
  }

  /** Claims an empty slot with the permit to open an object in it to keep the minimum; busy now. */
  @Nullable Slot<T> claimToRefill() {
    return surplus() < 0 && reserve(0) ? emptySlot() : null;
  }

  private boolean reserve(long since) {
    if (isFull()) {
      return false;
    }
    Headroom.need();
    if (keys != null) {
      return keys.takePermits(core, since);
    }
    int seen;
    do {
      seen = live.get();
      if (seen >= maximum) {
        return false;
      }
    } while (!live.compareAndSet(seen, seen + 1));
    lookForExcess();
    return true;
  }

  /** Takes a permit for a key that has one, under the lock of the whole pool. */
  void addPermit() {
    live.incrementAndGet();
    lookForExcess();
  }

  /**
   * Says that there are too many objects if the maximum was lowered before one more was counted. Volatile, both: either the one who lowers it
   * sees that object, or it is seen here that it is one too many, which leaves when it is free.
   */
  private void lookForExcess() {
    if (isOverfull()) {
      core.line.raise(Line.EXCESS);
    }
  }

  private PooledLease<T> leaseOfEmpty() {
    Slot<T> slot = emptySlot();
    PooledLease<T> lease = null;
    try {
      lease = slot.leaseForOwner();
      return lease;
    } finally {
      if (lease == null) { // no memory
        core.vacate(slot);
      }
    }
  }

  /** Returns an empty slot, busy now, to somebody with a permit, which is given back if that fails. */
  private Slot<T> emptySlot() {
    Slot<T> slot = null;
    try {
      slot = findEmpty();
      return slot;
    } finally {
      if (slot == null) { // no memory for more slots
        core.vacate(null);
      }
    }
  }

  private Slot<T> findEmpty() {
    while (true) {
      Slot<T>[] seen = all;
      for (Slot<T> slot : seen) {
        if (slot.empty2busy()) {
          return slot;
        }
      }
      grow(seen);
    }
  }

  private void grow(Slot<T>[] full) {
    sizing.lock();
    try {
      int length = Math.min(Math.max(maximum, live.get()), full.length * 2);
      if (all == full && length > full.length) {
        Slot<T>[] more = Arrays.copyOf(full, length);
        System.arraycopy(fresh(length - full.length), 0, more, full.length, length - full.length);
        all = more; // volatile: publishes the fresh slots
      }
    } finally {
      sizing.unlock();
    }
  }

  /** Busy to empty, if a slot was found for the permit, and that is free again, that of the larger pool aside; returns how many are left. */
  int free(@Nullable Slot<T> slot) {
    if (slot != null) {
      slot.busy2empty();
    }
    return live.decrementAndGet();
  }

  // ---- figures

  int live() {
    return live.get();
  }

  boolean isFull() {
    return live.get() >= maximum;
  }

  boolean isOverfull() {
    return live.get() > maximum;
  }

  int minimum() {
    return minimum;
  }

  int maximum() {
    return maximum;
  }

  /** Returns by how many objects the pool is above its minimum, or below if negative, once those that leave are gone. */
  int surplus() {
    return live.get() - leaving.get() - minimum;
  }

  void leaves() {
    leaving.incrementAndGet();
  }

  void left() {
    leaving.decrementAndGet();
  }

  int idle() {
    int idle = 0;
    for (Slot<T> slot : all) {
      idle += slot.isIdle() ? 1 : 0;
    }
    return idle;
  }

  boolean needUpkeep() {
    for (Slot<T> slot : all) {
      if (slot.needsUpkeep()) {
        return true;
      }
    }
    return false;
  }

  long turns() {
    long turns = 0;
    for (Slot<T> slot : all) {
      turns += slot.turns();
    }
    return turns;
  }

  /** Returns some of the objects, to be looked at and not to be used. */
  List<Object> objects(int most) {
    List<Object> objects = new ArrayList<>();
    for (Slot<T> slot : all) {
      @Nullable T object = slot.object();
      if (object != null && objects.size() < most) {
        objects.add(object);
      }
    }
    return objects;
  }

  /** Sets both bounds, and returns whether there are more objects now than there may be. */
  boolean resize(int newMinimum, int newMaximum) {
    sizing.lock();
    try {
      minimum = newMinimum;
      maximum = newMaximum;
      return live.get() > newMaximum;
    } finally {
      sizing.unlock();
    }
  }
}
