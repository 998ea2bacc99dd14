package leaksafe.pool;

import leaksafe.pool.internal.Handlers;
import leaksafe.pool.internal.PoolCore;

/**
 * Builds {@link Pool}s. Every pool needs a {@link #size}. Not safe for use by many threads; may build more than one pool.
 *
 * @param <T> the type of the objects
 */
public final class PoolBuilder<T> extends PoolOptions<T, PoolBuilder<T>> {
  private final Pool.Opener<? extends T> opener;
  private int minimum;
  private int maximum; // 0 until it is set

  PoolBuilder(Pool.Opener<? extends T> opener) {
    this.opener = opener;
  }

  @Override
  PoolBuilder<T> self() {
    return this;
  }

  /**
   * Sets the bounds of the number of objects.
   *
   * @param minimum how many the pool keeps, at least 0; they are opened on the executor, beginning soon after the pool is built
   * @param maximum how many there may be, at least 1 and at least the minimum
   */
  public PoolBuilder<T> size(int minimum, int maximum) {
    checkSize(minimum, maximum);
    this.minimum = minimum;
    this.maximum = maximum;
    return this;
  }

  /**
   * Returns a new pool, announced to the census.
   *
   * @throws IllegalStateException if no size was set
   * @throws IllegalArgumentException if {@link #sampleSites} was not called and the system property is not a number from 0
   */
  public Pool<T> build() {
    if (maximum == 0) {
      throw new IllegalStateException("this pool would grow for ever: set size(minimum, maximum)");
    }
    Pool.Opener<? extends T> own = opener;
    Handlers<String, T> handlers = handlers(key -> own.open());
    PoolCore<T> core = new PoolCore<>(settings(), handlers, minimum, maximum);
    Pool<T> pool = new Pool<>(core, handlers);
    core.start(pool, own.getClass());
    return pool;
  }

  static void checkSize(int minimum, int maximum) {
    if (maximum < 1) {
      throw new IllegalArgumentException("maximum must be at least 1, but was " + maximum);
    }
    if (minimum < 0 || minimum > maximum) {
      throw new IllegalArgumentException("minimum must be from 0 to the maximum of " + maximum + ", but was " + minimum);
    }
  }
}
