package leaksafe.cache;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A map in memory that lets go: it cannot be built without a bound, a lifetime or a weak hold, unless {@link CacheBuilder#unbounded()}
 * is said.
 *
 * <p><b>Bound.</b> A maximum is exact: at no instant does the cache hold one entry, or one unit of weight, more. And what fits is
 * kept: no entry is evicted while there is room. The two do not depend on the number of threads.
 *
 * <p><b>Lifetime.</b> An expired value is not returned later than one tick of the clock (10 ms; see {@link CacheBuilder#exactClock()})
 * after its time, and may go as much earlier. It is released, and the removal listener told, within 250 ms or 5 % of its lifetime,
 * whichever is larger, though nobody uses the cache.
 *
 * <p><b>Cost.</b> A hit takes no lock, allocates nothing and writes at most one bit, and that only if it is clear
 * ({@link Eviction#LRU} aside). A put of a present key takes no lock in a cache without lifetimes and weights; any other change takes
 * the lock of one segment once, for constant time. An entry costs about 46 bytes beyond the key and the value, an inserting put
 * allocates one object.
 *
 * <p><b>Threads.</b> Safe for use by many threads, virtual ones too. Loaders, weighers, {@link Expiry} and listeners run outside
 * every lock and may use this cache; {@code equals} and {@code hashCode} of the keys run under a segment's lock and may not.
 *
 * <p><b>Memory effects.</b> What a thread did before it put a value happens-before what another does after it got that value.
 *
 * <p><b>Nulls.</b> Neither keys nor values may be null. Every method throws {@link NullPointerException} with the name of the
 * parameter that is.
 *
 * <p><b>Not promised.</b> That a value that was put is there afterwards: with {@link Eviction#ADAPTIVE} a newcomer may be evicted
 * before what has proved useful. That a key is found whose {@code hashCode} changed since it was put: such an entry is reported by
 * the name of its class when it is evicted.
 *
 * <pre>{@code
 * Cache<Long, Order> orders = Cache.builder()
 *     .maximumSize(10_000)
 *     .expireAfterWrite(Duration.ofMinutes(5))
 *     .build();
 * Order order = orders.get(42L, dao::find);
 * }</pre>
 *
 * @param <K> the type of the keys
 * @param <V> the type of the values
 */
public interface Cache<K, V> {

  /** Returns a builder without any bound: at least one must be set. */
  static <K, V> CacheBuilder<K, V> builder() {
    return new CacheBuilder<>();
  }

  /** Returns the value of the key, or null if there is none. */
  @Nullable V getIfPresent(K key);

  /**
   * Returns the value of the key, and has it computed and stored if there is none.
   *
   * <p>The loader runs once for a key at a time: other callers of the same key wait for it, callers of other keys do not. It may use
   * this cache and others, load other keys, and put or invalidate its own: then what it returns is returned here but not stored.
   * If it returns null, null is returned and nothing stored, and if it throws, nothing is stored either; callers that waited then try
   * their own loaders, one after the other.
   *
   * <p><b>Not promised.</b> That cycles are seen that lead through something else than loaders of caches and functions of weak registries that wait for
   * each other, for example through a future.
   *
   * @throws IllegalStateException if the key waits for itself, directly or through the loaders of other keys, caches and threads; the
   *     message names the keys in order
   */
  @Nullable V get(K key, Function<? super K, ? extends @Nullable V> loader);

  /** Returns those of the keys that are present with their values, in the order of the keys, in a map of the caller's own. */
  Map<K, V> getAllPresent(Iterable<? extends K> keys);

  /**
   * Returns the values of the keys, in their order, and has those that are absent computed in one call.
   *
   * <p>Keys that another thread is loading are waited for instead of loaded again, after the bulk loader has returned. What the bulk
   * loader returns beyond the keys asked for is stored but not returned; keys that it leaves out are absent from the result.
   *
   * @param bulkLoader is given the absent keys, at least one, in an unmodifiable set
   * @throws IllegalStateException as {@link #get(Object, Function)}
   */
  Map<K, V> getAll(Iterable<? extends K> keys, Function<? super Set<? extends K>, ? extends Map<? extends K, ? extends V>> bulkLoader);

  /** Stores the value. Does not wait for a loader of the key: what that returns is then not stored. */
  void put(K key, V value);

  /**
   * Stores the value for at most the given time, which takes the place of {@code expireAfterWrite} and {@code expireAfter} for this
   * value; {@code expireAfterAccess} applies besides.
   *
   * @param lifetime at least 1 ns
   * @throws IllegalArgumentException if the lifetime is not positive
   * @throws IllegalStateException if the cache was built with neither {@code expireAfterWrite} nor {@code expireAfter}
   */
  void put(K key, V value, Duration lifetime);

  /**
   * Stores the value in the given groups, which take the place of those that the function of {@link CacheBuilder#groups(BiFunction)
   * groups} says, for {@link #invalidateGroup}. A value that a loader, a reloader or a computation stores for the key later is in the groups
   * that the function says.
   *
   * @param groups none for an empty collection; copied
   * @throws IllegalStateException if the cache was built without {@code groups}
   */
  void put(K key, V value, Collection<?> groups);

  /** Stores every pair of the map, one after the other. */
  void putAll(Map<? extends K, ? extends V> map);

  /**
   * Removes the key. Does not wait for a loader of the key that is running: what that returns is not stored, so that no value is left
   * that was loaded before the invalidation.
   */
  void invalidate(K key);

  /** Invalidates each of the keys. */
  void invalidateAll(Iterable<? extends K> keys);

  /** Invalidates every key that was present, or being loaded, when the call began. */
  void invalidateAll();

  /**
   * Removes every entry that carries the group, see {@link CacheBuilder#groups}, and has loads that are running and turn out to be of the
   * group return their values without storing them. Entries that are written while this runs may stay.
   *
   * <p><b>Cost.</b> Proportional to the number of those entries, however many there are besides.
   *
   * @return how many entries were removed
   * @throws IllegalStateException if the cache was built without {@code groups}
   */
  long invalidateGroup(Object group);

  /** Returns about how many entries there are: those that expired or lost a weak reference and were not yet released count. O(1). */
  long estimatedSize();

  /** Returns the counters; all zero unless the cache was built with {@link CacheBuilder#recordStats()}. */
  CacheStats stats();

  /**
   * Returns this cache as a map that writes through. All of its methods are atomic for a key, its iterators are weakly consistent:
   * they return every key that was there all along exactly once and never throw {@link java.util.ConcurrentModificationException}.
   * {@code compute}, {@code merge} and the like run their function once, outside every lock, while other changes of the same key wait
   * or, those of {@link Cache} itself, take precedence.
   *
   * <p>Its size is the {@link #estimatedSize}. So it equals another map only when what expired has been released, see {@link #cleanUp}.
   *
   * <p>Reading through the map counts in the {@link #stats} as it does here.
   */
  ConcurrentMap<K, V> asMap();

  /** Returns a view of what the cache knows about its bound, its order and the age of its entries. */
  CachePolicy<K, V> policy();

  /** Releases now what expired or lost a weak reference. Needed in tests with a {@link leaksafe.Ticker} of their own only. */
  void cleanUp();

  /** Returns the name given to the builder, or one made of the place where the cache was built. */
  String name();
}
