package leaksafe.memo.internal;

import java.util.Objects;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.Predicate;
import leaksafe.RemovalListener;
import leaksafe.cache.Cache;
import leaksafe.cache.internal.Caches;
import leaksafe.cache.internal.SegmentedCache;
import leaksafe.cache.internal.Settings;
import org.jspecify.annotations.Nullable;

/**
 * The results that a memo remembers and, if it was told so, nulls and failures. A null is held as a marker among the results, a failure
 * in a second cache with a lifetime of its own.
 */
public final class Results<K, V extends @Nullable Object> {
  /** Stands for null in the cache. */
  private static final Object NOTHING = new Object();
  /** How many causes of an exception are looked at: they may go in circles. */
  private static final int CAUSES = 16;

  private final SegmentedCache<K, Object, ?> cache;
  private final @Nullable Cache<K, Throwable> failures;
  private final boolean nulls;
  private final Counts counts;

  /** Makes room for results. */
  public Results(MemoSettings settings, Counts counts) {
    Settings bounds = Objects.requireNonNull(settings.cache);
    Settings ofFailures = settings.failureSettings(bounds);
    Settings counting = bounds.copy();
    counting.hits = counts.hits; // by the cache, which is a reference nearer to each hit than this
    this.cache = Caches.buildPart(counting, settings.site());
    this.failures = ofFailures == null ? null : Caches.buildPart(ofFailures, settings.site());
    this.nulls = settings.nulls;
    this.counts = counts;
  }

  /** Returns a listener that is not told of nulls, which are no values. */
  @SuppressWarnings("unchecked") // the builder saw to it that the listener takes the keys and values
  static @Nullable RemovalListener<?, ?> forgivingNulls(@Nullable RemovalListener<?, ?> listener) {
    if (listener == null) {
      return null;
    }
    RemovalListener<Object, Object> told = (RemovalListener<Object, Object>) listener;
    return (key, value, cause) -> {
      if (value != NOTHING) {
        told.onRemoval(key, value, cause);
      }
    };
  }

  /** Returns what stands for the result, to be {@linkplain #reveal revealed}, or null if it is not remembered. */
  public @Nullable Object find(K key) {
    return cache.getIfPresent(key);
  }

  /** Returns the result, which is computed if it is not remembered. */
  public V get(K key, Function<? super K, ? extends V> function) {
    Object known = find(key);
    return known != null ? reveal(known) : compute(key, function);
  }

  /** Returns the result that was not found, which is computed now if nobody was quicker. */
  public V compute(K key, Function<? super K, ? extends V> function) {
    return compute(key, function, failure -> true);
  }

  /**
   * Returns the result that was not found, which is computed now if nobody was quicker.
   *
   * @param keepable whether an exception may be remembered
   */
  public V compute(K key, Function<? super K, ? extends V> function, Predicate<? super Exception> keepable) {
    Attempt attempt = new Attempt(function, keepable);
    boolean ended = false;
    try {
      Object result = cache.load(key, attempt);
      ended = true;
      return reveal(result);
    } finally {
      if (attempt.ran) {
        counts.misses.increment();
      } else if (ended || attempt.failedBefore) {
        counts.hits.increment();
      }
    }
  }

  /** Returns the result that something in the cache stands for. */
  @SuppressWarnings({"unchecked", "NullAway"}) // what is in the cache, the marker aside, came from the function
  public static <V extends @Nullable Object> V reveal(@Nullable Object known) {
    return known == NOTHING ? null : (V) known;
  }

  /** A call that did not find its result, and may find out that it has to compute it. */
  private final class Attempt implements Function<K, @Nullable Object> {
    private final Function<? super K, ? extends V> function;
    private final Predicate<? super Exception> keepable;
    boolean ran;
    boolean failedBefore;

    Attempt(Function<? super K, ? extends V> function, Predicate<? super Exception> keepable) {
      this.function = function;
      this.keepable = keepable;
    }

    @Override
    public @Nullable Object apply(K key) {
      Object result = failures == null ? run(key) : runUnlessItFails(failures, key);
      return result == null && nulls ? NOTHING : result;
    }

    private @Nullable Object run(K key) {
      ran = true;
      return function.apply(key);
    }

    /** The function runs as the loader of the failures, too: so an invalidation meanwhile keeps its failure from being stored. */
    private @Nullable Object runUnlessItFails(Cache<K, Throwable> known, K key) {
      Object[] result = new Object[1];
      Throwable failure = known.get(key, k -> {
        try {
          result[0] = run(k);
          return null;
        } catch (Exception e) { // errors are no results: no memory and no stack are left at one time only
          if (keepable.test(e) && !isInterrupt(e)) {
            return e;
          }
          throw e;
        }
      });
      if (failure != null) {
        failedBefore = !ran;
        throw Results.<RuntimeException>unchecked(failure);
      }
      return result[0];
    }
  }

  /** Returns whether the thread was interrupted, rather than that the function failed for its key: others would fare better. */
  private static boolean isInterrupt(Exception thrown) {
    if (Thread.currentThread().isInterrupted()) {
      return true;
    }
    Throwable at = thrown;
    for (int i = 0; at != null && i < CAUSES; i++, at = at.getCause()) {
      if (at instanceof InterruptedException) {
        return true;
      }
    }
    return false;
  }

  @SuppressWarnings("unchecked") // what a function threw is thrown again as it was, whatever its type
  private static <X extends Throwable> X unchecked(Throwable failure) throws X {
    throw (X) failure;
  }

  /** Forgets the key. */
  public void invalidate(K key) {
    if (failures != null) {
      failures.invalidate(key);
    }
    cache.invalidate(key);
  }

  /** Forgets all. */
  public void clear() {
    if (failures != null) {
      failures.invalidateAll();
    }
    cache.invalidateAll();
  }

  /** Returns about how many results, nulls and failures there are. */
  public long estimatedSize() {
    return cache.estimatedSize() + (failures == null ? 0 : failures.estimatedSize());
  }

  /** Returns the largest number, or weight, of results. */
  public OptionalLong maximum() {
    return cache.policy().maximum();
  }

  /** Returns what bounds it, in words. */
  public String bound() {
    return Caches.describe(cache).bound() + (failures == null ? "" : "; failures: " + Caches.describe(failures).bound());
  }

  /** Returns whether the user said so. */
  boolean isUnbounded() {
    return Caches.describe(cache).isUnbounded();
  }

  /** Releases now what has expired. */
  public void cleanUp() {
    cache.cleanUp();
    if (failures != null) {
      failures.cleanUp();
    }
  }
}
