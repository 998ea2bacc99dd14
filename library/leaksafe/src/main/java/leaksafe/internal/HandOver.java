package leaksafe.internal;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import leaksafe.Failure;
import leaksafe.FailureListener;
import org.jspecify.annotations.Nullable;

/** A task of users' code that is handed to an executor of users', for no caller waits for it; it is done once, whoever runs it. Held until then. */
public final class HandOver extends AtomicReference<@Nullable Runnable> implements Runnable, Reachability.Opaque {
  private static final long serialVersionUID = 1;

  private HandOver(Runnable task) {
    super(task);
  }

  /**
   * Has the task run once by the executor; or by the {@link Reaper}'s for users' code, if the executor throws, which it may do although it runs
   * the task or is going to. The listener is told of that.
   *
   * @param name of the container whose executor it is
   */
  public static void to(Executor executor, Runnable task, String name, FailureListener listener) {
    HandOver once = new HandOver(task);
    try {
      executor.execute(once);
    } catch (Throwable e) {
      // The task must not be lost, and the listener is users' code too.
      Reaper.userCodeExecutor().execute(() -> {
        Reports.tell(listener, new Failure(name, "executor", "it refused a task, which the common pool runs instead", e));
        once.run();
      });
    }
  }

  /** Returns a task that is done once, however often it is run. */
  public static Runnable once(Runnable task) {
    return new HandOver(task);
  }

  /** Does it the first time. */
  @Override
  public void run() {
    Runnable task = getAndSet(null);
    if (task != null) {
      task.run();
    }
  }
}
