package leaksafe.pool;

import leaksafe.pool.internal.Handlers;
import leaksafe.pool.internal.KeyedCore;

/**
 * Builds {@link KeyedPool}s. Every pool needs a {@link #maximumTotal}. Not safe for use by many threads; may build more than one pool.
 *
 * @param <K> the type of the keys
 * @param <T> the type of the objects
 */
public final class KeyedPoolBuilder<K, T> extends PoolOptions<T, KeyedPoolBuilder<K, T>> {
  private final KeyedPool.Opener<? super K, ? extends T> opener;
  private int maximumPerKey = Integer.MAX_VALUE;
  private int maximumTotal; // 0 until it is set

  KeyedPoolBuilder(KeyedPool.Opener<? super K, ? extends T> opener) {
    this.opener = opener;
  }

  @Override
  KeyedPoolBuilder<K, T> self() {
    return this;
  }

  /** Sets how many objects a key may have, at least 1; as many as all keys together if it is not set. */
  public KeyedPoolBuilder<K, T> maximumPerKey(int maximum) {
    this.maximumPerKey = checkAtLeastOne("maximumPerKey", maximum);
    return this;
  }

  /** Sets how many objects all keys together may have, at least 1. */
  public KeyedPoolBuilder<K, T> maximumTotal(int maximum) {
    this.maximumTotal = checkAtLeastOne("maximumTotal", maximum);
    return this;
  }

  /**
   * Returns a new pool, announced to the census.
   *
   * @throws IllegalStateException if no {@code maximumTotal} was set
   * @throws IllegalArgumentException if {@link #sampleSites} was not called and the system property is not a number from 0
   */
  public KeyedPool<K, T> build() {
    if (maximumTotal == 0) {
      throw new IllegalStateException("this pool would grow for ever: set maximumTotal(maximum)");
    }
    Handlers<K, T> handlers = handlers(opener);
    KeyedCore<K, T> core = new KeyedCore<>(settings(), Math.min(maximumPerKey, maximumTotal), maximumTotal);
    KeyedPool<K, T> pool = new KeyedPool<>(core, handlers);
    core.start(pool, opener.getClass());
    return pool;
  }

  static int checkAtLeastOne(String what, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(what + " must be at least 1, but was " + value);
    }
    return value;
  }
}
