package leaksafe.pool.internal;

import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import leaksafe.Lease;
import leaksafe.internal.CoarseClock;
import leaksafe.pool.OpenFailedException;
import leaksafe.pool.PoolStats;
import org.jspecify.annotations.Nullable;

/**
 * The pool itself, or one key's share of a pool with keys: how leases begin and end.
 *
 * <p>A claim looks for an idle object, then takes a permit to open one more, both in {@link Slots}, and at last waits: {@link Waiting}.
 * What is not given back is taken back: {@link TakeBack}.
 *
 * <p><b>Memory ordering</b> is argued in {@link Slot} (objects) and in {@link Line} (wakeups).
 */
public final class PoolCore<T> {
  private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();

  // Some 60 pauses, about a microsecond: most leases that somebody waits for so early end within it, and parking costs several. Looks are
  // twice as far apart each time: looking takes the slot out of its holder's cache, who may lease it many times over meanwhile.
  private static final int FIRST_PAUSES = 4;
  private static final int LAST_PAUSES = PROCESSORS > 1 ? 32 : 0;

  final Settings<T> settings;
  final Callbacks<T> callbacks;
  final Counters counters;
  final @Nullable KeyedCore<?, T> keys; // null for a pool without keys
  final Line line = new Line();
  final SiteSampler sites;
  final TakeBack<T> takeBack = new TakeBack<>(this);
  final Slots<T> slots;
  final Surplus<T> surplus;
  final Errands errands;
  final Upkeep<T> upkeep; // held here: the reaper holds it weakly
  private final Source<?, T> source;
  final Waiting<T> waiting;
  private final Presence presence = new Presence();
  private final boolean guarded; // objects are checked before they are handed out
  private final @Nullable Slot<T> @Nullable [] hints; // null where objects are checked first, or there are few
  private final boolean simple; // a lease that is closed makes its object idle, and that is all

  /** Makes a pool without keys; {@link #start} brings it to life. The caller keeps the handlers. */
  public PoolCore(Settings<T> settings, Handlers<String, T> handlers, int minimum, int maximum) {
    this(settings, new Source<>("", handlers), null, minimum, maximum);
  }

  /** Makes a key's share of a pool. */
  PoolCore(Settings<T> settings, Source<?, T> source, @Nullable KeyedCore<?, T> keys, int minimum, int maximum) {
    this.settings = settings;
    this.source = source;
    this.keys = keys;
    this.counters = new Counters(keys == null ? null : keys.counters);
    this.callbacks = new Callbacks<>(settings, source, counters);
    this.errands = keys == null ? new Errands(settings) : keys.errands;
    this.sites = new SiteSampler(settings.sampleOneIn(), keys == null ? null : keys.sites);
    this.guarded = source.validates || settings.ageNanos() != Settings.NEVER;
    this.simple = keys == null && !source.resets;
    this.slots = new Slots<>(this, guarded, minimum, maximum);
    this.hints = guarded ? null : slots.hints();
    this.waiting = new Waiting<>(this);
    this.surplus = new Surplus<>(this);
    this.upkeep = new Upkeep<>(this);
  }

  /**
   * Announces the pool, has the reaper look after it, and has it closed when the user's pool was dropped. Without it, which is for tests, only
   * calls to {@link #upkeep} do anything by themselves.
   *
   * @param front the user's pool, which nothing here holds
   * @param user a class of the user's code
   */
  public void start(Object front, Class<?> user) {
    PoolContainer container = new PoolContainer(settings.name(), settings.creationSite(), this::stats,
        () -> "size " + slots.minimum() + " to " + slots.maximum(), null);
    presence.start(upkeep, container, settings, front, user, this::closeNow);
  }

  // ---- acquire

  /** Returns a lease of an object that is idle and good, or null. */
  public @Nullable PooledLease<T> acquireIdle() throws InterruptedException {
    if ((line.signs() & Line.BARRED) != 0) {
      return null;
    }
    if (hints != null) { // what Slots does first, a few references nearer
      Slot<T> first = Hints.first(hints, Hints.stripe());
      PooledLease<T> lease = first == null ? null : first.idle2leased();
      if (lease != null) {
        return lease;
      }
    }
    PooledLease<T> lease = slots.claimIdle();
    return lease == null || !guarded ? lease : admit(lease);
  }

  /** Returns a lease without waiting for other holders, or null. */
  public @Nullable PooledLease<T> tryAcquire() throws InterruptedException {
    PooledLease<T> lease = claim();
    if (lease == null && line.isClosed()) {
      throw closed();
    }
    return lease == null ? null : admit(lease);
  }

  /** Returns a lease, and waits for one for so many nanoseconds at most. */
  public Lease<T> acquire(long nanos) throws InterruptedException {
    return Objects.requireNonNull(acquireUnlessGone(nanos));
  }

  /** Returns a lease, or null if this is the share of a key that is gone. */
  @Nullable PooledLease<T> acquireUnlessGone(long nanos) throws InterruptedException {
    PooledLease<T> lease = claim();
    for (int pauses = FIRST_PAUSES; lease == null && pauses <= LAST_PAUSES && nanos > 0 && keys == null && line.signs() == 0; pauses *= 2) {
      for (int i = 0; i < pauses; i++) {
        Thread.onSpinWait();
      }
      lease = claim();
    }
    if (lease == null) {
      lease = waiting.await(nanos);
    }
    return lease == null ? null : admit(lease);
  }

  /** Claims an idle object, or else an empty slot and the permit to open an object in it, unless others are first. */
  private @Nullable PooledLease<T> claim() {
    if ((line.signs() & Line.BARRED) != 0) {
      return null;
    }
    PooledLease<T> lease = slots.claimIdle();
    return lease != null ? lease : slots.claimEmpty(keys == null ? 0 : System.nanoTime()); // the clock costs as much as a claim
  }

  @Nullable PooledLease<T> claimAsHead(long since) {
    PooledLease<T> lease = slots.claimIdle();
    return lease != null ? lease : slots.claimEmpty(since);
  }

  /** Puts a claimed lease in force, which may need an object to be checked, or replaced, or opened. */
  private PooledLease<T> admit(PooledLease<T> lease) throws InterruptedException {
    Slot<T> slot = lease.slot();
    if (slot.isHeldBy(lease)) {
      return lease;
    }
    boolean inForce = false;
    try {
      makeReady(slot);
      slot.busy2leased(lease);
      inForce = true;
    } finally {
      if (!inForce) { // whatever was thrown: the slot is empty and its permit free before the caller is told
        slot.adrift = true;
        retire(slot);
      }
    }
    slot.begin(lease);
    if (line.isClosed()) {
      lease.close();
      throw closed();
    }
    return lease;
  }

  /** Sees to it that there is a good object in a busy slot. */
  private void makeReady(Slot<T> slot) throws InterruptedException {
    @Nullable T object = slot.object();
    if (object != null && ((settings.ageNanos() != Settings.NEVER && now() - slot.deadline() >= 0) || !callbacks.isValid(object))) {
      Headroom.need();
      disposeIn(slot);
      object = null;
    }
    if (object == null) {
      if (line.isClosed()) { // by the validator, say
        throw closed();
      }
      open(slot);
    }
  }

  /** Opens an object in a busy slot. */
  private void open(Slot<T> slot) throws InterruptedException {
    slot.fill(callbacks.open());
    if (settings.ageNanos() != Settings.NEVER) {
      double share = 1 - settings.ageJitter() * ThreadLocalRandom.current().nextDouble();
      slot.deadline(now() + (long) (settings.ageNanos() * share));
    }
  }

  private long now() {
    return settings.ticker() == null ? CoarseClock.read() : settings.ticker().read();
  }

  /** Has all leases held weakly, because somebody waits for one that may have been dropped; returns all slots. */
  List<Slot<T>> watchAll() {
    long now = upkeep.now(); // not that of the last round: a lease would be overdue too early
    Slot<T>[] all = slots.all();
    for (Slot<T> slot : all) {
      slot.watch(now);
    }
    return Arrays.asList(all);
  }

  // ---- give back

  void giveBack(PooledLease<T> lease) {
    Slot<T> slot = lease.slot();
    if (!simple) {
      giveBackWithCare(slot, lease.stamp);
      return;
    }
    slot.leased2idle(lease);
    if (line.signs() != 0) {
      VarHandle.fullFence(); // what was just closed comes before the look for the head, see Line
      returned(slot);
    }
  }

  private void giveBackWithCare(Slot<T> slot, long stamp) {
    if (!source.resets && !isUnwanted() && slot.leased2idle(stamp)) {
      returned(slot);
    } else if (slot.leased2busy(stamp)) {
      boolean idle = false;
      try {
        @Nullable T object = slot.object();
        if (object != null && !isUnwanted() && callbacks.reset(object)) {
          slot.busy2idle();
          idle = true;
        }
      } finally {
        if (!idle) {
          slot.adrift = true;
          retire(slot);
        }
      }
      if (idle) {
        returned(slot);
      }
    }
  }

  /** Looks after a slot that has just become idle. */
  private void returned(Slot<T> slot) {
    if (isUnwanted() && slot.idle2busy()) {
      slot.adrift = true;
      retire(slot);
    } else {
      somethingIsThere();
    }
  }

  /** Returns whether an object that is idle has to go. */
  boolean isUnwanted() {
    int signs = line.signs();
    return (signs & Line.CLOSED) != 0 || ((signs & Line.EXCESS) != 0 && slots.isOverfull())
        || (keys != null && keys.total.isPressing() && (keys.total.isOverfull() || keys.total.isOwedToOthers(line)));
  }

  private void somethingIsThere() {
    if ((line.signs() & Line.WAITING) != 0) {
      line.signalHead();
    }
    if (keys != null) {
      keys.total.signalFirst();
    }
  }

  /** Disposes of the object in a busy slot that its owner has set adrift, and frees its permit afterwards. */
  void retire(Slot<T> slot) {
    Headroom.need();
    if (slot.adopt()) {
      retireOwn(slot);
    }
  }

  private void retireOwn(Slot<T> slot) {
    try {
      disposeIn(slot);
    } finally {
      vacate(slot);
    }
  }

  private void disposeIn(Slot<T> slot) {
    @Nullable T object = slot.object();
    slot.object(null);
    callbacks.dispose(object);
  }

  /** Disposes of an object that has left its place. */
  void disposeOwed(@Nullable T object) {
    try {
      callbacks.dispose(object);
    } finally {
      errands.paid();
      if (keys != null) {
        keys.endIfEmpty();
      } else if (line.isClosed() && slots.live() == 0) {
        drained();
      }
    }
  }

  /** Retires a busy slot on the executor. */
  void retireLater(Slot<T> slot) {
    slots.leaves();
    errands.hand(() -> {
      try {
        retireOwn(slot);
      } finally {
        slots.left();
      }
    });
  }

  /** Disposes of the object in a busy slot for the sake of another key, which gets its permit for the whole pool. */
  void evict(Slot<T> slot) {
    try {
      disposeIn(slot);
    } finally {
      freed(slots.free(slot));
    }
  }

  /** Busy to empty, if a slot was found for the permit, and that is free again. */
  void vacate(@Nullable Slot<T> slot) {
    int left = slots.free(slot);
    if (keys != null) {
      keys.giveRoom();
    }
    freed(left);
  }

  private void freed(int left) {
    int signs = line.signs();
    surplus.lowerSign();
    somethingIsThere();
    if (left == 0 && (signs & Line.CLOSED) != 0) {
      drained();
    } else if (left == 0 && keys != null) {
      keys.goes(this);
    }
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

  // ---- size

  /** Opens objects until the minimum is there; runs on the executor. Returns false if the opener failed. */
  boolean refill() {
    while (!line.isClosed() && source.isThere()) {
      Slot<T> slot = slots.claimToRefill();
      if (slot == null) {
        return true;
      }
      try {
        open(slot);
      } catch (Throwable e) {
        retireOwn(slot);
        Throwable cause = e instanceof OpenFailedException ? Objects.requireNonNullElse(e.getCause(), e) : e;
        callbacks.report("opener", "to keep the minimum of " + slots.minimum() + "; tried again in a while", cause);
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
    surplus.sweep(() -> {
      bound(newMinimum, newMaximum);
      surplus.retireExcess();
    });
    presence.wake();
  }

  /** Sets both bounds, and disposes of nothing yet. */
  void bound(int newMinimum, int newMaximum) {
    if (slots.resize(newMinimum, newMaximum)) {
      line.raise(Line.EXCESS);
    }
    line.signalHead();
  }

  // ---- close

  /** Closes the pool, and waits until the last object is gone, for so many nanoseconds at most; returns whether it is. */
  public boolean close(long nanos) throws InterruptedException {
    closeNow();
    return presence.await(this::isEmpty, nanos);
  }

  /** Closes the pool without waiting. */
  public void closeNow() {
    surplus.sweep(() -> {
      if (shut()) {
        presence.closed(this);
        surplus.retireUnwanted();
      }
    });
    endIfEmpty();
  }

  /** Has nobody get a lease any more, and all who wait told so; returns false if that was done before. */
  boolean shut() {
    if (!line.raise(Line.CLOSED)) {
      return false;
    }
    line.wakeAll();
    return true;
  }

  private boolean isEmpty() {
    return slots.live() == 0 && errands.areDone(); // in this order, see TakeBack
  }

  /** Ends a pool that is shut, unless there are objects left. */
  void endIfEmpty() {
    if (slots.live() == 0) {
      drained();
    } else {
      presence.wake(); // for what was given back at this moment, see Line
    }
  }

  /** The last object of a closed pool is gone. May be called more than once. */
  private void drained() {
    if (keys != null) {
      keys.drained(this);
    } else if (errands.areDone()) { // else the last of them calls this again
      presence.end();
    }
  }

  public boolean isClosed() {
    return line.isClosed();
  }

  IllegalStateException closed() {
    return new IllegalStateException(name() + ": this pool is closed; acquire before it is closed, or build a new one");
  }

  // ---- figures

  /** Returns the figures of now. */
  public PoolStats stats() {
    int idle = slots.idle();
    int live = slots.live();
    int shownIdle = Math.min(idle, live); // they were not counted at one instant
    return new PoolStats(live - shownIdle, shownIdle, line.length(), slots.minimum(), slots.maximum(), slots.turns(), counters.waits.sum(),
        counters.timeouts.sum(), counters.opened.sum(), counters.openFailures.sum(), counters.disposed.sum(), counters.leaked.sum(),
        counters.overdue.sum());
  }

  public String name() {
    return settings.name();
  }

  Object key() {
    return source.key;
  }

  /** Called by the upkeep once a round, for what concerns the whole pool. */
  void round() {
    if (keys == null) {
      presence.look(settings, () -> slots.objects(DropWatch.OBJECTS), slots::needUpkeep);
      errands.handAgain();
    }
  }

  boolean isThere() {
    return source.isThere();
  }

  /** Does one round of the upkeep, as the reaper does; for tests, and only where the reaper does not. */
  long upkeep(long nanoTime) {
    return upkeep.work(nanoTime);
  }
}
