package leaksafe.cache.internal.lease;

import java.time.Duration;
import java.util.concurrent.Executor;
import leaksafe.FailureListener;
import leaksafe.LeakListener;
import leaksafe.Ticker;
import leaksafe.cache.LeaseCache;
import org.jspecify.annotations.Nullable;

/**
 * What a lease cache was built with; times in nanoseconds, {@link #NEVER} for those that were not set.
 *
 * @param closer null to close values that are {@link AutoCloseable}
 * @param sampleOneIn the site of one in so many leases is noted, 0 for none
 * @param executor for users' code that no caller waits for
 * @param ticker null for the system's time
 */
public record LeaseSettings<V>(
    String name,
    String creationSite,
    int maximumOpen,
    long writeNanos,
    long accessNanos,
    long timeoutNanos,
    LeaseCache.@Nullable Closer<? super V> closer,
    int sampleOneIn,
    FailureListener failureListener,
    LeakListener leakListener,
    Executor executor,
    @Nullable Ticker ticker) {

  /** A time that never comes. */
  public static final long NEVER = Long.MAX_VALUE;

  boolean isTimed() {
    return writeNanos != NEVER || accessNanos != NEVER;
  }

  /** Returns in how many nanoseconds the value expires, if it is not used before; 0 or less if it has. */
  long dueIn(Held<?, V> held, long now) {
    long due = NEVER;
    if (writeNanos != NEVER) {
      due = writeNanos - (now - held.openedAt);
    }
    if (accessNanos != NEVER && held.isIdle()) {
      due = Math.min(due, accessNanos - (now - held.lastUsed()));
    }
    return due;
  }

  String bound() {
    return "maximumOpen " + maximumOpen + (writeNanos == NEVER ? "" : ", expireAfterWrite " + Duration.ofNanos(writeNanos))
        + (accessNanos == NEVER ? "" : ", expireAfterAccess " + Duration.ofNanos(accessNanos));
  }
}
