package leaksafe.cache;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import leaksafe.FailureListener;
import leaksafe.LeakListener;
import leaksafe.Ticker;
import leaksafe.cache.internal.lease.LeaseCore;
import leaksafe.cache.internal.lease.LeaseSettings;
import leaksafe.internal.CallSite;
import leaksafe.internal.Containers;
import leaksafe.internal.Once;
import leaksafe.internal.Reaper;
import leaksafe.internal.Sampling;
import org.jspecify.annotations.Nullable;

/**
 * Builds {@link LeaseCache}s. Every one needs a {@link #maximumOpen}. Each option may be set once. Not safe for use by many threads; may build more
 * than one cache.
 *
 * @param <K> the type of the keys
 * @param <V> the type of the values that the options so far can deal with
 */
public final class LeaseCacheBuilder<K, V> {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  // Null means that an option was not set.
  private @Nullable String name;
  private @Nullable Integer maximumOpen;
  private @Nullable Long writeNanos;
  private @Nullable Long accessNanos;
  private @Nullable Long timeoutNanos;
  private LeaseCache.@Nullable Closer<? super V> closer;
  private @Nullable Integer sampleOneIn;
  private @Nullable FailureListener failureListener;
  private @Nullable LeakListener leakListener;
  private @Nullable Executor executor;
  private @Nullable Ticker ticker;

  LeaseCacheBuilder() {}

  /** Sets the name that reports and messages carry. The default is made of the line that builds the cache. */
  public LeaseCacheBuilder<K, V> name(String name) {
    this.name = Once.set(this.name, Objects.requireNonNull(name, "name"), "name");
    return this;
  }

  /**
   * Bounds the number of values that are open at a time: leased or idle, being opened or closed, evicted but still in use.
   *
   * @param maximum at least 1
   */
  public LeaseCacheBuilder<K, V> maximumOpen(int maximum) {
    if (maximum < 1) {
      throw new IllegalArgumentException("maximumOpen must be at least 1, but was " + maximum);
    }
    this.maximumOpen = Once.set(maximumOpen, maximum, "maximumOpen");
    return this;
  }

  /** Has a value no longer leased when so much time has passed since it was opened, and closed after its last lease. */
  public LeaseCacheBuilder<K, V> expireAfterWrite(Duration lifetime) {
    this.writeNanos = Once.setTime(writeNanos, Lifetimes.positiveNanos(lifetime, "expireAfterWrite"), "expireAfterWrite");
    return this;
  }

  /** Has a value closed that had no lease for so long. */
  public LeaseCacheBuilder<K, V> expireAfterAccess(Duration lifetime) {
    this.accessNanos = Once.setTime(accessNanos, Lifetimes.positiveNanos(lifetime, "expireAfterAccess"), "expireAfterAccess");
    return this;
  }

  /**
   * Sets how long a thread waits, for room or for another thread that opens the same key; 30 seconds unless told otherwise.
   *
   * @param timeout at least zero, which means not to wait
   */
  public LeaseCacheBuilder<K, V> acquireTimeout(Duration timeout) {
    this.timeoutNanos = Once.setTime(timeoutNanos, timeoutNanos(timeout, "acquireTimeout"), "acquireTimeout");
    return this;
  }

  /** Sets what closes a value, once for each. Values that are {@link AutoCloseable} are closed without. */
  @SuppressWarnings("unchecked") // the options so far accept every V, and with it every V1
  public <V1 extends V> LeaseCacheBuilder<K, V1> closer(LeaseCache.Closer<? super V1> closer) {
    LeaseCacheBuilder<K, V1> narrowed = (LeaseCacheBuilder<K, V1>) this;
    narrowed.closer = Once.set(this.closer, Objects.requireNonNull(closer, "closer"), "closer");
    return narrowed;
  }

  /**
   * Has the acquiring line noted for one in so many leases, chosen at random, and for 64 a tenth of a second at most; the default is 128, 1
   * means each of them without a limit, for a microsecond or two a lease, 0 none. After the first dropped lease the next 64 are noted each
   * time, unless this is 0.
   */
  public LeaseCacheBuilder<K, V> sampleSites(int oneIn) {
    this.sampleOneIn = Once.set(sampleOneIn, Sampling.check("sampleSites", oneIn), "sampleSites");
    return this;
  }

  /** Sets who is told of what closers threw. The default logs. */
  public LeaseCacheBuilder<K, V> failureListener(FailureListener listener) {
    this.failureListener = Once.set(failureListener, Objects.requireNonNull(listener, "listener"), "failureListener");
    return this;
  }

  /** Sets who is told of dropped leases, on the executor. The default logs. */
  public LeaseCacheBuilder<K, V> leakListener(LeakListener listener) {
    this.leakListener = Once.set(leakListener, Objects.requireNonNull(listener, "listener"), "leakListener");
    return this;
  }

  /** Sets what runs closers and listeners that no caller waits for. The default is the common pool. */
  public LeaseCacheBuilder<K, V> executor(Executor executor) {
    this.executor = Once.set(this.executor, Objects.requireNonNull(executor, "executor"), "executor");
    return this;
  }

  /** Sets the clock for lifetimes, for tests. Timeouts of waiting threads go by the system's time. */
  public LeaseCacheBuilder<K, V> ticker(Ticker ticker) {
    this.ticker = Once.set(this.ticker, Objects.requireNonNull(ticker, "ticker"), "ticker");
    return this;
  }

  /**
   * Returns a new cache, announced to the census.
   *
   * @throws IllegalStateException if maximumOpen was not set
   */
  public <K1 extends K, V1 extends V> LeaseCache<K1, V1> build() {
    if (maximumOpen == null) {
      throw new IllegalStateException("this cache would open values without end: set maximumOpen");
    }
    String site = CallSite.capture();
    LeaseCore<K1, V1> core = new LeaseCore<>(new LeaseSettings<V1>(
        or(name, () -> Containers.defaultName("leases", site)), site, maximumOpen, or(writeNanos, () -> LeaseSettings.NEVER),
        or(accessNanos, () -> LeaseSettings.NEVER), or(timeoutNanos, TIMEOUT::toNanos), closer, or(sampleOneIn, Sampling::usual),
        or(failureListener, FailureListener::logging), or(leakListener, LeakListener::logging), or(executor, Reaper::userCodeExecutor),
        ticker));
    LeaseCache<K1, V1> cache = new LeaseCache<>(core);
    core.start(cache);
    return cache;
  }

  private static <T> T or(@Nullable T set, Supplier<? extends T> usual) {
    return set != null ? set : usual.get();
  }

  static long timeoutNanos(Duration timeout, String what) {
    Objects.requireNonNull(timeout, what);
    if (timeout.isNegative()) {
      throw new IllegalArgumentException(what + " must be at least zero, but was " + timeout);
    }
    return Lifetimes.nanos(timeout);
  }
}
