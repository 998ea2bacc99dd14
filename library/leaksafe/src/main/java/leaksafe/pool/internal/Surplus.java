package leaksafe.pool.internal;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * Idle objects that have to go because the pool is closed or its bounds are lowered.
 *
 * <p>The thread that does so disposes of them: they are gone when it returns. What it misses, because it was given back at that moment (see
 * {@link Line}), the upkeep finds and leaves to the executor. So that the upkeep is not quicker than that thread, it leaves everything to it
 * while it sweeps. A sweep counts as running before the sign is up by which the upkeep knows that an object has to go, and the upkeep looks at
 * the sign first (all volatile): so if it finds no sweep running then that sign's sweep is over.
 */
final class Surplus<T> {
  /** The sweeps of a pool, with all its keys, that are running. */
  static final class Sweeps {
    private final AtomicInteger running = new AtomicInteger();

    void run(Runnable sweep) {
      Headroom.need();
      running.incrementAndGet();
      try {
        sweep.run();
      } finally {
        running.decrementAndGet();
      }
    }
  }

  private final PoolCore<T> core;
  private final Sweeps sweeps;

  Surplus(PoolCore<T> core) {
    this.core = core;
    this.sweeps = core.keys == null ? new Sweeps() : core.keys.sweeps;
  }

  /** Runs what changes what has to go and then disposes of it. */
  void sweep(Runnable sweep) {
    sweeps.run(sweep);
  }

  /** Returns whether an object that is idle has to go, and no sweep will come by. */
  boolean isLeftBehind() {
    return core.isUnwanted() && sweeps.running.get() == 0;
  }

  /** Disposes of idle objects for as long as there are more than the maximum. */
  void retireExcess() {
    retireWhile(core.slots::isOverfull);
    lowerSign();
  }

  /** Disposes of idle objects for as long as they are unwanted. */
  void retireUnwanted() {
    retireWhile(core::isUnwanted);
  }

  /** Disposes of all objects that are idle now. */
  void retireIdle() {
    retireWhile(() -> true);
  }

  private void retireWhile(BooleanSupplier condition) {
    Slot<T>[] all = core.slots.all();
    for (int i = all.length - 1; i >= 0 && condition.getAsBoolean(); i--) {
      if (all[i].idle2busy()) {
        all[i].adrift = true;
        core.retire(all[i]);
      }
    }
  }

  /** Takes the sign down that there are more objects than the maximum, if there are not. */
  void lowerSign() {
    if ((core.line.signs() & Line.EXCESS) != 0 && !core.slots.isOverfull()) {
      core.line.lower(Line.EXCESS);
      if (core.slots.isOverfull()) { // lowered once more meanwhile
        core.line.raise(Line.EXCESS);
      }
    }
  }
}
