package leaksafe.pool;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executor;
import leaksafe.FailureListener;
import leaksafe.LeakListener;
import leaksafe.Ticker;
import leaksafe.internal.CallSite;
import leaksafe.internal.Containers;
import leaksafe.internal.Reaper;
import leaksafe.internal.Sampling;
import leaksafe.pool.internal.Handlers;
import leaksafe.pool.internal.Settings;
import org.jspecify.annotations.Nullable;

/**
 * What can be set for pools with and without keys alike. Not safe for use by many threads; may build more than one pool.
 *
 * <p>No callback runs under a lock. What callbacks throw where no caller can be told goes to the failure listener and stops nothing.
 *
 * @param <T> the type of the objects
 * @param <B> the builder itself
 */
public abstract sealed class PoolOptions<T, B extends PoolOptions<T, B>> permits PoolBuilder, KeyedPoolBuilder {
  private static final int UNSET = -1;

  private @Nullable String name;
  private Pool.@Nullable Validator<? super T> validator;
  private Pool.@Nullable Action<? super T> reset;
  private Pool.@Nullable Action<? super T> disposer;
  private long idleNanos = Settings.NEVER;
  private long ageNanos = Settings.NEVER;
  private double ageJitter;
  private long limitNanos = Settings.NEVER;
  private boolean reclaim;
  private int sampleOneIn = UNSET;
  private FailureListener failureListener = FailureListener.logging();
  private LeakListener leakListener = LeakListener.logging();
  private Executor executor = Reaper.userCodeExecutor();
  private @Nullable Ticker ticker;

  PoolOptions() {}

  abstract B self();

  /** Sets the name that reports and messages carry. The default is made of the line that builds the pool. */
  public B name(String name) {
    this.name = Objects.requireNonNull(name, "name");
    return self();
  }

  /**
   * Sets what decides whether an idle object can be leased again; it runs on the acquiring thread each time. An object that it refuses, or on
   * which it fails, is disposed of, and another is opened.
   */
  public B validator(Pool.Validator<? super T> validator) {
    this.validator = Objects.requireNonNull(validator, "validator");
    return self();
  }

  /** Sets what makes an object ready for its next holder; it runs on the thread that closes the lease. An object on which it fails is disposed of. */
  public B reset(Pool.Action<? super T> reset) {
    this.reset = Objects.requireNonNull(reset, "reset");
    return self();
  }

  /** Sets what disposes of an object, once for each object. The default closes objects that are {@link AutoCloseable}. */
  public B disposer(Pool.Action<? super T> disposer) {
    this.disposer = Objects.requireNonNull(disposer, "disposer");
    return self();
  }

  /**
   * Has objects above the minimum, which is 0 where there are keys, disposed of that were idle for so long, at least a millisecond. At most two
   * seconds late, never early.
   */
  public B expireAfterIdle(Duration time) {
    this.idleNanos = nanos(time, "expireAfterIdle", 1_000_000);
    return self();
  }

  /** Has objects disposed of that are older than this, as {@link #expireAfterCreate(Duration, double)} with no jitter. */
  public B expireAfterCreate(Duration age) {
    return expireAfterCreate(age, 0);
  }

  /**
   * Has objects disposed of that are older than this. They are never leased then (a clock tick of 10 ms aside), and are disposed of within a
   * second when they are idle.
   *
   * @param age at least a millisecond
   * @param jitter from 0 to 1: each object lives for a random part of the age, {@code 1 - jitter} of it at least, lest all are renewed at once
   */
  public B expireAfterCreate(Duration age, double jitter) {
    if (!(jitter >= 0 && jitter <= 1)) {
      throw new IllegalArgumentException("jitter must be from 0 to 1, but was " + jitter);
    }
    this.ageNanos = nanos(age, "expireAfterCreate", 1_000_000);
    this.ageJitter = jitter;
    return self();
  }

  /** Has leases reported to the leak listener, as {@code overdue lease}, that are held for longer; at least a millisecond. */
  public B leaseLimit(Duration limit) {
    this.limitNanos = nanos(limit, "leaseLimit", 1_000_000);
    this.reclaim = false;
    return self();
  }

  /**
   * Has leases reported as {@link #leaseLimit} does, and taken back: the lease is closed, its capacity free, and its object disposed of although
   * its holder may be using it. For objects that stand this, such as connections.
   */
  public B leaseLimitWithReclaim(Duration limit) {
    leaseLimit(limit);
    this.reclaim = true;
    return self();
  }

  /**
   * Has the acquiring line noted for one in so many leases, chosen at random; 1 means each of them, for a microsecond a lease, and 0 none.
   * The default is what the system property {@code leaksafe.sampling} says, else 128. Above 1, at most some 64 are noted in a tenth
   * of a second; after the first dropped or overdue lease, as many are noted as that allows.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public B sampleSites(int oneIn) {
    this.sampleOneIn = Sampling.check("sampleSites", oneIn);
    return self();
  }

  /** Sets who is told of what callbacks threw. The default logs. */
  public B failureListener(FailureListener listener) {
    this.failureListener = Objects.requireNonNull(listener, "listener");
    return self();
  }

  /** Sets who is told of dropped and overdue leases, on the executor. The default logs. */
  public B leakListener(LeakListener listener) {
    this.leakListener = Objects.requireNonNull(listener, "listener");
    return self();
  }

  /**
   * Sets what runs the callbacks that no caller waits for. The default is the common pool. If it refuses a task, the common pool runs it; of a task
   * that it takes and never runs, the place of an object is lost. One that runs a task on the thread that hands it over holds up all the upkeep of
   * the library meanwhile.
   */
  public B executor(Executor executor) {
    this.executor = Objects.requireNonNull(executor, "executor");
    return self();
  }

  /** Sets the clock for ages and limits, for tests. Timeouts of waiting threads go by the system's time. */
  public B ticker(Ticker ticker) {
    this.ticker = Objects.requireNonNull(ticker, "ticker");
    return self();
  }

  /** Returns what was set. */
  Settings<T> settings() {
    String site = CallSite.capture();
    return new Settings<>(name == null ? Containers.defaultName("pool", site) : name, site, disposer, idleNanos, ageNanos, ageJitter,
        limitNanos, reclaim, sampleOneIn == UNSET ? Sampling.usual() : sampleOneIn, failureListener, leakListener, executor, ticker);
  }

  /** Returns the opener with what was set that goes with it. */
  <K> Handlers<K, T> handlers(KeyedPool.Opener<? super K, ? extends T> opener) {
    return new Handlers<>(opener, validator, reset);
  }

  static IllegalArgumentException negative(Duration timeout) {
    return new IllegalArgumentException("timeout must be at least zero, but was " + timeout);
  }

  /** Returns the time in nanoseconds, the largest number for what is longer than 292 years. */
  static long nanos(Duration time, String what, long least) {
    Objects.requireNonNull(time, what);
    if (time.compareTo(Duration.ofNanos(least)) < 0) {
      throw new IllegalArgumentException(
          what + " must be at least " + (least == 0 ? "zero" : Duration.ofNanos(least).toMillis() + " ms") + ", but was " + time);
    }
    return time.compareTo(Duration.ofNanos(Long.MAX_VALUE)) >= 0 ? Long.MAX_VALUE : time.toNanos();
  }
}
