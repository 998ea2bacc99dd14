package leaksafe.resource.internal;

import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Ends an executor: lets its tasks finish in time, then interrupts them, then gives up with a message that says what is left. */
final class ExecutorEntry extends Entry {
  private final ExecutorService executor;
  private final long timeoutNanos;

  ExecutorEntry(ExecutorService executor, long timeoutNanos) {
    this.executor = executor;
    this.timeoutNanos = timeoutNanos;
  }

  @Override
  void close(Closing closing) throws Exception {
    if (OwnedExecutorService.poolOf(executor) instanceof ScheduledThreadPoolExecutor timer) {
      // Or the shutdown would wait for what is due tomorrow.
      timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }
    executor.shutdown();
    if (OwnedThreads.isWorkerOf(executor)) {
      throw new IllegalStateException(closing.what() + ": is closed by a task of its own executor " + describe(0)
          + ", which cannot wait for its own end; the executor takes no more tasks, and ends when those that it has are done");
    }
    if (await(closing)) {
      return;
    }
    int dropped = executor.shutdownNow().size();
    if (await(closing) || executor.isTerminated()) {
      return;
    }
    throw new TimeoutException(closing.what() + ": executor " + describe(dropped) + " did not end "
        + (closing.isInterrupted()
            ? "before this thread was interrupted while it waited"
            : "within " + TimeUnit.NANOSECONDS.toMillis(timeoutNanos) + " ms and once more as long after its tasks were interrupted")
        + "; make its tasks end when they are interrupted, or give it more time");
  }

  private boolean await(Closing closing) {
    if (closing.isInterrupted()) {
      return executor.isTerminated();
    }
    try {
      return executor.awaitTermination(timeoutNanos, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      closing.interrupted();
      return false;
    }
  }

  /** Returns what is known of the executor: of one of the JDK's pools a count, of what wraps a pool only what it gave back. */
  private String describe(int dropped) {
    String text = executor instanceof OwnedExecutorService owned ? owned.name() : executor.getClass().getName();
    ThreadPoolExecutor pool = OwnedExecutorService.poolOf(executor);
    if (pool != null) {
      return text + " (" + pool.getActiveCount() + " running, " + pool.getQueue().size() + " queued)";
    } else if (executor instanceof ForkJoinPool forkJoin) {
      return text + " (" + forkJoin.getActiveThreadCount() + " running, " + forkJoin.getQueuedTaskCount() + " queued)";
    }
    return text + " (" + dropped + " tasks were dropped before they began; what runs, and in which threads, is hidden by this class: adopt the pool that "
        + "it wraps to see more)";
  }

  @Override
  Object subject() {
    return executor;
  }

  @Override
  List<Object> held() {
    return List.of(executor);
  }
}
