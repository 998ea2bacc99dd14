package leaksafe.pool.internal;

import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** What happened in a pool; what happens to the objects of one key happens to the pool with that key, too. */
final class Counters {
  final Count opened;
  final Count openFailures;
  final Count disposed;
  final Count waits;
  final Count timeouts;
  final Count leaked;
  final Count overdue;

  /** How many leases there were of objects of keys that are gone. */
  final LongAdder acquiredBefore = new LongAdder();

  Counters(@Nullable Counters all) {
    opened = new Count(all == null ? null : all.opened);
    openFailures = new Count(all == null ? null : all.openFailures);
    disposed = new Count(all == null ? null : all.disposed);
    waits = new Count(all == null ? null : all.waits);
    timeouts = new Count(all == null ? null : all.timeouts);
    leaked = new Count(all == null ? null : all.leaked);
    overdue = new Count(all == null ? null : all.overdue);
  }

  /** One of them. */
  static final class Count {
    private final LongAdder own = new LongAdder();
    private final @Nullable Count all;

    private Count(@Nullable Count all) {
      this.all = all;
    }

    void increment() {
      own.increment();
      if (all != null) {
        all.increment();
      }
    }

    long sum() {
      return own.sum();
    }
  }
}
