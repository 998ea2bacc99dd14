package leaksafe.cache.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import leaksafe.Failure;
import leaksafe.internal.Reaper;
import org.jspecify.annotations.Nullable;

/**
 * Has stale values reloaded, one reload of a key at a time and at most {@value #MOST} at once, gives up those that take too long, and, where that
 * is wanted, looks for values that are stale and were read, so that nobody need ask for them.
 */
final class Refresher<K, V, N> implements Reaper.Client {
  /** How many reloads may be running or waiting for the executor. What is stale beyond that stays so until a later reader comes. */
  static final int MOST = 1024;

  private static final int BINS_A_SLICE = 1024; // under one lock
  private static final int SLICES_A_CALL = 16;
  private static final int SHARE = 10; // of the time after which a value is stale: how late a search may be, and a retry comes
  private static final long SHORTEST = TimeUnit.MILLISECONDS.toNanos(10);
  private static final long LONGEST = TimeUnit.SECONDS.toNanos(10);
  private static final long POLL = TimeUnit.MILLISECONDS.toNanos(50); // where the time may be moved by hand

  final SegmentedCache<K, V, N> cache;
  final Expiration<K, V> expiration;
  private final Function<? super K, ? extends @Nullable V> reloader;
  private final long refresh;
  private final long timeout;
  private final boolean hot;
  private final boolean coarse;
  private final boolean ticked;
  private final @Nullable Executor executor;
  private final Map<Reload.Id<K>, Reload<K, V, N>> running = new ConcurrentHashMap<>();
  private Reaper.@Nullable Registration registration;
  private volatile boolean asleep; // nobody calls unless woken; each side first writes its own and then reads the other's

  // Where the search is; the reaper's thread only.
  private int segment;
  private int bin;
  private long searchAt;

  @SuppressWarnings("unchecked") // the builder saw to it
  Refresher(SegmentedCache<K, V, N> cache, Settings settings, Expiration<K, V> expiration) {
    this.cache = cache;
    this.expiration = expiration;
    this.reloader = (Function<? super K, ? extends @Nullable V>) Objects.requireNonNull(settings.reloader);
    this.refresh = Objects.requireNonNull(settings.refreshNanos);
    this.timeout = settings.refreshTimeoutNanos != null ? settings.refreshTimeoutNanos : Settings.REFRESH_TIMEOUT_NANOS;
    this.hot = settings.refreshHot;
    this.coarse = expiration.isCoarse();
    this.ticked = settings.ticker != null;
    this.executor = settings.executor;
  }

  void register() {
    registration = Reaper.register(this, coarse);
  }

  /** Starts a reload of a stale value, unless there is one or another thread was faster. Not under a lock. */
  void reload(Segment<K, V, N> segment, N node, K key, long now, boolean byReader) {
    if (inFlight() >= MOST) {
      return;
    }
    Reload<K, V, N> reload = new Reload<>(this, segment, node, key, cache.hash(key), now);
    Extras<N> extras = cache.layout.extras(node);
    if (!extras.claim(reload)) {
      return;
    }
    // Looks again: the value may have been written between. And an earlier reload of the key, for a value that is gone, may be running still.
    if (extras.refreshAt > now || running.putIfAbsent(reload.id(), reload) != null) {
      extras.release(reload);
      return;
    }
    if (asleep && registration != null) {
      asleep = false;
      registration.wake();
    }
    if (executor == null) {
      Reaper.userCodeExecutor().execute(reload);
    } else if (byReader) {
      submit(executor, reload);
    } else {
      Reaper.userCodeExecutor().execute(() -> submit(executor, reload)); // an executor is users' code, too
    }
  }

  private static void submit(Executor executor, Reload<?, ?, ?> reload) {
    try {
      executor.execute(reload);
    } catch (Throwable e) {
      reload.fail(e, false);
    }
  }

  @Nullable V load(K key) {
    return reloader.apply(key);
  }

  void ended(Reload<K, V, N> reload) {
    running.remove(reload.id(), reload);
  }

  /** Returns how many reloads are running or waiting for the executor. */
  int inFlight() {
    return running.size();
  }

  long retryAt(long now) {
    return now + Math.max(1, refresh / SHARE);
  }

  void report(K key, Throwable cause, boolean onReaper) {
    if (onReaper) {
      Reaper.userCodeExecutor().execute(() -> report(key, cause, false));
    } else {
      cache.report(new Failure(cache.name(), "reloader", "the old value of " + text(key) + " is kept", cause));
    }
  }

  private static String text(Object key) {
    try {
      String text = String.valueOf(key);
      return text.length() > 80 ? text.substring(0, 80) + "…" : text;
    } catch (RuntimeException e) {
      return "a key of " + key.getClass().getName();
    }
  }

  @Override
  public long work(long nanoTime) {
    long now = cache.now();
    giveUp(now);
    if (hot && now >= searchAt) {
      if (!search(now)) {
        return 0;
      }
      searchAt = now + interval();
    }
    long next = hot ? interval() : Long.MAX_VALUE;
    asleep = !hot;
    if (!running.isEmpty()) {
      asleep = false;
      next = Math.min(next, Math.max(SHORTEST, Math.min(timeout / 4, LONGEST)));
    }
    return ticked && next != Long.MAX_VALUE ? Math.min(next, POLL) : next;
  }

  private long interval() {
    return ticked ? 1 : Math.max(SHORTEST, Math.min(refresh / SHARE, LONGEST));
  }

  private void giveUp(long now) {
    for (Reload<K, V, N> reload : running.values()) {
      if (now - reload.begun() >= timeout) {
        reload.fail(new TimeoutException("no value within " + Duration.ofNanos(timeout) + ": what comes later is dropped"), true);
      }
    }
  }

  /** Goes on with the search for stale values that were read. Returns whether the end was reached. */
  private boolean search(long now) {
    for (int slices = SLICES_A_CALL; slices > 0; slices--) {
      Segment<K, V, N> at = cache.segmentIfAny(segment);
      if (at == null || at.nodes() == 0) {
        bin = Integer.MAX_VALUE;
      } else {
        for (N node : due(at, now)) {
          K key = cache.layout.key(node);
          if (key != null) {
            reload(at, node, key, now, false);
          }
        }
      }
      if (bin == Integer.MAX_VALUE) {
        bin = 0;
        segment = segment + 1 & cache.segmentMask;
        if (segment == 0) {
          return true;
        }
      }
    }
    return false;
  }

  private List<N> due(Segment<K, V, N> at, long now) {
    List<N> due = new ArrayList<>();
    at.lock();
    try {
      N[] table = at.table();
      int to = (int) Math.min(table.length, (long) bin + BINS_A_SLICE);
      for (int i = bin; i < to; i++) {
        for (N node = table[i]; node != null; node = cache.layout.next(node)) {
          Extras<N> extras = cache.layout.extras(node);
          if (extras.read && extras.refreshAt <= now && !extras.isReloading() && at.liveValue(node, now) != null) {
            due.add(node);
          }
        }
      }
      bin = to >= table.length ? Integer.MAX_VALUE : to;
    } finally {
      at.unlockAndTellLater();
    }
    return due;
  }
}
