package leaksafe.cache.internal;

import java.util.concurrent.atomic.AtomicBoolean;
import leaksafe.RemovalCause;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to replace a stale value by a new one. It ends once: with a value, with a failure, or, whatever its thread does then, when
 * its time is up.
 *
 * <p>What it loaded is stored if the value is still the one that was stale. Else it leaves before it came, and the removal listener is told
 * so: it may have to be closed.
 */
final class Reload<K, V, N> implements Runnable {
  private final Refresher<K, V, N> refresher;
  private final SegmentedCache<K, V, N> cache;
  private final Segment<K, V, N> segment;
  private final K key;
  private final int hash;
  private final long begun;
  private final AtomicBoolean ended = new AtomicBoolean();
  private volatile @Nullable N node; // null when it ended: a thread that hangs for ever must not keep the entry

  Reload(Refresher<K, V, N> refresher, Segment<K, V, N> segment, N node, K key, int hash, long begun) {
    this.refresher = refresher;
    this.cache = refresher.cache;
    this.segment = segment;
    this.node = node;
    this.key = key;
    this.hash = hash;
    this.begun = begun;
  }

  /** The key of a reload, as the cache compares keys: there is one reload for a key at a time, even if its entry was replaced meanwhile. */
  static final class Id<K> {
    private final Structure<K, ?, ?> cache;
    private final K key;
    private final int hash;

    Id(Structure<K, ?, ?> cache, K key, int hash) {
      this.cache = cache;
      this.key = key;
      this.hash = hash;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Id<?> that && that.cache == cache && that.hash == hash && sameKey(that);
    }

    @SuppressWarnings("unchecked") // of the same cache
    private boolean sameKey(Id<?> that) {
      return cache.sameKey(key, (K) that.key);
    }

    @Override
    public int hashCode() {
      return hash;
    }
  }

  Id<K> id() {
    return new Id<>(cache, key, hash);
  }

  /** Loads. Runs on the executor, or on the thread of a reader if that is what the executor does; never under a lock. */
  @Override
  public void run() {
    if (ended.get()) {
      return; // it waited for a thread for too long
    }
    long start = cache.counters == null ? 0 : System.nanoTime();
    V value = null;
    boolean loaded = false;
    try {
      value = refresher.load(key);
      loaded = true;
      finish(value);
    } catch (Throwable e) {
      fail(e, false);
      if (loaded && value != null) {
        leave(value, RemovalCause.REPLACED); // a weigher, an expiry or the groups failed
      }
    } finally {
      if (cache.counters != null) {
        (value != null ? cache.counters.loads : cache.counters.failedLoads).increment();
        cache.counters.loadNanos.add(System.nanoTime() - start);
      }
    }
  }

  /** Stores the value, null to remove the entry. */
  private void finish(@Nullable V value) {
    int weight = value == null ? 0 : cache.writes.weigh(key, value);
    Object[] groups = value == null ? null : cache.groupsOf(key, value);
    long now = cache.now();
    long lifetime = value == null ? 0 : refresher.expiration.lifetime(key, value, now, cache.writes.liveDeadline(key, hash, now));
    N stale = node;
    if (stale == null || !ended.compareAndSet(false, true)) {
      leave(value, RemovalCause.EXPIRED);
      return;
    }
    node = null;
    refresher.ended(this);
    try {
      for (int attempt = 0; !store(stale, value, weight, groups, now, lifetime, attempt); attempt++) {
        cache.writes.evictElsewhere(hash, weight, now);
      }
    } finally {
      cache.layout.extras(stale).release(this); // unless the write did
    }
  }

  /** Returns false if room must be made elsewhere first. */
  private boolean store(N stale, @Nullable V value, int weight, Object @Nullable [] groups, long now, long lifetime, int attempt) {
    segment.lock();
    try {
      Object seen = cache.layout.valueAcquire(stale);
      // A node that was removed has no value, nor has one that is being computed. A node that was written anew has forgotten us.
      if (seen == null || !cache.layout.extras(stale).isReloadedBy(this) || segment.removeIfDead(stale, now)) {
        tell(value, RemovalCause.REPLACED);
        return true;
      }
      if (value == null) {
        segment.remove(stale, RemovalCause.EXPLICIT);
        return true;
      }
      return cache.writes.write(segment, stale, seen, key, hash, value, weight, groups, now, lifetime, attempt) == Writes.Outcome.DONE;
    } finally {
      segment.unlockAndTell();
    }
  }

  private void leave(@Nullable V value, RemovalCause cause) {
    segment.lock();
    try {
      tell(value, cause);
    } finally {
      segment.unlockAndTell();
    }
  }

  /** Has the removal listener told of a value that was not stored, unless it is the very object that the key has anyway. */
  private void tell(@Nullable V value, RemovalCause cause) {
    if (value != null) {
      N current = segment.find(key, hash);
      if (current == null || segment.liveValue(current, cache.now()) != value) {
        segment.gone(key, value, cause);
      }
    }
  }

  /** Ends the reload without a value, and has it tried again later. {@code onReaper} if no users' code may run on this thread. */
  void fail(Throwable cause, boolean onReaper) {
    N stale = node;
    if (stale == null || !ended.compareAndSet(false, true)) {
      if (!onReaper) { // else it has just ended by itself, and there was nothing to give up
        refresher.report(key, cause, false); // too late, but not to be swallowed
      }
      return;
    }
    node = null;
    refresher.ended(this);
    segment.lock();
    try {
      Extras<N> extras = cache.layout.extras(stale);
      if (extras.isReloadedBy(this)) {
        extras.refreshAt = refresher.retryAt(cache.now());
        extras.release(this);
      }
    } finally {
      if (onReaper) {
        segment.unlockAndTellLater();
      } else {
        segment.unlockAndTell();
      }
    }
    refresher.report(key, cause, onReaper);
  }

  /** Returns when the reload began, on the cache's clock. */
  long begun() {
    return begun;
  }
}
