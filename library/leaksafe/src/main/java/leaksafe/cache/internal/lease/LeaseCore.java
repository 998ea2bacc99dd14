package leaksafe.cache.internal.lease;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import leaksafe.AcquireTimeoutException;
import leaksafe.Lease;
import leaksafe.cache.LeaseCache;
import leaksafe.cache.LeaseCache.Opener;
import leaksafe.cache.LeaseCacheStats;
import leaksafe.internal.CoarseClock;
import leaksafe.internal.Reaper;
import org.jspecify.annotations.Nullable;

/** The lease cache itself: finds or opens a value, leases it, and sees to its end. See the package for why it works. */
public final class LeaseCore<K, V> implements Reaper.Client {
  private final LeaseSettings<V> settings;
  private final LeaseCallbacks<V> callbacks;
  private final ConcurrentHashMap<K, Held<K, V>> map = new ConcurrentHashMap<>(); // bounded by the room, and by the threads that wait
  private final Order<K, V> order = new Order<>();
  private final Room room;
  private final Leases<K, V> leases;
  private final boolean timed;
  private final Lifespan life;
  private final Sweep<K, V> sweep;

  private final LongAdder opened = new LongAdder();
  private final LongAdder openFailures = new LongAdder();
  private final LongAdder closings = new LongAdder();
  private final LongAdder evictions = new LongAdder();
  private final LongAdder expirations = new LongAdder();
  private final LongAdder timeouts = new LongAdder();

  /** Makes the cache; it is to be {@linkplain #start started}. */
  public LeaseCore(LeaseSettings<V> settings) {
    this.settings = settings;
    this.callbacks = new LeaseCallbacks<>(settings);
    this.room = new Room(settings.maximumOpen());
    this.timed = settings.isTimed();
    this.leases = new Leases<>(this, callbacks, order, settings.sampleOneIn());
    this.sweep = new Sweep<>(this, settings, map.values());
    this.life = new Lifespan(new LeaseContainer(settings.name(), settings.creationSite(), settings.bound(), this::stats, room::open));
  }

  /**
   * Makes it known, has the reaper find what expires and what is dropped, and has it closed when the user's cache was dropped.
   *
   * @param front the user's cache, which nothing here holds
   */
  public void start(Object front) {
    LeaseCache.Closer<? super V> closer = settings.closer();
    life.begin(DropWatch.over(front, this, closer == null ? null : closer.getClass()), () -> Reaper.register(this, settings.ticker() == null));
  }

  // ---- acquiring ----

  /** See {@link leaksafe.cache.LeaseCache#acquire}. */
  public <X extends Exception> Lease<V> acquire(K key, Opener<? super K, ? extends V, X> opener, long timeout)
      throws X, InterruptedException {
    Lease<V> lease = acquireIfPresent(key);
    return lease != null ? lease : acquireSlowly(key, opener, timeout, System.nanoTime());
  }

  /** See {@link leaksafe.cache.LeaseCache#acquireIfPresent}. */
  public @Nullable Lease<V> acquireIfPresent(K key) {
    life.requireOpen();
    Held<K, V> held = map.get(key);
    if (held == null || !held.isReady() || isExpired(held)) {
      return null;
    }
    int count = held.tryLease();
    // One that was retired because another replaced it was replaced in the map before.
    return count > 0 ? leaseAgain(held, count) : map.get(key) == held ? null : acquireIfPresent(key);
  }

  private <X extends Exception> Lease<V> acquireSlowly(K key, Opener<? super K, ? extends V, X> opener, long timeout, long start)
      throws X, InterruptedException {
    while (true) {
      life.requireOpen();
      Held<K, V> held = map.get(key);
      if (held == null) {
        Held<K, V> mine = new Held<>(this, key);
        held = map.putIfAbsent(key, mine);
        if (held == null) {
          return open(mine, opener, timeout, start);
        }
      }
      if (!held.isReady()) {
        awaitOpened(held, timeout, start);
      } else if (isExpired(held)) {
        expire(held, false);
      } else {
        int count = held.tryLease();
        if (count > 0) {
          return leaseAgain(held, count);
        }
        map.remove(key, held); // it was retired, and who did it will do so too
      }
    }
  }

  private void awaitOpened(Held<K, V> held, long timeout, long start) throws InterruptedException {
    if (held.isOpenedByCurrentThread()) {
      throw new IllegalStateException(
          name() + ": the opener of " + held.key + " acquires " + held.key + "; an opener must not need the value that it opens");
    }
    boolean inTime;
    try {
      inTime = held.awaitOpened(Math.max(0, timeout - (System.nanoTime() - start)));
    } catch (InterruptedException e) {
      throw interrupted(e, "another thread to open " + held.key, start);
    }
    if (!inTime) {
      timeouts.increment();
      throw new AcquireTimeoutException(name() + ": " + held.key + " was not opened within " + TimeUnit.NANOSECONDS.toMillis(timeout)
          + " ms by the thread that opens it" + situation());
    }
  }

  /** Opens the value that everybody who wants the key waits for. */
  private <X extends Exception> Lease<V> open(Held<K, V> mine, Opener<? super K, ? extends V, X> opener, long timeout, long start)
      throws X, InterruptedException {
    boolean room = false;
    boolean done = false;
    try {
      takeRoom(timeout, start);
      room = true;
      keep(mine, call(opener, mine.key));
      done = true;
    } finally {
      if (!done) {
        takeOutOfMap(mine);
        if (room) {
          giveRoomBack();
        }
      }
      mine.endOpening();
    }
    return leaseOf(mine, true);
  }

  /** Makes an opened value one of the cache's, or closes it if the ticker fails. */
  private void keep(Held<K, V> mine, V value) {
    boolean kept = false;
    try {
      long now = now();
      order.add(mine);
      mine.open(value, now);
      kept = true;
    } finally {
      if (!kept) {
        callbacks.close(value);
        closings.increment();
      }
    }
  }

  private <X extends Exception> V call(Opener<? super K, ? extends V, X> opener, K key) throws X {
    boolean done = false;
    try {
      V value = opener.open(key);
      if (value == null) {
        throw new NullPointerException(name() + ": the opener returned null for " + key + "; it must return an open value, or throw");
      }
      callbacks.requireCloseable(value);
      opened.increment();
      done = true;
      return value;
    } finally {
      if (!done) {
        openFailures.increment();
      }
    }
  }

  /** See {@link leaksafe.cache.LeaseCache#replace}. */
  public <X extends Exception> Lease<V> replace(K key, Opener<? super K, ? extends V, X> opener) throws X, InterruptedException {
    life.requireOpen();
    Held<K, V> mine = new Held<>(this, key);
    boolean done = false;
    takeRoom(settings.timeoutNanos(), System.nanoTime());
    try {
      keep(mine, call(opener, key));
      mine.endOpening();
      done = true;
    } finally {
      if (!done) {
        giveRoomBack();
      }
    }
    Held<K, V> before;
    try {
      before = map.put(key, mine);
    } catch (Throwable e) { // of the key: what was opened for it goes
      mine.retire();
      giveBack(mine);
      throw e;
    }
    if (before != null) {
      retire(before);
    }
    if (life.isClosed()) {
      retire(mine); // the closing may not have seen it
    }
    return leaseOf(mine, true);
  }

  private Lease<V> leaseAgain(Held<K, V> held, int count) {
    if (!held.used) { // racy, but harmless: see the package
      held.used = true;
    }
    return leaseOf(held, count == 1);
  }

  /** The caller has its share already. */
  private Lease<V> leaseOf(Held<K, V> held, boolean only) {
    boolean done = false;
    try {
      Lease<V> lease = leases.make(held, only);
      done = true;
      return lease;
    } finally {
      if (!done) {
        giveBack(held); // no memory, or no stack
      }
    }
  }

  // ---- room ----

  private void takeRoom(long timeout, long start) throws InterruptedException {
    if (!room.tryTake()) {
      room.lineUp();
      try {
        while (!room.takeNow()) {
          life.requireOpen();
          Held<K, V> victim = order.evict();
          if (victim != null) {
            evictions.increment();
            dispose(victim);
          } else if (room.take(Math.max(0, timeout - (System.nanoTime() - start)))) {
            break;
          } else {
            timeouts.increment();
            throw new AcquireTimeoutException(
                name() + ": no room for another value within " + TimeUnit.NANOSECONDS.toMillis(timeout) + " ms" + situation());
          }
        }
      } catch (InterruptedException e) {
        throw interrupted(e, "room for another value", start);
      } finally {
        room.leaveLine();
      }
    }
    if (life.isClosed()) { // after the room was taken, so that either we see the closing, or it sees the room taken and waits for us
      giveRoomBack();
      life.requireOpen();
    }
  }

  private void giveRoomBack() {
    if (room.giveBack() == 0 && life.isClosed()) {
      life.end();
    }
  }

  /** Says what the thread waited for that was interrupted, and for how long. */
  private InterruptedException interrupted(InterruptedException cause, String what, long start) {
    InterruptedException told = new InterruptedException(name() + ": interrupted while waiting for " + what + ", after "
        + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start) + " ms" + situation());
    told.initCause(cause);
    return told;
  }

  private String situation() {
    LeaseCacheStats now = stats();
    int leased = (int) map.values().stream().filter(Held::isLeased).count();
    return " (maximumOpen " + settings.maximumOpen() + ": " + now.open() + " open, " + now.idle() + " idle; " + leased + " in use by "
        + now.leases() + " leases; " + now.waiting() + " waiting)" + leases.oldest();
  }

  // ---- giving back ----

  /** A lease was closed. */
  void giveBack(Held<K, V> held) {
    if (release(held)) {
      dispose(held);
    }
  }

  /** A lease was dropped; on the reaper's thread. */
  void giveBackDropped(Held<K, V> held) {
    if (release(held)) {
      disposeLater(held);
    }
  }

  /** Gives a share back, and returns whether the caller has to dispose of the value. */
  private boolean release(Held<K, V> held) {
    if (settings.accessNanos() != LeaseSettings.NEVER) {
      try {
        held.usedAt(now());
      } catch (Throwable e) { // the share comes back all the same
        callbacks.tell("ticker", "when a lease was closed", e);
      }
    }
    switch (held.release()) {
      case CLOSE -> {
        return true;
      }
      case IDLE -> {
        // After the share was given back, see the package: either the one who waits sees the value idle, or we see it wait.
        boolean evicted = room.waiting() > 0 && held.evict();
        if (evicted) {
          evictions.increment();
        }
        return evicted;
      }
      default -> {
        return false;
      }
    }
  }

  // ---- the end of a value ----

  /** Has the value leased no more. */
  private void retire(Held<K, V> held) {
    if (held.retire()) {
      dispose(held);
    }
  }

  /** Takes the value out and closes it. Called once for each value: by the one who was told to. */
  private void dispose(Held<K, V> held) {
    takeOut(held);
    closeTakenOut(held);
  }

  private void disposeLater(Held<K, V> held) {
    takeOut(held);
    callbacks.handOver(() -> closeTakenOut(held));
  }

  private void takeOut(Held<K, V> held) {
    order.remove(held);
    takeOutOfMap(held);
  }

  /** Returns whether it was there. If the key fails it stays, and who asks for the key next takes it out. */
  private boolean takeOutOfMap(Held<K, V> held) {
    try {
      return map.remove(held.key, held);
    } catch (Throwable e) {
      callbacks.tell("key", "its hashCode or equals, when its value left", e);
      return false;
    }
  }

  private void closeTakenOut(Held<K, V> held) {
    try {
      callbacks.close(Objects.requireNonNull(held.value));
    } finally {
      held.value = null; // a lease that somebody keeps after its end keeps no value
      closings.increment();
      giveRoomBack();
    }
  }

  /** See {@link leaksafe.cache.LeaseCache#invalidate}. */
  public void invalidate(K key) {
    Held<K, V> held = map.remove(key);
    if (held != null) {
      retire(held);
    }
  }

  /** See {@link leaksafe.cache.LeaseCache#invalidateAll}. */
  public void invalidateAll() {
    for (Held<K, V> held : map.values()) {
      if (takeOutOfMap(held)) {
        retire(held);
      }
    }
  }

  // ---- time ----

  long now() {
    return settings.ticker() == null ? CoarseClock.read() : settings.ticker().read();
  }

  private boolean isExpired(Held<K, V> held) {
    return timed && settings.dueIn(held, now()) <= 0;
  }

  void expire(Held<K, V> held, boolean later) {
    if (takeOutOfMap(held)) {
      expirations.increment();
    }
    if (held.retire()) {
      if (later) {
        disposeLater(held);
      } else {
        dispose(held);
      }
    }
  }

  /** Sweeps a slice of the values, puts leases under watch, and looks whether the user's cache could be dropped. */
  @Override
  public long work(long nanoTime) {
    return Math.min(Math.min(sweep.next(nanoTime), leases.visit(nanoTime)), life.lookForDrop(nanoTime, this::whatIsLeft));
  }

  /** Returns what the user's class would hold of a cache that was dropped. */
  private List<@Nullable Object> whatIsLeft() {
    List<@Nullable Object> left = new ArrayList<>();
    Collections.addAll(left, settings.closer(), settings.failureListener(), settings.leakListener(), settings.executor(), settings.ticker());
    map.values().stream().limit(DropWatch.VALUES).filter(Held::isReady).forEach(held -> left.add(held.value));
    return left;
  }

  /** See {@link leaksafe.cache.LeaseCache#cleanUp}. */
  public void cleanUp() {
    for (Held<K, V> held : map.values()) {
      if (held.isReady() && isExpired(held)) {
        expire(held, false);
      }
    }
  }

  // ---- the end of the cache ----

  /** See {@link leaksafe.cache.LeaseCache#close()}. */
  public void closeNow() {
    if (!life.close()) {
      return;
    }
    for (Held<K, V> held : map.values()) {
      retire(held);
    }
    room.letAllGo();
    if (room.open() == 0) {
      life.end();
    }
  }

  /** The user's cache was dropped without having been closed; on the reaper's thread. */
  void abandoned() {
    if (!life.isClosed()) {
      callbacks.tellAbandoned(life.age(), this::closeNow);
    }
  }

  /** See {@link leaksafe.cache.LeaseCache#close(java.time.Duration)}. */
  public boolean close(long nanos) throws InterruptedException {
    closeNow();
    long start = System.nanoTime();
    try {
      return life.awaitEnd(nanos);
    } catch (InterruptedException e) {
      throw interrupted(e, "its last leases to be closed", start);
    }
  }

  // ---- figures ----

  /** Returns whether it is closed. */
  public boolean isClosed() {
    return life.isClosed();
  }

  Leases<K, V> leases() {
    return leases;
  }

  /** Returns the name. */
  public String name() {
    return settings.name();
  }

  /** Returns how long a thread waits unless told otherwise. */
  public long timeoutNanos() {
    return settings.timeoutNanos();
  }

  /** See {@link leaksafe.cache.LeaseCache#stats}. */
  public LeaseCacheStats stats() {
    int idle = (int) map.values().stream().filter(Held::isIdle).count();
    return new LeaseCacheStats(Math.min(settings.maximumOpen(), room.open()), idle, leases.count(), room.waiting(), opened.sum(),
        openFailures.sum(), closings.sum(), evictions.sum(), expirations.sum(), leases.leaked(), timeouts.sum());
  }
}
