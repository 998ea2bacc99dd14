package leaksafe.memo.internal;

import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import leaksafe.internal.Reaper;
import org.jspecify.annotations.Nullable;

/** What an asynchronous memo is built with, beside its name and its bound. Times in nanoseconds. Null means that an option was not set. */
public final class AsyncSettings {
  /** A time that never comes. */
  public static final long NEVER = Long.MAX_VALUE;

  private static final int MAXIMUM_LOADS = 1024;

  public @Nullable Integer maximumLoads;
  public @Nullable Long timeoutNanos;
  public @Nullable Long windowNanos;
  public int maximumBatch;
  public @Nullable Executor executor;

  /** Returns a copy that the builder does not change any more. */
  AsyncSettings copy() {
    AsyncSettings copy = new AsyncSettings();
    copy.maximumLoads = maximumLoads;
    copy.timeoutNanos = timeoutNanos;
    copy.windowNanos = windowNanos;
    copy.maximumBatch = maximumBatch;
    copy.executor = executor;
    return copy;
  }

  int maximumLoads() {
    return maximumLoads == null ? MAXIMUM_LOADS : maximumLoads;
  }

  /** Returns after how long a load is given up, {@link #NEVER} if it is not. */
  long timeoutNanos() {
    return timeoutNanos == null ? NEVER : timeoutNanos;
  }

  /** Returns for how long keys are gathered, {@link #NEVER} if they are not. */
  long windowNanos() {
    return windowNanos == null ? NEVER : windowNanos;
  }

  /** Returns what runs timeouts, batches, and functions that block. */
  public Executor executor() {
    return executor == null ? Reaper.userCodeExecutor() : executor;
  }

  boolean coalesces() {
    return windowNanos != null;
  }

  boolean isTimed() {
    return timeoutNanos != null || coalesces();
  }

  String timeoutText() {
    return TimeUnit.NANOSECONDS.toMillis(timeoutNanos()) + " ms";
  }
}
