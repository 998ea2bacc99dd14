package leaksafe.pool.internal;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import leaksafe.internal.HandOver;
import leaksafe.internal.Reports;

/**
 * What a pool, with all its keys, leaves to the executor, for nobody waits for it, and what must not be lost. A task that even the common pool does
 * not take, since there is no memory for a thread, say, is handed over again in each round of the upkeep until it is taken.
 *
 * <p>Counted are the disposals of objects that have no place any more: who closes the pool does wait for these.
 */
final class Errands {
  private final Executor executor;
  private final Queue<Runnable> left = new ConcurrentLinkedQueue<>();
  private final AtomicInteger owed = new AtomicInteger();

  Errands(Settings<?> settings) {
    this(task -> HandOver.to(settings.executor(), task, settings.name(), settings.failureListener()));
  }

  /** With an executor that throws if nobody takes the task. */
  Errands(Executor executor) {
    this.executor = executor;
  }

  /** Has users' code run once by the executor, sooner or later. */
  void hand(Runnable task) {
    Runnable once = HandOver.once(task); // who throws may run it all the same
    try {
      executor.execute(once);
    } catch (Throwable e) {
      left.add(once);
      Reports.log("a pool's task found neither its executor nor the common pool ready, and is handed over again", e);
    }
  }

  /** Hands over again what nobody took, up to the first that nobody takes again, of which was told before. */
  void handAgain() {
    try {
      for (Runnable task = left.peek(); task != null; task = left.peek()) {
        executor.execute(task);
        left.poll(); // the same: only the upkeep takes tasks out
      }
    } catch (Throwable e) {
      // as before
    }
  }

  /** An object leaves its place before it is disposed of. */
  void owe() {
    owed.incrementAndGet();
  }

  /** It was disposed of. */
  void paid() {
    owed.decrementAndGet();
  }

  /** Returns whether all such objects were disposed of. */
  boolean areDone() {
    return owed.get() == 0;
  }
}
