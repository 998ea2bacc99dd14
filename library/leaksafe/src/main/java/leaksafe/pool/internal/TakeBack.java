package leaksafe.pool.internal;

import leaksafe.Leak;
import leaksafe.internal.LeakWatch;
import org.jspecify.annotations.Nullable;

/** Takes back what nobody gives back, and reports it. All of it is called on the reaper's thread; users' code is left to the executor. */
final class TakeBack<T> {
  private final PoolCore<T> core;

  TakeBack(PoolCore<T> core) {
    this.core = core;
  }

  /** Takes a slot back, busy now, whose lease was dropped. */
  void dropped(Slot<T> slot, Watch<T> watch) {
    takeBack(slot, watch.stamp, core.counters.leaked, "lease", core.upkeep.lastRound() - watch.since());
  }

  /** Takes a slot back, busy now, whose lease nobody ever got. */
  void cutShort(Slot<T> slot, long age) {
    takeBack(slot, slot.state(), core.counters.leaked, "lease", age);
  }

  /** Takes a slot back, busy now, whose lease is overdue. */
  void reclaimed(Slot<T> slot, Watch<T> watch, long age) {
    takeBack(slot, watch.stamp, core.counters.overdue, Complaint.OVERDUE, age);
  }

  /** Reports a lease that is overdue and stays in force. */
  void overdue(Slot<T> slot, Watch<T> watch, long age) {
    core.counters.overdue.increment();
    core.sites.alarm(core.slots.all());
    Leak leak = Complaint.leak(core.name(), Complaint.OVERDUE, slot.object(), slot.site(watch.stamp), age);
    core.errands.hand(() -> core.callbacks.tell(leak));
  }

  private void takeBack(Slot<T> slot, long stamp, Counters.Count count, String kind, long age) {
    try {
      count.increment();
      core.sites.alarm(core.slots.all());
    } finally { // whatever fails, in want of memory: the slot is nobody's but ours
      evacuate(slot, kind, slot.site(stamp), age);
    }
  }

  /** Frees slot and permit at once, and has the report made and the object disposed of by the executor. */
  private void evacuate(Slot<T> slot, String kind, @Nullable String site, long age) {
    @Nullable T object = slot.object();
    core.errands.owe(); // first: who closes the pool finds the object either in its place or here
    slot.object(null);
    try {
      core.vacate(slot);
      LeakWatch.tell(Complaint.leak(core.name(), kind, object, site, age));
    } finally {
      core.errands.hand(() -> {
        try {
          core.callbacks.tell(Complaint.leak(core.name(), kind, object, site, age));
        } finally {
          core.disposeOwed(object);
        }
      });
    }
  }
}
