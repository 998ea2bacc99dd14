package leaksafe.memo;

import java.time.Duration;
import java.util.Objects;
import java.util.function.Function;
import leaksafe.cache.CacheBuilder;
import leaksafe.cache.internal.Caches;
import leaksafe.internal.Once;
import leaksafe.memo.internal.MemoSettings;
import leaksafe.registry.CyclePolicy;
import leaksafe.registry.Host;
import org.jspecify.annotations.Nullable;

/**
 * The options of a memo. Each may be set once. Not safe for use by many threads; may serve any number of memos, which share nothing.
 *
 * <pre>{@code
 * Memo<Long, Rate> rates = Memo.builder(Cache.builder().maximumSize(1000)).cacheNulls().build(client::rate);
 * }</pre>
 *
 * @param <K> the type of the keys that the options so far can deal with
 * @param <V> the type of the results that the options so far can deal with
 */
public final class MemoBuilder<K, V extends @Nullable Object> {
  private final MemoSettings settings = new MemoSettings();

  MemoBuilder() {}

  MemoBuilder(CacheBuilder<? super K, ? super V> bounds) {
    settings.cache = Caches.settingsOf(bounds);
  }

  /** Names the memo, for the census and reports. Without it the name is made of the place where the memo is built. */
  public MemoBuilder<K, V> name(String name) {
    settings.name = Once.set(settings.name, Objects.requireNonNull(name, "name"), "name");
    return this;
  }

  /**
   * Has nulls remembered as other results are; the removal listener is not told of them. Without this a null is returned and forgotten.
   * Excludes a weigher and {@code expireAfter(Expiry)}, which cannot judge a null.
   */
  public MemoBuilder<K, V> cacheNulls() {
    settings.nulls = true;
    return this;
  }

  /**
   * Has exceptions of the function, but not errors, remembered for so long: the same exception object is thrown again. As many are kept as
   * there may be results, 128 if those are not bounded by their number. Without this every call after a failure tries anew.
   *
   * <p>An interrupt of the thread that ran the function says nothing about the key, so it is not remembered: neither an
   * {@link InterruptedException}, nor what has one as its cause, nor what is thrown while the thread is interrupted.
   *
   * @param lifetime longer than 0, at most a day
   * @throws IllegalArgumentException if the lifetime is not in that range
   */
  public MemoBuilder<K, V> cacheFailures(Duration lifetime) {
    Objects.requireNonNull(lifetime, "lifetime");
    if (lifetime.isNegative() || lifetime.isZero() || lifetime.compareTo(Duration.ofDays(1)) > 0) {
      // An exception gathers what callers add to it as suppressed, and may hold anything: it must go in the end.
      throw new IllegalArgumentException("cacheFailures must be longer than 0 and at most 24 hours, but was " + lifetime);
    }
    settings.failures = Once.set(settings.failures, lifetime, "cacheFailures");
    return this;
  }

  /**
   * Says, for {@link Memo#perInstance}, what to do with a result or key that reaches its instance where the results do not live in the
   * instance. Without it such a result is refused.
   */
  public MemoBuilder<K, V> onCycle(CyclePolicy policy) {
    settings.onCycle = Once.set(settings.onCycle, Objects.requireNonNull(policy, "policy"), "onCycle");
    return this;
  }

  /**
   * Names, for {@link Memo#perInstance}, a place for results in instances of that type and its subtypes.
   *
   * @throws IllegalStateException if the type has a host already
   */
  public <T> MemoBuilder<K, V> host(Class<T> type, Host<? super T> host) {
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(host, "host");
    settings.hosts.put(type, Once.set(settings.hosts.get(type), host, "host for " + type.getName()));
    return this;
  }

  /**
   * Returns a memo of the function with these options, as {@link Memo#of(Function, MemoBuilder)} does. Suppliers, functions of two arguments and
   * methods of many objects are given to {@link Memo#ofSupplier(java.util.function.Supplier, MemoBuilder) ofSupplier}, {@code ofBiFunction} and
   * {@code perInstance} together with this.
   *
   * @throws IllegalStateException if nothing is set that ends its growth, or options contradict each other
   */
  public <K1 extends K, V1 extends V> Memo<K1, V1> build(Function<? super K1, ? extends V1> function) {
    return Memo.of(function, this);
  }

  MemoSettings settings() {
    return settings;
  }
}
