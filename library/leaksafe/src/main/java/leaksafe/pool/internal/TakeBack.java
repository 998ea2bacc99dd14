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
    core.counters.leaked.increment();
    takeBack(slot, watch, "lease", core.upkeep.lastRound() - watch.since());
  }

  /** Takes a slot back, busy now, whose lease is overdue. */
  void reclaimed(Slot<T> slot, Watch<T> watch, long age) {
    core.counters.overdue.increment();
    takeBack(slot, watch, Complaint.OVERDUE, age);
  }

  /** Reports a lease that is overdue and stays in force. */
  void overdue(Slot<T> slot, Watch<T> watch, long age) {
    core.counters.overdue.increment();
    core.sites.alarm(core.slots.all());
    Leak leak = Complaint.leak(core.name(), Complaint.OVERDUE, slot.object(), slot.site(watch.stamp), age);
    core.callbacks.handOver(() -> core.callbacks.tell(leak));
  }

  /** Frees slot and permit at once, and has the report made and the object disposed of by the executor. */
  private void takeBack(Slot<T> slot, Watch<T> watch, String kind, long age) {
    core.sites.alarm(core.slots.all());
    @Nullable T object = slot.object();
    Leak leak = Complaint.leak(core.name(), kind, object, slot.site(watch.stamp), age);
    slot.object(null);
    core.vacate(slot);
    LeakWatch.tell(leak);
    core.callbacks.handOver(() -> {
      core.callbacks.tell(leak);
      core.callbacks.dispose(object);
    });
  }
}
