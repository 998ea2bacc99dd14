package leaksafe.resource.internal;

import java.lang.ref.Reference;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import leaksafe.LeakListener;
import leaksafe.internal.CallSite;
import leaksafe.internal.Containers;
import org.jspecify.annotations.Nullable;

/**
 * The front of an executor, which is shut down when nobody can reach the front any more. The executor itself is always reachable: its
 * threads run in it. What it runs does not refer to the front.
 *
 * <p>Every call that hands something over, waits or shuts down ends with a reachability fence: or the front could be collected, and the executor shut
 * down, while a task is being handed over by the last call that uses the front (JDK-8145304 is that bug in the JDK's own), or it would be reported as
 * dropped while it is being shut down.
 */
public class OwnedExecutorService implements ExecutorService {
  private static final Hosts.Kind KIND = new Hosts.Kind("executors", "executor");

  private final String name;
  private final ExecutorService executor;
  private final @Nullable OwnedThreads threads;
  private final TrackedReference tracked;
  @SuppressWarnings("unused") // held for the census, which holds it weakly
  private final ExecutorContainer container;
  private final Containers.Announcement announcement;

  OwnedExecutorService(String name, ExecutorService executor, @Nullable OwnedThreads threads, @Nullable LeakListener listener) {
    this.name = name;
    this.executor = executor;
    this.threads = threads;
    Class<?> host = listener == null ? null : listener.getClass();
    CallSite.Place place = CallSite.place();
    this.tracked = KIND.in(host).track(this, name, place.site(), executor::shutdown, listener);
    this.container = new ExecutorContainer(name, place.site(), executor instanceof ThreadPoolExecutor pool ? pool : null);
    this.announcement = Containers.announce(container, place.classLoader(), executor.getClass().getClassLoader() != null);
  }

  /** Returns a front of an executor that somebody else made. */
  public static OwnedExecutorService wrap(String name, ExecutorService executor, @Nullable LeakListener listener) {
    return new OwnedExecutorService(name, executor, null, listener);
  }

  String name() {
    return name;
  }

  boolean hasThreads(OwnedThreads maker) {
    return threads == maker;
  }

  /** Returns the pool behind an executor, if it is known to be one. */
  static @Nullable ThreadPoolExecutor poolOf(ExecutorService executor) {
    ExecutorService inner = executor instanceof OwnedExecutorService owned ? owned.executor : executor;
    return inner instanceof ThreadPoolExecutor pool ? pool : null;
  }

  @Override
  public void shutdown() {
    try {
      executor.shutdown();
      forget();
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public List<Runnable> shutdownNow() {
    try {
      List<Runnable> dropped = executor.shutdownNow();
      forget();
      return dropped;
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  private void forget() {
    tracked.forget();
    announcement.withdraw();
  }

  @Override
  public boolean isShutdown() {
    return executor.isShutdown();
  }

  @Override
  public boolean isTerminated() {
    return executor.isTerminated();
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
    try {
      return executor.awaitTermination(timeout, unit);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public void execute(Runnable command) {
    try {
      executor.execute(command);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public <T extends @Nullable Object> Future<T> submit(Callable<T> task) {
    try {
      return executor.submit(task);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public <T extends @Nullable Object> Future<T> submit(Runnable task, T result) {
    try {
      return executor.submit(task, result);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public Future<?> submit(Runnable task) {
    try {
      return executor.submit(task);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public <T extends @Nullable Object> List<Future<T>> invokeAll(Collection<? extends Callable<T>> tasks) throws InterruptedException {
    try {
      return executor.invokeAll(tasks);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public <T extends @Nullable Object> List<Future<T>> invokeAll(Collection<? extends Callable<T>> tasks, long timeout, TimeUnit unit)
      throws InterruptedException {
    try {
      return executor.invokeAll(tasks, timeout, unit);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public <T extends @Nullable Object> T invokeAny(Collection<? extends Callable<T>> tasks) throws InterruptedException, ExecutionException {
    try {
      return executor.invokeAny(tasks);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public <T extends @Nullable Object> T invokeAny(Collection<? extends Callable<T>> tasks, long timeout, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException {
    try {
      return executor.invokeAny(tasks, timeout, unit);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /** Returns the name and the state of the executor. */
  @Override
  public String toString() {
    ThreadPoolExecutor pool = poolOf(this);
    return "executor " + name + (isTerminated() ? ", terminated" : isShutdown() ? ", shutting down" : ", running")
        + (pool == null ? "" : ", " + pool.getActiveCount() + " tasks running, " + pool.getQueue().size() + " queued");
  }
}
