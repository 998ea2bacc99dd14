package leaksafe.resource.internal;

import java.lang.ref.Reference;
import java.util.concurrent.Callable;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import leaksafe.LeakListener;
import org.jspecify.annotations.Nullable;

/** The front of a scheduled executor; see {@link OwnedExecutorService}. */
final class OwnedScheduledExecutorService extends OwnedExecutorService implements ScheduledExecutorService {
  private final ScheduledExecutorService executor;

  OwnedScheduledExecutorService(String name, ScheduledExecutorService executor, OwnedThreads threads, @Nullable LeakListener listener) {
    super(name, executor, threads, listener);
    this.executor = executor;
  }

  @Override
  public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
    try {
      return executor.schedule(command, delay, unit);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public <V extends @Nullable Object> ScheduledFuture<V> schedule(Callable<V> callable, long delay, TimeUnit unit) {
    try {
      return executor.schedule(callable, delay, unit);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public ScheduledFuture<?> scheduleAtFixedRate(Runnable command, long initialDelay, long period, TimeUnit unit) {
    try {
      return executor.scheduleAtFixedRate(command, initialDelay, period, unit);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public ScheduledFuture<?> scheduleWithFixedDelay(Runnable command, long initialDelay, long delay, TimeUnit unit) {
    try {
      return executor.scheduleWithFixedDelay(command, initialDelay, delay, unit);
    } finally {
      Reference.reachabilityFence(this);
    }
  }
}
