package leaksafe.pool.internal;

import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import leaksafe.AcquireTimeoutException;
import leaksafe.Leak;
import leaksafe.Lease;
import leaksafe.internal.CallSite;
import leaksafe.internal.Containers;
import leaksafe.internal.CoarseClock;
import leaksafe.internal.LeakWatch;
import leaksafe.internal.Reaper;
import leaksafe.internal.Sampling;
import leaksafe.pool.OpenFailedException;
import leaksafe.pool.PoolStats;
import org.jspecify.annotations.Nullable;

/**
 * The pool itself: slots that are claimed and given back, permits that bound the number of objects, and the line of waiters.
 *
 * <p>A claim looks at the two slots where the thread's stripe found something last, then at all slots, then takes a permit to open one
 * more object, and at last waits. Scans begin at the lowest slot, so that objects which are not needed lie idle in the high slots and
 * can go.
 *
 * <p><b>Permits.</b> {@code live} counts the slots that are not empty, and never exceeds the maximum (unless that was lowered: then it
 * only falls). It is raised before a slot stops being empty and lowered after it is empty again, so whoever got a permit finds a slot.
 *
 * <p><b>Memory ordering</b> is argued in {@link Slot} (objects) and in {@link Line} (wakeups).
 */
public final class PoolCore<T> {
  private static final int FIRST_SLOTS = 16;
  private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();

  // About a microsecond: most leases that somebody waits for so early end within it, and parking costs several.
  private static final int SPINS = PROCESSORS > 1 ? 60 : 0;

  /** For how long the head of the line may be overtaken by newcomers, in nanoseconds. */
  private static final long OVERTAKEN_NANOS = 1_000_000;

  /** How many sites may be captured between two rounds of the upkeep, unless all are asked for. */
  private static final int SITE_BUDGET = 64;

  final Settings<T> settings;
  final Callbacks<T> callbacks;
  final Line line = new Line();
  private final Hints hints = new Hints(PROCESSORS);
  private final boolean guarded; // objects are checked before they are handed out
  private final ReentrantLock sizing = new ReentrantLock(); // guards the growth of the slots and the two bounds; no lock inside it
  private final AtomicInteger live = new AtomicInteger();
  private final AtomicInteger leaving = new AtomicInteger(); // of the live ones, those that wait for the executor to dispose of them
  private final LongAdder waits = new LongAdder();
  private final LongAdder timeouts = new LongAdder();
  private final LongAdder leaked = new LongAdder();
  private final LongAdder overdue = new LongAdder();

  private volatile Slot<T>[] slots; // only ever grows; read by anybody, written under `sizing`
  private volatile int minimum; // read by anybody, written under `sizing`
  private volatile int maximum; // read by anybody, written under `sizing`
  private volatile boolean alarmed; // after the first leak, sites are noted as often as the budget allows
  private int siteBudget = SITE_BUDGET; // plain: a race costs or spares a sample

  private final PoolContainer container;
  private final Upkeep<T> upkeep; // held here: the reaper holds it weakly
  private Reaper.@Nullable Registration registration;
  private Containers.@Nullable Announcement announcement;

  /** Makes the pool; {@link #start} brings it to life. */
  public PoolCore(Settings<T> settings, int minimum, int maximum) {
    this.settings = settings;
    this.callbacks = new Callbacks<>(settings);
    this.guarded = settings.validator() != null || settings.ageNanos() != Settings.NEVER;
    this.minimum = minimum;
    this.maximum = maximum;
    this.slots = newSlots(Math.min(FIRST_SLOTS, maximum));
    this.container = new PoolContainer(settings.name(), settings.creationSite(), this::stats);
    this.upkeep = new Upkeep<>(this);
  }

  /** Announces the pool and has the reaper look after it. Without it, which is for tests, only calls to {@link #upkeep} do. */
  public void start() {
    registration = Reaper.register(upkeep, settings.ageNanos() != Settings.NEVER && settings.ticker() == null);
    announcement = Containers.announce(container);
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private Slot<T>[] newSlots(int length) {
    Slot<T>[] fresh = new Slot[length];
    Arrays.setAll(fresh, i -> new Slot<>(this, settings.sampleOneIn() == 1 ? 1 : 1 + untilNextSample()));
    return fresh;
  }

  // ---- acquire

  /** Returns a lease without waiting for other holders, or null. */
  public @Nullable Lease<T> tryAcquire() throws InterruptedException {
    PooledLease<T> lease = claim();
    if (lease == null && line.isClosed()) {
      throw closed();
    }
    return lease == null ? null : admit(lease);
  }

  /** Returns a lease, and waits for one for so many nanoseconds at most. */
  public Lease<T> acquire(long nanos) throws InterruptedException {
    PooledLease<T> lease = (line.signs() & Line.BARRED) == 0 ? claimIdle() : null;
    if (lease != null && !guarded) {
      return lease;
    }
    return admit(lease != null ? lease : claimOrWait(nanos));
  }

  private @Nullable PooledLease<T> claimIdle() {
    Slot<T>[] all = slots;
    int stripe = hints.stripe();
    int pair = hints.pair(stripe);
    int first = Hints.first(pair);
    if (first < all.length) {
      PooledLease<T> lease = claimIdle(all[first]);
      if (lease != null) {
        return lease;
      }
    }
    int second = Hints.second(pair);
    if (second < all.length) {
      PooledLease<T> lease = claimIdle(all[second]);
      if (lease != null) {
        return lease;
      }
    }
    for (int i = 0; i < all.length; i++) {
      PooledLease<T> lease = claimIdle(all[i]);
      if (lease != null) {
        if (i != first && i != second) {
          hints.found(stripe, pair, i);
        }
        return lease;
      }
    }
    return null;
  }

  /** Claims the slot if it is idle. Where objects are checked first, the lease is not in force yet: see {@link #admit}. */
  private @Nullable PooledLease<T> claimIdle(Slot<T> slot) {
    if (!guarded) {
      return slot.idle2leased();
    }
    return slot.idle2busy() ? new PooledLease<>(slot) : null;
  }

  /** Claims an idle object, or else an empty slot and the permit to open an object in it. */
  private @Nullable PooledLease<T> claim() {
    return (line.signs() & Line.BARRED) != 0 ? null : claimAsHead();
  }

  private @Nullable PooledLease<T> claimAsHead() {
    PooledLease<T> lease = claimIdle();
    return lease != null || !reserve() ? lease : new PooledLease<>(emptySlot());
  }

  private boolean reserve() {
    int seen;
    do {
      seen = live.get();
      if (seen >= maximum) {
        return false;
      }
    } while (!live.compareAndSet(seen, seen + 1));
    return true;
  }

  /** Returns an empty slot, busy now, to somebody with a permit. */
  private Slot<T> emptySlot() {
    while (true) {
      Slot<T>[] all = slots;
      for (Slot<T> slot : all) {
        if (slot.empty2busy()) {
          return slot;
        }
      }
      grow(all);
    }
  }

  private void grow(Slot<T>[] full) {
    sizing.lock();
    try {
      int length = Math.min(Math.max(maximum, live.get()), full.length * 2);
      if (slots == full && length > full.length) {
        Slot<T>[] more = Arrays.copyOf(full, length);
        System.arraycopy(newSlots(length - full.length), 0, more, full.length, length - full.length);
        slots = more; // volatile: publishes the fresh slots
      }
    } finally {
      sizing.unlock();
    }
  }

  /** Puts a claimed lease in force, which may need an object to be checked, or replaced, or opened. */
  private PooledLease<T> admit(PooledLease<T> lease) throws InterruptedException {
    Slot<T> slot = lease.slot;
    if (slot.isHeldBy(lease)) {
      return lease;
    }
    @Nullable T object = slot.object();
    if (object == null) {
      open(slot);
    } else if (isPast(slot) || !callbacks.isValid(object)) {
      slot.object(null);
      callbacks.dispose(object);
      open(slot);
    }
    slot.busy2leased(lease);
    if (line.isClosed()) {
      lease.close();
      throw closed();
    }
    return lease;
  }

  /** Opens an object in a busy slot; if that fails, the slot is empty and its permit free again before the caller is told. */
  private void open(Slot<T> slot) throws InterruptedException {
    boolean done = false;
    try {
      fill(slot, callbacks.open());
      done = true;
    } catch (InterruptedException | Error e) {
      throw e;
    } catch (Exception e) {
      throw new OpenFailedException(settings.name() + ": the opener failed: " + e, e);
    } finally {
      if (!done) {
        vacate(slot);
      }
    }
  }

  private void fill(Slot<T> slot, T object) {
    slot.object(object);
    if (settings.ageNanos() != Settings.NEVER) {
      double share = 1 - settings.ageJitter() * ThreadLocalRandom.current().nextDouble();
      slot.deadline = now() + (long) (settings.ageNanos() * share);
    }
  }

  private boolean isPast(Slot<T> slot) {
    return settings.ageNanos() != Settings.NEVER && now() - slot.deadline >= 0;
  }

  private long now() {
    return settings.ticker() == null ? CoarseClock.read() : settings.ticker().read();
  }

  // ---- wait

  private PooledLease<T> claimOrWait(long nanos) throws InterruptedException {
    PooledLease<T> lease = claim();
    for (int i = 0; lease == null && i < SPINS && nanos > 0 && line.signs() == 0; i++) {
      Thread.onSpinWait();
      lease = claim();
    }
    return lease != null ? lease : await(nanos);
  }

  private PooledLease<T> await(long nanos) throws InterruptedException {
    long start = System.nanoTime();
    Line.Waiter waiter = new Line.Waiter();
    line.enter(waiter);
    try {
      watchAll();
      waits.increment();
      long overtakenSince = 0;
      while (true) {
        boolean signalled = waiter.takeSignal();
        if (line.isClosed()) {
          throw closed();
        }
        PooledLease<T> lease = line.isHead(waiter) ? claimAsHead() : null;
        if (lease != null) {
          return lease;
        }
        if (Thread.interrupted()) {
          throw new InterruptedException(settings.name() + ": interrupted while waiting for a lease");
        }
        long now = System.nanoTime();
        if (now - start >= nanos) {
          timeouts.increment();
          throw new AcquireTimeoutException(Complaint.timeout(settings.name(), nanos, stats(), slots, upkeep.lastRound()));
        }
        if (signalled) { // and yet there was nothing: a newcomer was faster
          overtakenSince = overtakenSince == 0 ? now : overtakenSince;
          if (now - overtakenSince >= OVERTAKEN_NANOS) {
            line.hungry(waiter);
          }
        }
        LockSupport.parkNanos(this, nanos - (now - start));
      }
    } finally {
      line.leave(waiter);
      if ((line.signs() & Line.WAITING) != 0 && hasSomething()) {
        line.signalHead();
      }
    }
  }

  private boolean hasSomething() {
    if (live.get() < maximum) {
      return true;
    }
    for (Slot<T> slot : slots) {
      if (slot.isIdle()) {
        return true;
      }
    }
    return false;
  }

  /** Has all leases held weakly, because somebody waits for one that may have been dropped. */
  private void watchAll() {
    long now = upkeep.lastRound();
    for (Slot<T> slot : slots) {
      PooledLease<T> lease = slot.unwatchedLease();
      if (lease != null) {
        slot.watch(lease, now);
      }
    }
  }

  // ---- give back

  void giveBack(PooledLease<T> lease) {
    Slot<T> slot = lease.slot;
    if (settings.reset() == null) {
      if (slot.leased2idle(lease)) {
        returned(slot);
      }
    } else if (slot.leased2busy(lease)) {
      @Nullable T object = slot.object();
      if (object != null && !isUnwanted() && callbacks.reset(object)) {
        slot.busy2idle();
        returned(slot);
      } else {
        retire(slot);
      }
    }
  }

  /** Looks after a slot that has just become idle. */
  private void returned(Slot<T> slot) {
    if (line.signs() != 0) {
      if (isUnwanted() && slot.idle2busy()) {
        retire(slot);
      } else {
        somethingIsThere();
      }
    }
  }

  private boolean isUnwanted() {
    int signs = line.signs();
    return (signs & Line.CLOSED) != 0 || ((signs & Line.EXCESS) != 0 && live.get() > maximum);
  }

  private void somethingIsThere() {
    if ((line.signs() & Line.WAITING) != 0) {
      line.signalHead();
    }
  }

  /** Disposes of the object in a busy slot and frees its permit afterwards. */
  private void retire(Slot<T> slot) {
    @Nullable T object = slot.object();
    slot.object(null);
    callbacks.dispose(object);
    vacate(slot);
  }

  /** Retires a busy slot on the executor. */
  void retireLater(Slot<T> slot) {
    leaving.incrementAndGet();
    callbacks.handOver(() -> {
      try {
        retire(slot);
      } finally {
        leaving.decrementAndGet();
      }
    });
  }

  /** Busy to empty, and the permit is free again. */
  private void vacate(Slot<T> slot) {
    slot.busy2empty();
    int left = live.decrementAndGet();
    int signs = line.signs();
    if ((signs & Line.EXCESS) != 0 && left <= maximum) {
      line.lower(Line.EXCESS);
      if (live.get() > maximum) { // lowered once more meanwhile
        line.raise(Line.EXCESS);
      }
    }
    somethingIsThere();
    if (left == 0 && (signs & Line.CLOSED) != 0) {
      drained();
    }
  }

  // ---- what nobody gives back

  /** Takes a busy slot back whose lease was dropped. Runs on the reaper's thread. */
  void dropped(Slot<T> slot, long since) {
    leaked.increment();
    alarm();
    takeBack(slot, "lease", upkeep.lastRound() - since);
  }

  /** Takes a busy slot back whose lease is overdue. Runs on the reaper's thread. */
  void reclaimed(Slot<T> slot, long age) {
    overdue.increment();
    alarm();
    takeBack(slot, Complaint.OVERDUE, age);
  }

  /** Reports a lease that is overdue and stays in force. Runs on the reaper's thread. */
  void overdue(Slot<T> slot, long age) {
    overdue.increment();
    alarm();
    Leak leak = Complaint.leak(settings.name(), Complaint.OVERDUE, slot.object(), slot.site(), age);
    callbacks.handOver(() -> callbacks.tell(leak));
  }

  /** Busy to idle, of a slot that was seized in vain. Runs on the reaper's thread. */
  void reidle(Slot<T> slot) {
    slot.busy2idle();
    if (isUnwanted() && slot.idle2busy()) {
      retireLater(slot);
    } else {
      somethingIsThere();
    }
  }

  /** Frees slot and permit at once, and has the report made and the object disposed of by the executor. */
  private void takeBack(Slot<T> slot, String kind, long age) {
    @Nullable T object = slot.object();
    Leak leak = Complaint.leak(settings.name(), kind, object, slot.site(), age);
    slot.object(null);
    vacate(slot);
    LeakWatch.tell(leak);
    callbacks.handOver(() -> {
      callbacks.tell(leak);
      callbacks.dispose(object);
    });
  }

  private void alarm() {
    alarmed = true;
    if (settings.sampleOneIn() != 0) {
      for (Slot<T> slot : slots) {
        slot.sampleNext();
      }
    }
  }

  /** Notes the site of the lease that is being made, if there is budget. Called by {@link Slot}. */
  void sample(Slot<T> slot) {
    boolean all = settings.sampleOneIn() == 1 || Sampling.capturesAll();
    boolean affordable = all || siteBudget > 0;
    if (affordable) {
      siteBudget--;
      slot.site(CallSite.capture(), settings.sampleOneIn() != 0 && (all || alarmed) ? 1 : untilNextSample());
    } else {
      slot.site(null, untilNextSample());
    }
  }

  /** Random, with the wanted mean, lest the samples fall into step with what the program does. */
  private long untilNextSample() {
    if (settings.sampleOneIn() == 0) {
      return Long.MAX_VALUE / 2; // never
    }
    return ThreadLocalRandom.current().nextLong(1, 2L * settings.sampleOneIn());
  }

  void renewSiteBudget() {
    siteBudget = SITE_BUDGET;
  }

  // ---- size

  Slot<T>[] slots() {
    return slots;
  }

  /** Returns by how many objects the pool is above its minimum, or below if negative, once those that leave are gone. */
  int surplus() {
    return live.get() - leaving.get() - minimum;
  }

  /** Opens objects until the minimum is there; runs on the executor. Returns false if the opener failed. */
  boolean refill() {
    while (!line.isClosed() && surplus() < 0 && reserve()) {
      Slot<T> slot = emptySlot();
      try {
        fill(slot, callbacks.open());
      } catch (Throwable e) {
        vacate(slot);
        callbacks.report("opener", "to keep the minimum of " + minimum + "; tried again in a while", e);
        return false;
      }
      slot.busy2idle();
      returned(slot);
    }
    return true;
  }

  /** Sets both bounds. Idle objects above the maximum are disposed of by this thread, leased ones when they come back. */
  public void resize(int newMinimum, int newMaximum) {
    if (line.isClosed()) {
      throw closed();
    }
    boolean excess;
    sizing.lock();
    try {
      minimum = newMinimum;
      maximum = newMaximum;
      excess = live.get() > newMaximum;
    } finally {
      sizing.unlock();
    }
    if (excess) {
      line.raise(Line.EXCESS);
      retireIdle();
    }
    line.signalHead();
    wakeUpkeep();
  }

  private void retireIdle() {
    Slot<T>[] all = slots;
    for (int i = all.length - 1; i >= 0 && isUnwanted(); i--) {
      if (all[i].idle2busy()) {
        retire(all[i]);
      }
    }
  }

  private void wakeUpkeep() {
    if (registration != null) {
      registration.wake();
    }
  }

  // ---- close

  /** Closes the pool, and waits until the last object is gone, for so many nanoseconds at most; returns whether it is. */
  public boolean close(long nanos) throws InterruptedException {
    closeNow();
    return nanos <= 0 ? live.get() == 0 : line.awaitDrained(() -> live.get() == 0, nanos);
  }

  /** Closes the pool without waiting. */
  public void closeNow() {
    if (line.raise(Line.CLOSED)) {
      line.wakeAll();
      retireIdle();
      if (live.get() == 0) {
        drained();
      }
    }
  }

  /** The last object of a closed pool is gone. May be called more than once. */
  private void drained() {
    if (registration != null) {
      registration.cancel();
    }
    if (announcement != null) {
      announcement.withdraw();
    }
    line.signalDrained();
  }

  public boolean isClosed() {
    return line.isClosed();
  }

  private IllegalStateException closed() {
    return new IllegalStateException(settings.name() + ": this pool is closed; acquire before it is closed, or build a new one");
  }

  // ---- figures

  /** Returns the figures of now. */
  public PoolStats stats() {
    int idle = 0;
    long acquired = 0;
    for (Slot<T> slot : slots) {
      idle += slot.isIdle() ? 1 : 0;
      acquired += slot.uses();
    }
    int all = live.get();
    int shownIdle = Math.min(idle, all); // they were not counted at one instant
    return new PoolStats(all - shownIdle, shownIdle, line.length(), minimum, maximum, acquired, waits.sum(), timeouts.sum(),
        callbacks.opened.sum(), callbacks.openFailures.sum(), callbacks.disposed.sum(), leaked.sum(), overdue.sum());
  }

  public String name() {
    return settings.name();
  }

  /** Does one round of the upkeep, as the reaper does; for tests, and only where the reaper does not. */
  long upkeep(long nanoTime) {
    return upkeep.work(nanoTime);
  }
}
