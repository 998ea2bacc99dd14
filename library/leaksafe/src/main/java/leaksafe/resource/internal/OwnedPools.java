package leaksafe.resource.internal;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.RunnableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import leaksafe.LeakListener;
import org.jspecify.annotations.Nullable;

/** Makes the executors behind the fronts: with bounded queues, and errors that say what is full. */
public final class OwnedPools {
  private static final long IDLE_SECONDS = 60;

  private OwnedPools() {}

  /** Returns an executor of so many threads, whose queue takes so many tasks beside those that run. */
  public static ExecutorService fixed(String name, int threads, int queueCapacity, boolean daemon, @Nullable LeakListener listener) {
    OwnedThreads factory = OwnedThreads.create(name, daemon);
    ThreadPoolExecutor pool = new BoundedPool(name, threads, queueCapacity, factory);
    pool.allowCoreThreadTimeOut(true); // idle threads, and what is in their thread-locals, go
    return new OwnedExecutorService(name, pool, factory, listener);
  }

  /** Returns a scheduled executor of so many threads, which takes about so many tasks. */
  public static ScheduledExecutorService scheduled(String name, int threads, int queueCapacity, boolean daemon,
      @Nullable LeakListener listener) {
    OwnedThreads factory = OwnedThreads.create(name, daemon);
    BoundedTimer timer = new BoundedTimer(name, threads, queueCapacity, factory);
    timer.setRemoveOnCancelPolicy(true); // or a cancelled task stays in the queue until it would have been due
    timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    timer.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
    timer.allowCoreThreadTimeOut(true);
    return new OwnedScheduledExecutorService(name, timer, factory, listener);
  }

  private static void reject(String name, ThreadPoolExecutor pool, int threads, int queueCapacity) {
    throw new RejectedExecutionException(pool.isShutdown()
        ? name + ": this executor is shut down and takes no more tasks"
        : name + ": all " + threads + " threads are busy and the queue is full (queueCapacity " + queueCapacity
            + "); slow down who submits, or give it more of either");
  }

  /** A pool whose queue has a bound, and holds no task that was cancelled: it would keep others out, and what it captured. */
  private static final class BoundedPool extends ThreadPoolExecutor {

    BoundedPool(String name, int threads, int queueCapacity, OwnedThreads factory) {
      super(threads, threads, IDLE_SECONDS, TimeUnit.SECONDS,
          queueCapacity == 0 ? new SynchronousQueue<>() : new LinkedBlockingQueue<>(queueCapacity), factory,
          (task, full) -> reject(name, full, threads, queueCapacity));
    }

    @Override
    protected <V extends @Nullable Object> RunnableFuture<V> newTaskFor(Callable<V> task) {
      return new Leaving<>(task, this);
    }

    @Override
    protected <V extends @Nullable Object> RunnableFuture<V> newTaskFor(Runnable task, V result) {
      return new Leaving<>(Executors.callable(task, result), this);
    }
  }

  /** A task that leaves the queue of its pool when it is cancelled. */
  private static final class Leaving<V extends @Nullable Object> extends FutureTask<V> {
    private @Nullable ThreadPoolExecutor pool; // null when done: who keeps the result need not keep the pool

    Leaving(Callable<V> task, ThreadPoolExecutor pool) {
      super(task);
      this.pool = pool;
    }

    @Override
    protected void done() { // once, on the thread that ended it
      ThreadPoolExecutor queued = pool;
      pool = null;
      if (queued != null && isCancelled()) {
        queued.remove(this);
      }
    }
  }

  /**
   * A scheduled pool whose queue has a bound. It is checked before a task is queued: threads that schedule at once may overshoot
   * it, and so may repeated tasks, which are not in the queue while they run.
   */
  static final class BoundedTimer extends ScheduledThreadPoolExecutor {
    private final String name;
    private final int capacity;

    BoundedTimer(String name, int threads, int capacity, OwnedThreads factory) {
      super(threads, factory, (task, pool) -> reject(name, pool, threads, capacity));
      this.name = name;
      this.capacity = capacity;
    }

    int capacity() {
      return capacity;
    }

    private void check() {
      if (getQueue().size() >= capacity) {
        throw new RejectedExecutionException(
            name + ": the queue is full (queueCapacity " + capacity + "); cancel tasks that are not needed, or give it more");
      }
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
      check();
      return super.schedule(command, delay, unit);
    }

    @Override
    public <V extends @Nullable Object> ScheduledFuture<V> schedule(Callable<V> callable, long delay, TimeUnit unit) {
      check();
      return super.schedule(callable, delay, unit);
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(Runnable command, long initialDelay, long period, TimeUnit unit) {
      check();
      return super.scheduleAtFixedRate(command, initialDelay, period, unit);
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(Runnable command, long initialDelay, long delay, TimeUnit unit) {
      check();
      return super.scheduleWithFixedDelay(command, initialDelay, delay, unit);
    }
  }
}
