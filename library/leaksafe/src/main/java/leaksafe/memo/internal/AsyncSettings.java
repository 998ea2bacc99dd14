package leaksafe.memo.internal;

import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import leaksafe.internal.Reaper;

/** What an asynchronous memo is built with, beside its name and its bound. Times in nanoseconds. */
public final class AsyncSettings {
  /** A time that never comes. */
  public static final long NEVER = Long.MAX_VALUE;

  public int maximumLoads = 1024;
  public long timeoutNanos = NEVER;
  public long windowNanos = NEVER;
  public int maximumBatch;
  public Executor executor = Reaper.userCodeExecutor();

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

  boolean coalesces() {
    return windowNanos != NEVER;
  }

  boolean isTimed() {
    return timeoutNanos != NEVER || coalesces();
  }

  String timeoutText() {
    return TimeUnit.NANOSECONDS.toMillis(timeoutNanos) + " ms";
  }
}
