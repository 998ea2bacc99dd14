package leaksafe.resource;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Values of {@link ThreadLocal}s for the time of a block, so that none stays behind in a thread of a pool. In the end the value is
 * removed, or the one that was there before is set again.
 *
 * <p><b>Not promised.</b> A {@code ThreadLocal} does not say whether it has a value or has just made its initial one: if it has an initial
 * value other than null, that is what stays.
 *
 * {@snippet :
 * try (ThreadValues.Binding binding = ThreadValues.bind(USER, user)) {
 *   handle(request);
 * }
 * }
 */
public final class ThreadValues {

  private ThreadValues() {}

  /** Sets a value for the current thread until the result is closed, by the same thread and in the reverse order of the binding. */
  public static <T> Binding bind(ThreadLocal<@Nullable T> local, T value) {
    requireNonNull(local, "local");
    return new Bound<>(local, requireNonNull(value, "value"));
  }

  /** Runs a task with a value. */
  public static <T> void run(ThreadLocal<@Nullable T> local, T value, Runnable task) {
    requireNonNull(task, "task");
    Binding binding = bind(local, value);
    try {
      task.run();
    } finally {
      binding.close();
    }
  }

  /** Computes a result with a value. */
  public static <T, R extends @Nullable Object> R get(ThreadLocal<@Nullable T> local, T value, Supplier<R> task) {
    requireNonNull(task, "task");
    Binding binding = bind(local, value);
    try {
      return task.get();
    } finally {
      binding.close();
    }
  }

  /**
   * Computes a result with a value.
   *
   * @throws Exception what the task throws
   */
  public static <T, R extends @Nullable Object> R call(ThreadLocal<@Nullable T> local, T value, Callable<R> task) throws Exception {
    requireNonNull(task, "task");
    Binding binding = bind(local, value);
    try {
      return task.call();
    } finally {
      binding.close();
    }
  }

  /** A value that is set until this is closed. */
  public interface Binding extends AutoCloseable {

    /**
     * Removes the value, or sets the earlier one again. Does nothing the second time.
     *
     * @throws IllegalStateException on another thread than the one that bound the value: it cannot be removed from there
     */
    @Override
    void close();
  }

  private static final class Bound<T> implements Binding {
    private final Thread thread = Thread.currentThread();
    private final ThreadLocal<@Nullable T> local;
    private @Nullable T before;
    private boolean closed;

    Bound(ThreadLocal<@Nullable T> local, T value) {
      this.local = local;
      this.before = local.get();
      local.set(value);
    }

    @Override
    public void close() {
      if (thread != Thread.currentThread()) {
        throw new IllegalStateException("a thread-local value must be unbound by the thread that bound it, " + thread.getName()
            + ", but this was thread " + Thread.currentThread().getName());
      }
      if (closed) {
        return;
      }
      closed = true;
      if (before == null) {
        local.remove();
      } else {
        local.set(before);
      }
      before = null;
    }
  }
}
