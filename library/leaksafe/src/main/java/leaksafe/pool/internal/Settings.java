package leaksafe.pool.internal;

import java.util.concurrent.Executor;
import leaksafe.FailureListener;
import leaksafe.LeakListener;
import leaksafe.Ticker;
import leaksafe.pool.Pool;
import org.jspecify.annotations.Nullable;

/**
 * What a pool was built with and needs for as long as it has objects; times in nanoseconds, {@link #NEVER} for those that were not set.
 *
 * @param ageJitter which share of the age is random, 0 to 1
 * @param sampleOneIn the site of one in so many leases is noted; 0 for none
 * @param executor for users' code that no caller waits for
 * @param ticker null for the system's time
 */
public record Settings<T>(
    String name,
    String creationSite,
    Pool.@Nullable Action<? super T> disposer,
    long idleNanos,
    long ageNanos,
    double ageJitter,
    long limitNanos,
    boolean reclaim,
    int sampleOneIn,
    FailureListener failureListener,
    LeakListener leakListener,
    Executor executor,
    @Nullable Ticker ticker) {

  /** A time that never comes. */
  public static final long NEVER = Long.MAX_VALUE;
}
