package leaksafe.cache.internal;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import leaksafe.Failure;
import leaksafe.FailureListener;
import leaksafe.cache.HeapUse;
import leaksafe.cache.MemoryPressure;
import leaksafe.cache.PressureStats;
import leaksafe.cache.PressureStep;
import leaksafe.internal.Reaper;
import leaksafe.internal.Reports;

/**
 * Lowers a maximum while the heap is too full after a collection, and raises it again, in steps, when there is room.
 *
 * <p>It is polled, and not told by a notification of the virtual machine: that would keep its listener, and all that it reaches, for ever. The
 * reaper only has the look taken on the executor for users' code: evicting takes time and tells listeners.
 */
final class PressureGauge implements Reaper.Client {
  private final Target target;
  private final MemoryPressure options;
  private final FailureListener failures;
  private final Supplier<HeapUse> heap;
  private final AtomicBoolean looking = new AtomicBoolean();
  private final AtomicLong shrinks = new AtomicLong();
  private final AtomicLong growths = new AtomicLong();
  private volatile long looks; // of the reaper; only changed while looking
  private volatile long top; // what the user set; written before that takes effect
  private long collections = -1; // of the last look

  /** Something with a maximum that can be changed. */
  interface Target {

    String name();

    long currentMaximum();

    /** Sets the maximum and has it kept, unless it is no longer the expected one; then returns false. */
    boolean replaceMaximum(long expected, long maximum);
  }

  PressureGauge(Target target, MemoryPressure options, FailureListener failures) {
    this.target = target;
    this.options = options;
    this.failures = failures;
    this.heap = options.heap();
    this.top = target.currentMaximum();
  }

  void register() {
    Reaper.register(this, false);
  }

  /** The user is about to set the maximum, which is where it grows to from now on. */
  void userSets(long maximum) {
    top = maximum;
  }

  PressureStats stats() {
    return new PressureStats(top, target.currentMaximum(), shrinks.get(), growths.get());
  }

  @Override
  public long work(long nanoTime) {
    if (looking.compareAndSet(false, true)) {
      Reaper.userCodeExecutor().execute(() -> {
        try {
          look();
        } finally {
          looks++;
          looking.set(false); // volatile: pairs with the compare-and-set, so that the next look sees what this one left
        }
      });
    }
    return options.interval().toNanos();
  }

  /** Takes a look at the heap, after the one that the reaper has taken when it came to know of this, for tests. */
  void lookNow() {
    while (looks == 0 || !looking.compareAndSet(false, true)) {
      Thread.onSpinWait();
    }
    try {
      look();
    } finally {
      looking.set(false);
    }
  }

  private void look() {
    HeapUse use;
    try {
      use = heap.get();
    } catch (Throwable e) {
      Reports.tell(failures, new Failure(target.name(), "heap figures", "the maximum stays as it is", e));
      return;
    }
    long maximum = target.currentMaximum();
    long top = this.top;
    boolean fresh = use.collections() != collections;
    collections = use.collections();
    long full = (long) (use.maximum() * options.threshold());
    long roomy = (long) (use.maximum() * options.relief());
    if (fresh && use.afterCollection() > full) {
      long least = Math.max(1, (long) (top * options.least()));
      step(Math.max(least, maximum - Math.max(1, (long) (maximum * options.shrinkBy()))), maximum, use);
    } else if (maximum < top && Math.min(use.afterCollection(), use.now()) < roomy) {
      step(top - maximum <= top * options.growBy() ? top : maximum + Math.max(1, (long) (top * options.growBy())), maximum, use);
    }
  }

  private void step(long next, long before, HeapUse use) {
    if (next == before || !target.replaceMaximum(before, next)) {
      return; // the user has just set another: the next look goes by that
    }
    (next < before ? shrinks : growths).incrementAndGet();
    try {
      options.listener().accept(new PressureStep(target.name(), before, next, use));
    } catch (Throwable e) {
      Reports.tell(failures, new Failure(target.name(), "pressure listener", "from " + before + " to " + next, e));
    }
  }
}
