package leaksafe.pool.internal;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import leaksafe.Failure;
import leaksafe.Lease;
import leaksafe.internal.Cut;
import leaksafe.internal.Reaper;
import leaksafe.internal.Reports;
import leaksafe.pool.PoolStats;
import org.jspecify.annotations.Nullable;

/**
 * A pool with keys: a {@link PoolCore} for each key that has objects or waiters, and the {@link Total} that they share.
 *
 * <p><b>Keys come and go.</b> A key's share is made when it is first asked for, and goes when its last object does and nobody waits. Whoever
 * finds a share gone looks for the key anew. So there are never more keys than objects and acquiring threads together.
 *
 * <p><b>Eviction.</b> Where the whole pool is full, the acquiring thread disposes of the object that has lain idle for longest among the
 * other keys, and takes over its permit, unless that key's own waiters have waited longer.
 *
 * <p><b>One lock</b> is held while it is decided who gets permits for another object, which idle object gives way, and whether a key goes. An
 * opener takes much longer than that. The object that gives way is disposed of after it.
 */
public final class KeyedCore<K, T> implements Reaper.Client {
  private static final long RESTING_INTERVAL = TimeUnit.SECONDS.toNanos(1);
  private static final int OBJECTS_A_SLICE = 4096;
  private static final int LONGEST_KEY = 100;

  final Settings<T> settings;
  final Counters counters = new Counters(null);
  final Total total;
  final SiteSampler sites;
  final Surplus.Sweeps sweeps = new Surplus.Sweeps();
  final Errands errands;
  private final ConcurrentMap<K, PoolCore<T>> shares = new ConcurrentHashMap<>();
  private final Presence presence = new Presence();
  final ReentrantLock deciding = new ReentrantLock(); // inside it only a line's lock is taken, for a moment
  private final Victims<T> victims = new Victims<>(); // guarded by the lock above
  private final ReentrantLock resizing = new ReentrantLock(); // who resizes sets all bounds before the next does; others' locks inside it
  private volatile int maximumPerKey;
  private volatile boolean closed;

  // The upkeep, on the reaper's thread alone.
  private @Nullable Iterator<PoolCore<T>> round;
  private long shortest;

  /** Makes the pool; {@link #start} brings it to life. */
  public KeyedCore(Settings<T> settings, int maximumPerKey, int maximum) {
    this.settings = settings;
    this.maximumPerKey = maximumPerKey;
    this.total = new Total(maximum);
    this.errands = new Errands(settings);
    this.sites = new SiteSampler(settings.sampleOneIn(), null);
  }

  /** As {@link PoolCore#start}. */
  public void start(Object front, Class<?> user) {
    PoolContainer container = new PoolContainer(settings.name(), settings.creationSite(), this::stats, this::boundText, shares::size);
    presence.start(this, container, settings, front, user, this::closeNow);
  }

  // ---- acquire

  /** Returns a lease of an object for the key, and waits for it for so many nanoseconds at most. The caller keeps the handlers. */
  public Lease<T> acquire(Handlers<K, T> handlers, K key, long nanos) throws InterruptedException {
    while (true) {
      PoolCore<T> share = share(handlers, key);
      PooledLease<T> lease = null;
      try {
        lease = share.acquireIdle();
        if (lease == null) {
          lease = share.acquireUnlessGone(nanos);
        }
      } finally {
        if (lease == null) {
          goes(share); // lest a key stay for which nothing could be had
        }
      }
      if (lease != null) {
        return lease;
      }
      Thread.onSpinWait(); // the share is about to leave the map
    }
  }

  /** Returns a lease without waiting for other holders, or null. The caller keeps the handlers. */
  public @Nullable Lease<T> tryAcquire(Handlers<K, T> handlers, K key) throws InterruptedException {
    while (true) {
      PoolCore<T> share = share(handlers, key);
      PooledLease<T> lease = null;
      boolean gone;
      try {
        lease = share.tryAcquire();
        gone = lease == null && share.line.isGone(); // for good: if the claim failed for that, it is seen here
      } finally {
        if (lease == null) {
          goes(share); // as above
        }
      }
      if (!gone) {
        return lease;
      }
      Thread.onSpinWait(); // as above
    }
  }

  private PoolCore<T> share(Handlers<K, T> handlers, K key) {
    PoolCore<T> share = shares.get(key);
    return share != null ? share : newShare(handlers, key);
  }

  private PoolCore<T> newShare(Handlers<K, T> handlers, K key) {
    if (closed) {
      throw closed();
    }
    PoolCore<T> fresh = new PoolCore<>(settings, new Source<>(key, handlers), this, 0, maximumPerKey);
    PoolCore<T> before = shares.putIfAbsent(key, fresh);
    if (before != null) {
      return before;
    }
    // Both were written before the shares were visited, so either the visit or we see to the fresh one.
    if (closed) {
      fresh.closeNow();
    } else if (fresh.slots.maximum() != maximumPerKey) {
      resizing.lock();
      try {
        fresh.bound(0, maximumPerKey);
      } finally {
        resizing.unlock();
      }
    }
    return fresh;
  }

  /** Has the share go if there is nothing in it and nobody at it; and leave the map, if it went before and its key failed then. */
  void goes(PoolCore<T> share) {
    if (share.slots.live() > 0) {
      return;
    }
    boolean went;
    deciding.lock();
    try {
      went = share.slots.live() == 0 && (share.line.isGone() || share.line.go());
    } finally {
      deciding.unlock();
    }
    if (went) {
      remove(share);
    }
  }

  /** Takes a share out of the map. If its key fails it stays, and who asks for the key next, or the upkeep, takes it out. */
  private void remove(PoolCore<T> share) {
    try {
      if (shares.remove(share.key(), share)) {
        counters.acquiredBefore.add(share.slots.turns());
      }
    } catch (Throwable e) {
      Reports.tell(settings.failureListener(), new Failure(name(), "key", "its hashCode or equals, when its last object had gone", e));
    }
  }

  // ---- room in the whole pool

  /**
   * Takes the permits for another object, the key's and that of the whole pool, for a thread that waits since then; if need be by evicting an
   * idle object of another key. Takes both or none: nobody is refused for want of a permit that somebody else is about to give back.
   */
  boolean takePermits(PoolCore<T> share, long since) {
    while (true) {
      Slot<T> victim = null;
      boolean overfull = false;
      deciding.lock();
      try {
        if (share.line.isGone() || share.slots.isFull()) {
          return false;
        }
        if (!total.take(since)) {
          victim = claimVictim(share, since);
          if (victim == null) {
            return false;
          }
          overfull = total.isOverfull(); // then the victim's permit is nobody's
        }
        if (!overfull) {
          share.slots.addPermit();
        }
      } finally {
        deciding.unlock();
      }
      boolean served = false;
      try {
        if (victim != null) {
          victim.core.evict(victim);
        }
        served = !overfull;
        if (served) {
          return true;
        }
      } finally {
        if (overfull) {
          giveRoom();
        } else if (!served) {
          share.vacate(null);
        }
      }
    }
  }

  void giveRoom() {
    total.give();
    endIfEmpty();
  }

  /** Returns a slot of another key, busy now, whose object has to give way; or null. */
  private @Nullable Slot<T> claimVictim(PoolCore<T> share, long since) {
    if (total.isOwedToOthers(since)) {
      return null;
    }
    return victims.claim(shares.values(), share, since);
  }

  // ---- upkeep

  @Override
  public long work(long nanoTime) {
    Iterator<PoolCore<T>> iterator = round;
    if (iterator == null) {
      presence.look(settings, this::objects, () -> shares.values().stream().anyMatch(share -> share.slots.needUpkeep()));
      errands.handAgain();
      sites.renewBudget();
      deciding.lock();
      try {
        victims.forget();
      } finally {
        deciding.unlock();
      }
      iterator = shares.values().iterator();
      round = iterator;
      shortest = RESTING_INTERVAL;
    }
    for (int seen = 0; seen < OBJECTS_A_SLICE; ) {
      if (!iterator.hasNext()) {
        round = null;
        return shortest;
      }
      PoolCore<T> share = iterator.next();
      long next = share.upkeep.work(nanoTime);
      while (next <= 0) {
        next = share.upkeep.work(nanoTime);
      }
      shortest = Math.min(shortest, next);
      seen += share.slots.all().length;
      goes(share); // what a failing equals, say, has left behind
    }
    return 0;
  }

  private List<Object> objects() {
    List<Object> objects = new ArrayList<>();
    for (Map.Entry<K, PoolCore<T>> entry : shares.entrySet()) {
      if (objects.size() >= DropWatch.OBJECTS) {
        break;
      }
      objects.add(entry.getKey());
      objects.addAll(entry.getValue().slots.objects(1));
    }
    return objects;
  }

  // ---- size and end

  /** Sets both bounds. Idle objects above them are disposed of by this thread, leased ones when they come back. */
  public void resize(int newMaximumPerKey, int newMaximum) {
    if (closed) {
      throw closed();
    }
    sweeps.run(() -> {
      bound(newMaximumPerKey, newMaximum);
      // First each key, then all of them: what a key has to give up may be enough.
      shares.values().forEach(share -> share.surplus.retireExcess());
      if (total.isOverfull()) {
        shares.values().forEach(share -> share.surplus.retireUnwanted());
      }
    });
  }

  private void bound(int newMaximumPerKey, int newMaximum) {
    resizing.lock();
    try {
      maximumPerKey = newMaximumPerKey;
      total.maximum(newMaximum);
      shares.values().forEach(share -> share.bound(0, newMaximumPerKey));
    } finally {
      resizing.unlock();
    }
  }

  /** Disposes of the idle objects of a key. */
  public void clear(K key) {
    PoolCore<T> share = shares.get(key);
    if (share != null) {
      share.surplus.retireIdle();
    }
  }

  /** As {@link PoolCore#close}. */
  public boolean close(long nanos) throws InterruptedException {
    closeNow();
    return presence.await(this::isEmpty, nanos);
  }

  /** Closes the pool without waiting: first all keys, then objects go. Else who waits would wait for the disposer, and the disposer could acquire. */
  public void closeNow() {
    sweeps.run(() -> {
      closed = true; // volatile: before the shares are visited, see newShare()
      shares.values().forEach(PoolCore::shut);
      presence.closed(this);
      shares.values().forEach(share -> {
        share.surplus.retireUnwanted();
        share.endIfEmpty();
      });
    });
    endIfEmpty();
    presence.wake(); // for what was given back at this moment, see Line
  }

  private boolean isEmpty() {
    return total.taken() == 0 && errands.areDone(); // in this order, see TakeBack
  }

  /** Ends a pool that is closed and has no object any more. */
  void endIfEmpty() {
    if (closed && isEmpty()) {
      presence.end();
    }
  }

  /** A closed share has no object any more. */
  void drained(PoolCore<T> share) {
    remove(share);
  }

  public boolean isClosed() {
    return closed;
  }

  private IllegalStateException closed() {
    return new IllegalStateException(name() + ": this pool is closed; acquire before it is closed, or build a new one");
  }

  // ---- figures

  public String name() {
    return settings.name();
  }

  /** Returns how many keys there are now. */
  public int keys() {
    return shares.size();
  }

  /** Returns the figures of a key, or null if it has neither objects nor waiters. */
  public @Nullable PoolStats stats(K key) {
    PoolCore<T> share = shares.get(key);
    return share == null ? null : share.stats();
  }

  /** Returns the figures of all keys. */
  public PoolStats stats() {
    int idle = 0;
    int waiting = 0;
    long acquired = counters.acquiredBefore.sum();
    for (PoolCore<T> share : shares.values()) {
      idle += share.slots.idle();
      waiting += share.line.length();
      acquired += share.slots.turns();
    }
    int live = total.taken();
    int shownIdle = Math.min(idle, live); // they were not counted at one instant
    return new PoolStats(live - shownIdle, shownIdle, waiting, 0, total.maximum(), acquired, counters.waits.sum(), counters.timeouts.sum(),
        counters.opened.sum(), counters.openFailures.sum(), counters.disposed.sum(), counters.leaked.sum(), counters.overdue.sum());
  }

  private String boundText() {
    return "maximumPerKey " + maximumPerKey + ", maximumTotal " + total.maximum();
  }

  /** Has the leases of all keys held weakly, and returns all slots. */
  List<Slot<T>> watchAll() {
    List<Slot<T>> all = new ArrayList<>();
    for (PoolCore<T> share : shares.values()) {
      all.addAll(share.watchAll());
    }
    return all;
  }

  /** Says for which key something was not to be had, and how full the whole pool is. */
  String describe(Object key) {
    return " for key " + text(key) + " with " + total.taken() + " of at most " + total.maximum() + " objects in all";
  }

  private static String text(Object key) {
    try {
      return Cut.at(LONGEST_KEY, "" + key); // even if its text is null
    } catch (Throwable e) {
      return "a " + key.getClass().getName() + " whose toString fails with " + e.getClass().getName();
    }
  }
}
