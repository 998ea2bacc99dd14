package leaksafe.cache.internal.lease;

import java.util.Collection;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** Finds the values whose lifetime has ended, a slice of them at a time. Used by the reaper's thread alone. */
final class Sweep<K, V> {
  private static final int SWEPT_AT_ONCE = 1024;

  private final LeaseCore<K, V> core;
  private final LeaseSettings<V> settings;
  private final Collection<Held<K, V>> values;
  private @Nullable Iterator<Held<K, V>> at; // where it goes on
  private long soonest;
  private long sweepAt = System.nanoTime();

  Sweep(LeaseCore<K, V> core, LeaseSettings<V> settings, Collection<Held<K, V>> values) {
    this.core = core;
    this.settings = settings;
    this.values = values;
  }

  /** Sweeps the next slice if it is time, and returns in how many nanoseconds it is time for another. */
  long next(long nanoTime) {
    if (!settings.isTimed() || settings.ticker() != null || core.isClosed()) {
      return Long.MAX_VALUE;
    }
    if (at == null && nanoTime - sweepAt < 0) {
      return sweepAt - nanoTime;
    }
    long now = core.now();
    Iterator<Held<K, V>> rest = at;
    if (rest == null) {
      at = rest = values.iterator();
      // What comes or is given back after this expires later than that.
      soonest = Math.min(settings.writeNanos(), settings.accessNanos());
    }
    for (int i = 0; i < SWEPT_AT_ONCE && rest.hasNext(); i++) {
      Held<K, V> held = rest.next();
      if (held.isReady()) {
        long due = settings.dueIn(held, now);
        if (due <= 0) {
          core.expire(held, true);
        } else {
          soonest = Math.min(soonest, due);
        }
      }
    }
    if (rest.hasNext()) {
      return 0;
    }
    at = null;
    sweepAt = nanoTime + Math.min(soonest, Long.MAX_VALUE / 4);
    return soonest;
  }
}
