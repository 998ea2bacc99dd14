package leaksafe.cache.internal;

import leaksafe.Ticker;
import leaksafe.cache.Expiry;
import leaksafe.internal.CoarseClock;
import org.jspecify.annotations.Nullable;

/** The clock and the lifetimes of a cache. Times are in nanoseconds since the cache was built, so that they never wrap around. */
class Expiration<K, V> {
  /** The time that never comes. */
  static final long NEVER = Long.MAX_VALUE;
  /** In place of a deadline: that there is no entry. */
  static final long ABSENT = Long.MIN_VALUE;

  private static final long EXACT_BELOW = 100_000_000;
  private static final long SLACK = 150_000_000;
  private static final int SLACK_SHARE = 33; // 3 %

  private final @Nullable Ticker ticker; // null for the coarse clock
  private final long origin;
  private final long write; // NEVER if there is none
  private final long access; // NEVER if there is none
  private final long fixed; // the shorter of both, NEVER if there is none
  private final @Nullable Expiry<? super K, ? super V> expiry;
  private final boolean takesLifetimes;
  private volatile long shortest; // of the fixed lifetimes and those given to puts; racy, where two puts bring new ones at the same moment

  /** Whether nodes must say beyond which time no use prolongs them. */
  final boolean capped;

  Expiration(Settings settings) {
    this(settings, NEVER);
  }

  /** {@code shortest}: a time that must be exact too if it is short. */
  @SuppressWarnings("unchecked") // the builder saw to it
  Expiration(Settings settings, long shortest) {
    write = settings.writeNanos == null ? NEVER : settings.writeNanos;
    access = settings.accessNanos == null ? NEVER : settings.accessNanos;
    fixed = Math.min(write, access);
    this.shortest = fixed;
    expiry = (Expiry<? super K, ? super V>) settings.expiry;
    takesLifetimes = expiry != null || settings.writeNanos != null; // also if that is too long for any clock
    capped = settings.writeNanos != null && settings.accessNanos != null;
    boolean exact = settings.exactClock || Math.min(fixed, shortest) < EXACT_BELOW;
    ticker = settings.ticker != null ? settings.ticker : exact ? Ticker.systemTicker() : null;
    // The coarse clock is behind by a tick: with a second to spare, no time is negative.
    origin = (ticker == null ? System.nanoTime() : ticker.read()) - 1_000_000_000;
  }

  long now() {
    return (ticker == null ? CoarseClock.read() : ticker.read()) - origin;
  }

  /** Returns whether the clock is the coarse one, which only ticks while a timed client is registered. */
  boolean isCoarse() {
    return ticker == null;
  }

  boolean isVariable() {
    return expiry != null;
  }

  boolean takesLifetimes() {
    return takesLifetimes;
  }

  /** Returns how long a value lives that is written; the deadline before may be {@link #ABSENT}. Asks the user's {@link Expiry} if there is one: not under a lock. */
  long lifetime(K key, V value, long now, long deadlineBefore) {
    if (expiry == null) {
      return write;
    }
    long time = now + origin;
    return deadlineBefore == ABSENT ? expiry.expireAfterCreate(key, value, time)
        : expiry.expireAfterUpdate(key, value, time, deadlineBefore == NEVER ? NEVER : deadlineBefore - now);
  }

  /** Has a node that was written live for so long. Under the segment's lock, after the value. */
  <N> void written(Segment<K, V, N> segment, N node, long now, long lifetime) {
    if (lifetime < shortest && fixed != NEVER) {
      shortest = lifetime;
    }
    Layout<K, V, N> layout = segment.layout;
    long cap = plus(now, lifetime);
    if (capped) {
      layout.setCap(node, cap);
    }
    long deadline = Math.min(cap, plus(now, access));
    layout.setDeadlineOpaque(node, deadline);
    segment.sweep().by(sweepBy(deadline, now));
  }

  /** A node has its value back, and may have been passed over by the sweeper while it had none. Under the segment's lock. */
  <N> void kept(Segment<K, V, N> segment, N node, long now) {
    segment.sweep().by(sweepBy(segment.layout.deadlineOpaque(node), now));
  }

  /** Returns the longest life that a value may have, as far as that is fixed. */
  long longest() {
    return write;
  }

  /** Has a node that was just written, but is older than that, expire no later than in so many nanoseconds. Under the segment's lock. */
  <N> void restored(Segment<K, V, N> segment, N node, long now, long expires) {
    long deadline = plus(now, expires);
    if (deadline < segment.layout.deadlineOpaque(node)) {
      segment.layout.setDeadlineOpaque(node, deadline);
      segment.sweep().by(sweepBy(deadline, now));
    }
  }

  /** Prolongs the life of a node that was hit. Calls the user's {@link Expiry} if there is one: not under a lock. */
  <N> void read(Segment<K, V, N> segment, N node, K key, V value, long now, long deadline) {
    Layout<K, V, N> layout = segment.layout;
    if (access != NEVER) {
      long prolonged = plus(now, access);
      if (capped) {
        prolonged = Math.min(prolonged, layout.cap(node));
      }
      // At most once a tick. Racy against a writer's: both are of the present.
      if (prolonged != deadline) {
        layout.setDeadlineOpaque(node, prolonged);
      }
    } else if (expiry != null) {
      long before = deadline == NEVER ? NEVER : deadline - now;
      long after = expiry.expireAfterRead(key, value, now + origin, before);
      if (after != before) {
        long changed = plus(now, after);
        layout.setDeadlineOpaque(node, changed);
        segment.sweep().by(sweepBy(changed, now));
        segment.cache.wakeSweeper(segment);
      }
    }
  }

  /** Returns when the segment must be swept at the latest for a node with the deadline. */
  long sweepBy(long deadline, long now) {
    if (deadline == NEVER) {
      return NEVER;
    }
    // How long a node was to live it does not say, and what is left of that would have the sweeper called all the time.
    long lifetime = fixed != NEVER ? shortest : deadline - now;
    return plus(deadline, Math.max(SLACK, lifetime / SLACK_SHARE));
  }

  /** Returns how long ago a node was written, or used, that expires at the deadline; negative if that is not known. */
  long age(long deadline, long cap, long now) {
    if (write != NEVER) {
      return now - ((capped ? cap : deadline) - write);
    }
    return access != NEVER && deadline != NEVER ? now - (deadline - access) : -1;
  }

  static long plus(long time, long lifetime) {
    return lifetime <= 0 ? time : lifetime >= NEVER - Math.max(0, time) ? NEVER : time + lifetime;
  }
}
