package leaksafe.resource;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import leaksafe.LeakListener;
import leaksafe.resource.internal.CommonPool;
import leaksafe.resource.internal.OwnedExecutorService;
import leaksafe.resource.internal.OwnedPools;
import org.jspecify.annotations.Nullable;

/**
 * Executors and timers that end: with the scope that {@linkplain Scope#adopt adopts} them, or, as a safety net, when nobody can reach
 * them any more. They are shut down then, which lets tasks that were handed over finish and drops repeated and delayed ones, and that is
 * reported with the line that created them.
 *
 * <p>Of the JDK's executors only {@code newSingleThreadExecutor} ends when it is dropped; the threads of all others, and of a {@link
 * java.util.Timer} with a repeated task, stay for ever.
 *
 * <p>Their queues are bounded, their threads are named, inherit no thread-locals, have the context class loader of who built the executor, and end
 * after a minute without work. Cancelled tasks leave the queue at once; those that {@code invokeAny} gives up do when their turn
 * comes, and hold nothing until then.
 *
 * <p><b>Not promised.</b> That an executor ends whose tasks refer to it, as a task that submits further tasks does: it is reachable from
 * its own thread. Such an executor needs a scope.
 */
public final class OwnedExecutors {

  private OwnedExecutors() {}

  /** Returns a builder. The name is that of the executor, in reports, and of its threads, which are numbered. */
  public static Builder named(String name) {
    return new Builder(requireNonNull(name, "name"));
  }

  /**
   * Returns a front of an executor. When the front is dropped without having been shut down, the executor is shut down, and that is logged; what its
   * delayed tasks do then is its own policy. From now on use the front only. Its queue and its threads stay as they are.
   *
   * @throws IllegalArgumentException if it is the common pool, which nobody can shut down
   */
  public static ExecutorService wrap(String name, ExecutorService executor) {
    CommonPool.refuse(requireNonNull(name, "name"), requireNonNull(executor, "executor"));
    return OwnedExecutorService.wrap(name, executor, null);
  }

  /** Builds executors. */
  public static final class Builder {
    private final String name;
    private int threads = 1;
    private int queueCapacity = -1;
    private boolean daemon;
    private @Nullable LeakListener leakListener;

    private Builder(String name) {
      this.name = name;
    }

    /**
     * Sets how many threads there are at most; 1 if not set.
     *
     * @throws IllegalArgumentException if it is less than 1
     */
    public Builder threads(int threads) {
      if (threads < 1) {
        throw new IllegalArgumentException("threads must be at least 1, but was " + threads);
      }
      this.threads = threads;
      return this;
    }

    /**
     * Sets how many tasks may wait for a thread. What is submitted beyond is refused with a {@link
     * java.util.concurrent.RejectedExecutionException}. For a timer it counts all tasks that are scheduled and do not run at that moment; threads that
     * schedule at the same moment may overshoot it by one each, and so may repeated tasks when they have run and wait again, by one for each thread of
     * the timer.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public Builder queueCapacity(int capacity) {
      if (capacity < 0) {
        throw new IllegalArgumentException("queueCapacity must be at least 0, but was " + capacity);
      }
      this.queueCapacity = capacity;
      return this;
    }

    /** Lets any number of tasks wait: memory is the only bound. */
    public Builder unbounded() {
      queueCapacity = Integer.MAX_VALUE;
      return this;
    }

    /** Makes the threads daemons, which do not keep the JVM from ending. */
    public Builder daemon() {
      daemon = true;
      return this;
    }

    /**
     * Has a listener told if the executor is dropped without having been shut down. Without a listener, the log gets the 1st, 2nd, 4th, 8th ... of each
     * name and line, with the count. If listeners fall behind by more than 4096 executors, those beyond are counted and told as one, to the listener of
     * the latest of them.
     */
    public Builder leakListener(LeakListener listener) {
      leakListener = requireNonNull(listener, "listener");
      return this;
    }

    /**
     * Returns an executor.
     *
     * @throws IllegalStateException if neither {@link #queueCapacity} nor {@link #unbounded} was said
     */
    public ExecutorService build() {
      return OwnedPools.fixed(name, threads, capacity(), daemon, leakListener);
    }

    /**
     * Returns an executor for delayed and repeated tasks.
     *
     * @throws IllegalStateException if neither {@link #queueCapacity} nor {@link #unbounded} was said, or the capacity is 0: all scheduled tasks
     *     wait in the queue of a timer
     */
    public ScheduledExecutorService buildTimer() {
      if (queueCapacity == 0) {
        throw new IllegalStateException(
            name + ": a timer needs a queueCapacity of at least 1, for all its tasks that are scheduled wait there, but it was 0");
      }
      return OwnedPools.scheduled(name, threads, capacity(), daemon, leakListener);
    }

    private int capacity() {
      if (queueCapacity < 0) {
        throw new IllegalStateException(name + ": the queue of this executor could grow for ever: set queueCapacity, or say unbounded()");
      }
      return queueCapacity;
    }
  }
}
