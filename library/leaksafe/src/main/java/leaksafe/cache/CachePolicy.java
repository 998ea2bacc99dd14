package leaksafe.cache;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What a cache knows about its bound, its order and the age of its entries. Looking here changes nothing: no entry becomes hotter, no
 * lifetime longer, no counter larger.
 *
 * @param <K> the type of the keys
 * @param <V> the type of the values
 */
public interface CachePolicy<K, V> {

  /** Returns how it is decided what leaves. */
  Eviction eviction();

  /** Returns the maximum size or weight, or empty if there is none. Takes no lock. */
  OptionalLong maximum();

  /**
   * Changes the maximum size or weight. When this returns the cache holds no more, and it never again does; other threads go on using
   * it meanwhile. Entries whose values are being computed at that moment are not evicted: what is too much by them leaves with the next write after that.
   *
   * <p><b>Cost.</b> Constant, and for a smaller maximum an eviction for each entry too many, under no lock for longer than some of them.
   *
   * @param maximum at least 1
   * @throws IllegalArgumentException if the maximum is below 1
   * @throws IllegalStateException if the cache was built without a maximum
   */
  void setMaximum(long maximum);

  /** Returns the sum of the weights, or empty if the cache has no {@link Weigher}. Takes no lock. */
  OptionalLong weightedSize();

  /** Returns what {@link MemoryPressure} did to the maximum, or empty if the cache does not watch the heap. */
  Optional<PressureStats> pressure();

  /**
   * Returns up to so many entries, the one that is the first to leave first. Exact with {@link Eviction#LRU} and
   * {@link Eviction#FIFO} while nobody changes the cache, an estimate by use and frequency else. O(n log n) for n entries.
   *
   * @param limit at least 0
   */
  Map<K, V> coldest(int limit);

  /** Returns up to so many entries, the last to leave first. As {@link #coldest}. */
  Map<K, V> hottest(int limit);

  /**
   * Returns all entries, hottest first, with what is left of their lives, to be written somewhere and restored later. No lock is held for
   * more than a segment, so changes by others meanwhile may or may not be in it. O(n log n), and a list of all entries.
   */
  CacheSnapshot<K, V> snapshot();

  /**
   * Stores the entries of a snapshot whose keys are absent: as many as there is room for, the hottest of them, so that nothing is
   * evicted and what is there takes precedence. Lifetimes go on from when the snapshot was taken, by the clock on the wall, and what expired since is
   * left out; no value lives longer than this cache lets it. In a cache that refreshes, a restored value is stale. With
   * {@link Eviction#LRU} and {@link Eviction#FIFO} the order is that of the snapshot; with {@link Eviction#ADAPTIVE} the hotter half counts as used.
   *
   * @return how many entries were stored
   */
  int restore(CacheSnapshot<? extends K, ? extends V> snapshot);

  /**
   * Returns how long ago the value was written or, in a cache with {@code expireAfterAccess} only, last used; empty if the key is
   * absent or the cache does not know since its lifetimes are variable or unlimited.
   */
  Optional<Duration> ageOf(K key);

  /** Returns after which time the value expires unless it is used or written before; empty if the key is absent or never expires. */
  Optional<Duration> expiresIn(K key);

  /** Returns the value as {@link Cache#getIfPresent}, without any effect on the entry or the counters. */
  @Nullable V getIfPresentQuietly(K key);
}
