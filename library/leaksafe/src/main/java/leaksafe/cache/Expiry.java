package leaksafe.cache;

import java.time.Duration;
import java.util.Objects;
import java.util.function.BiFunction;

/**
 * Says how long each entry lives.
 *
 * <p>It is asked outside every lock, and may be asked once more when other threads change the same key meanwhile. What it throws goes
 * to the caller, and nothing is stored. Durations are in nanoseconds: one of 0 or less has the entry expire at once,
 * {@link Long#MAX_VALUE} never.
 *
 * @param <K> the type of the keys
 * @param <V> the type of the values
 */
public interface Expiry<K, V> {

  /**
   * Returns for how long a new entry lives.
   *
   * @param currentTime the reading of the cache's clock, in nanoseconds
   */
  long expireAfterCreate(K key, V value, long currentTime);

  /**
   * Returns for how long an entry lives from now whose value is replaced; {@code currentDuration} to leave it as it is, as is done
   * unless this is overridden.
   *
   * @param value the new value
   * @param currentTime the reading of the cache's clock, in nanoseconds
   * @param currentDuration for how long it would live, in nanoseconds
   */
  default long expireAfterUpdate(K key, V value, long currentTime, long currentDuration) {
    return currentDuration;
  }

  /**
   * Returns for how long an entry lives from now that was read; {@code currentDuration} to leave it as it is, as is done unless this
   * is overridden. It is called on every hit: keep it short.
   *
   * @param currentTime the reading of the cache's clock, in nanoseconds
   * @param currentDuration for how long it would live, in nanoseconds
   */
  default long expireAfterRead(K key, V value, long currentTime, long currentDuration) {
    return currentDuration;
  }

  /** Returns the expiry that sets the lifetime when an entry is created, and leaves it as it is afterwards. */
  static <K, V> Expiry<K, V> creating(BiFunction<? super K, ? super V, Duration> lifetime) {
    Objects.requireNonNull(lifetime, "lifetime");
    return (key, value, now) -> Lifetimes.given(lifetime.apply(key, value));
  }

  /** Returns the expiry that sets the lifetime when an entry is created or its value replaced. */
  static <K, V> Expiry<K, V> writing(BiFunction<? super K, ? super V, Duration> lifetime) {
    Objects.requireNonNull(lifetime, "lifetime");
    return new Expiry<>() {
      @Override
      public long expireAfterCreate(K key, V value, long currentTime) {
        return Lifetimes.given(lifetime.apply(key, value));
      }

      @Override
      public long expireAfterUpdate(K key, V value, long currentTime, long currentDuration) {
        return Lifetimes.given(lifetime.apply(key, value));
      }
    };
  }

  /** Returns the expiry that sets the lifetime when an entry is created, its value replaced, or read. */
  static <K, V> Expiry<K, V> accessing(BiFunction<? super K, ? super V, Duration> lifetime) {
    Objects.requireNonNull(lifetime, "lifetime");
    return new Expiry<>() {
      @Override
      public long expireAfterCreate(K key, V value, long currentTime) {
        return Lifetimes.given(lifetime.apply(key, value));
      }

      @Override
      public long expireAfterUpdate(K key, V value, long currentTime, long currentDuration) {
        return Lifetimes.given(lifetime.apply(key, value));
      }

      @Override
      public long expireAfterRead(K key, V value, long currentTime, long currentDuration) {
        return Lifetimes.given(lifetime.apply(key, value));
      }
    };
  }
}
