package leaksafe.resource.internal;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import leaksafe.internal.CallSite;
import leaksafe.internal.Reports;
import org.jspecify.annotations.Nullable;

/** A thread that is interrupted and waited for when its scope ends, and that leaves the scope when it ends before. */
public final class ThreadEntry extends Entry {
  private final Task task;
  private final Thread thread;
  private final long timeoutNanos;

  private ThreadEntry(String name, Runnable task, long timeoutNanos, String scope) {
    this.timeoutNanos = timeoutNanos;
    StartedThread.Origin origin = new StartedThread.Origin("scope " + scope, CallSite.capture(StartedThread.FRAMES));
    this.task = new Task(task, this);
    this.thread = new StartedThread(this.task, name, origin);
    thread.setContextClassLoader(Thread.currentThread().getContextClassLoader()); // which from JDK 19 on would not be inherited either
  }

  /** Starts a thread in a scope. If the scope is closed, no thread is started. */
  public static Thread start(ScopeState scope, String name, Runnable task, long timeoutNanos) {
    ThreadEntry entry = new ThreadEntry(name, task, timeoutNanos, scope.name());
    scope.add(entry);
    return entry.thread;
  }

  @Override
  void begin() {
    thread.start();
  }

  @Override
  void close(Closing closing) throws Exception {
    if (thread.getState() == Thread.State.NEW || thread == Thread.currentThread()) {
      return; // it was refused; or it closes its own scope and is about to end
    }
    thread.interrupt();
    if (!closing.isInterrupted()) {
      try {
        TimeUnit.NANOSECONDS.timedJoin(thread, timeoutNanos);
      } catch (InterruptedException e) {
        closing.interrupted();
      }
    }
    if (thread.isAlive()) {
      throw new TimeoutException(closing.what() + ": thread " + thread.getName() + " did not end "
          + (closing.isInterrupted()
              ? "before the closing thread was interrupted while it waited"
              : "within " + TimeUnit.NANOSECONDS.toMillis(timeoutNanos) + " ms after it was interrupted")
          + "; it is at " + ThreadTexts.stack(thread, 3) + "; make it end when it is interrupted, or give it more time");
    }
  }

  @Override
  Object subject() {
    return thread;
  }

  @Override
  List<Object> held() {
    Runnable work = task.task; // plain: null once it runs, and then it is the thread that holds it
    return work == null ? List.of() : List.of(work);
  }

  /** What the thread runs; lets go of the user's task when it ends. */
  private static final class Task implements Runnable {
    private final ThreadEntry entry;
    private @Nullable Runnable task;

    Task(Runnable task, ThreadEntry entry) {
      this.task = task;
      this.entry = entry;
    }

    @Override
    public void run() {
      Runnable work = task;
      task = null; // the Thread object, which anybody may keep, keeps this object, but need not keep the user's
      try {
        if (work != null) {
          work.run();
        }
      } catch (Throwable e) {
        handle(e);
      } finally {
        entry.leave();
      }
    }

    /** Does what the JVM would do after this method: the handler is users' code, so it belongs to what the scope waits for. */
    private static void handle(Throwable thrown) {
      Thread current = Thread.currentThread();
      try {
        current.getUncaughtExceptionHandler().uncaughtException(current, thrown);
      } catch (Throwable e) { // which the JVM would pass over
        Reports.log("the handler of uncaught exceptions of thread " + current.getName() + " failed", e);
      }
    }
  }
}
