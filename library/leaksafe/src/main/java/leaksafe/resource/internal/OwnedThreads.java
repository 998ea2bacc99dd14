package leaksafe.resource.internal;

import java.lang.ref.WeakReference;
import java.security.AccessController;
import java.security.PrivilegedAction;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import leaksafe.internal.CallSite;
import org.jspecify.annotations.Nullable;

/**
 * Makes the threads of an owned executor: named, without inherited thread-locals, and known by who started them. Their context class loader is that of
 * who made the executor: it could be that of whoever hands over a task just when a thread is missing, and would be kept for as long as others keep
 * the thread busy.
 */
final class OwnedThreads implements ThreadFactory {
  private final String name;
  private final StartedThread.Origin origin;
  private final boolean daemon;
  private final WeakReference<@Nullable ClassLoader> context; // weakly: an executor that was dropped is known to us until it is shut down
  private final AtomicInteger count = new AtomicInteger();

  OwnedThreads(String name, String site, boolean daemon) {
    this.name = name;
    this.origin = new StartedThread.Origin("executor " + name, site);
    this.daemon = daemon;
    this.context = new WeakReference<>(Thread.currentThread().getContextClassLoader());
  }

  @Override
  @SuppressWarnings("removal") // until JDK 24 a thread keeps the loaders of all classes on the stack that made it, unless one is privileged
  public Thread newThread(Runnable work) {
    Worker worker = AccessController.doPrivileged(
        (PrivilegedAction<Worker>) () -> new Worker(this, work, name + "-" + count.incrementAndGet()));
    worker.setDaemon(daemon);
    worker.setContextClassLoader(context.get());
    return worker;
  }

  /** Returns whether the current thread works for an executor. Known of owned ones only. */
  static boolean isWorkerOf(ExecutorService executor) {
    return executor instanceof OwnedExecutorService owned && Thread.currentThread() instanceof Worker worker && owned.hasThreads(worker.maker);
  }

  private static final class Worker extends StartedThread {
    private final OwnedThreads maker;

    Worker(OwnedThreads maker, Runnable work, String name) {
      super(work, name, maker.origin);
      this.maker = maker;
    }
  }

  /** Returns the line that created the executor, and where its threads come from. */
  static OwnedThreads create(String name, boolean daemon) {
    return new OwnedThreads(name, CallSite.capture(StartedThread.FRAMES), daemon);
  }
}
