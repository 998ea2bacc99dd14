package leaksafe.bench.cache;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import leaksafe.cache.Budget;
import leaksafe.cache.CacheBuilder;
import org.cache2k.Cache2kBuilder;

/**
 * A cache under test. In one JVM there is only one implementation at a time, so that its calls are inlined as in a real program.
 *
 * @param <K> the type of the keys
 * @param <V> the type of the values
 */
abstract class Peer<K, V> {
  private static final Duration LONG = Duration.ofHours(1);

  /** The lifetime of the entries: none, or an hour since they were written or used; or they are reloaded an hour after they were written. */
  enum Lifetime { NONE, WRITE, ACCESS, REFRESH }

  abstract V get(K key);

  abstract void put(K key, V value);

  abstract V getOrLoad(K key, Function<? super K, ? extends V> loader);

  abstract void remove(K key);

  abstract long size();

  /** Finishes what the implementation does later by itself. */
  void settle() {}

  /**
   * Makes an implementation by its name: leaksafe, caffeine, cache2k, guava, chm (a ConcurrentHashMap, unbounded) or lru. One with
   * {@code -listener} tells a removal listener, as its builder has it by default: ours on the caller, Caffeine on the common pool;
   * {@code caffeine-evictions} tells its other kind of listener, on the caller.
   */
  static <K, V> Peer<K, V> of(String implementation, int maximum, Lifetime lifetime) {
    return switch (implementation) {
      case "leaksafe" -> new Leaksafe<>(Leaksafe.bounded(maximum), lifetime);
      case "leaksafe-weak" -> new Leaksafe<>(Leaksafe.<K, V>bounded(maximum).weakKeys(), lifetime);
      case "leaksafe-budget" -> new Leaksafe<>(Leaksafe.<K, V>sharing(maximum), lifetime);
      case "leaksafe-listener" -> new Leaksafe<>(Leaksafe.<K, V>bounded(maximum).removalListener(Peer::told), lifetime);
      case "caffeine" -> new Caffeine<>(Caffeine.bounded(maximum), lifetime);
      case "caffeine-weak" -> new Caffeine<>(Caffeine.bounded(maximum).weakKeys(), lifetime);
      case "caffeine-listener" -> new Caffeine<>(Caffeine.bounded(maximum).removalListener(Peer::told), lifetime);
      case "caffeine-evictions" -> new Caffeine<>(Caffeine.bounded(maximum).evictionListener(Peer::told), lifetime);
      case "cache2k" -> new Cache2k<>(maximum, lifetime);
      case "guava" -> new Guava<>(maximum, lifetime);
      case "chm" -> new Unbounded<>(maximum);
      case "lru" -> new Lru<>(maximum);
      default -> throw new IllegalArgumentException(
          "impl must be leaksafe, caffeine, cache2k, guava, chm or lru (leaksafe and caffeine also with -weak or -listener, leaksafe with -budget,"
              + " caffeine with -evictions), but was " + implementation);
    };
  }

  private static void told(Object key, Object value, Object cause) {
    if (key == null || value == null || cause == null) {
      throw new IllegalStateException("told of " + key + " and " + value + ", which left for " + cause);
    }
  }

  private static void refuse(Lifetime lifetime) {
    if (lifetime == Lifetime.REFRESH) {
      throw new IllegalArgumentException("impl must be leaksafe or caffeine for entries that are reloaded");
    }
  }

  private static final class Leaksafe<K, V> extends Peer<K, V> {
    private final leaksafe.cache.Cache<K, V> cache;

    static <K, V> CacheBuilder<K, V> bounded(int maximum) {
      return leaksafe.cache.Cache.<K, V>builder().maximumSize(maximum);
    }

    /** Has the maximum shared with a small cache that is full: it gives way at once. */
    static <K, V> CacheBuilder<K, V> sharing(int maximum) {
      Budget budget = Budget.ofWeight(maximum);
      leaksafe.cache.Cache<Integer, Integer> other = leaksafe.cache.Cache.builder().budget(budget).build();
      for (int i = 0; i < 1000; i++) {
        other.put(i, i);
      }
      return leaksafe.cache.Cache.<K, V>builder().budget(budget);
    }

    Leaksafe(CacheBuilder<K, V> builder, Lifetime lifetime) {
      if (lifetime == Lifetime.WRITE) {
        builder.expireAfterWrite(LONG);
      } else if (lifetime == Lifetime.ACCESS) {
        builder.expireAfterAccess(LONG);
      } else if (lifetime == Lifetime.REFRESH) {
        builder.refreshAfterWrite(LONG, key -> null);
      }
      cache = builder.build();
    }

    @Override
    V get(K key) {
      return cache.getIfPresent(key);
    }

    @Override
    void put(K key, V value) {
      cache.put(key, value);
    }

    @Override
    V getOrLoad(K key, Function<? super K, ? extends V> loader) {
      return cache.get(key, loader);
    }

    @Override
    void remove(K key) {
      cache.invalidate(key);
    }

    @Override
    long size() {
      return cache.estimatedSize();
    }

    @Override
    void settle() {
      cache.cleanUp();
    }
  }

  private static final class Caffeine<K, V> extends Peer<K, V> {
    private final com.github.benmanes.caffeine.cache.Cache<K, V> cache;

    static com.github.benmanes.caffeine.cache.Caffeine<Object, Object> bounded(int maximum) {
      return com.github.benmanes.caffeine.cache.Caffeine.newBuilder().maximumSize(maximum);
    }

    @SuppressWarnings("unchecked") // its builder has the types of its listener, and none where there is none
    Caffeine(com.github.benmanes.caffeine.cache.Caffeine<?, ?> untyped, Lifetime lifetime) {
      var builder = (com.github.benmanes.caffeine.cache.Caffeine<K, V>) untyped;
      if (lifetime == Lifetime.WRITE) {
        builder.expireAfterWrite(LONG);
      } else if (lifetime == Lifetime.ACCESS) {
        builder.expireAfterAccess(LONG);
      }
      cache = lifetime == Lifetime.REFRESH ? builder.refreshAfterWrite(LONG).build(key -> null) : builder.build();
    }

    @Override
    V get(K key) {
      return cache.getIfPresent(key);
    }

    @Override
    void put(K key, V value) {
      cache.put(key, value);
    }

    @Override
    V getOrLoad(K key, Function<? super K, ? extends V> loader) {
      return cache.get(key, loader);
    }

    @Override
    void remove(K key) {
      cache.invalidate(key);
    }

    @Override
    long size() {
      return cache.estimatedSize();
    }

    @Override
    void settle() {
      cache.cleanUp();
    }
  }

  private static final class Cache2k<K, V> extends Peer<K, V> {
    private final org.cache2k.Cache<K, V> cache;

    @SuppressWarnings("unchecked") // its builder takes classes, and generic types have none
    Cache2k(int maximum, Lifetime lifetime) {
      var builder = (Cache2kBuilder<K, V>) (Cache2kBuilder<?, ?>)
          Cache2kBuilder.of(Object.class, Object.class).entryCapacity(maximum).disableStatistics(true);
      switch (lifetime) {
        case NONE -> builder.eternal(true);
        case WRITE -> builder.expireAfterWrite(LONG.toHours(), TimeUnit.HOURS);
        case ACCESS -> builder.idleScanTime(LONG.toHours(), TimeUnit.HOURS); // the nearest that it has
        case REFRESH -> refuse(lifetime);
      }
      cache = builder.build();
    }

    @Override
    V get(K key) {
      return cache.peek(key);
    }

    @Override
    void put(K key, V value) {
      cache.put(key, value);
    }

    @Override
    V getOrLoad(K key, Function<? super K, ? extends V> loader) {
      return cache.computeIfAbsent(key, loader);
    }

    @Override
    void remove(K key) {
      cache.remove(key);
    }

    @Override
    long size() {
      return cache.asMap().size();
    }
  }

  private static final class Guava<K, V> extends Peer<K, V> {
    private final com.google.common.cache.Cache<K, V> cache;

    Guava(int maximum, Lifetime lifetime) {
      refuse(lifetime);
      var builder = com.google.common.cache.CacheBuilder.newBuilder().maximumSize(maximum).concurrencyLevel(16);
      if (lifetime == Lifetime.WRITE) {
        builder.expireAfterWrite(LONG);
      } else if (lifetime == Lifetime.ACCESS) {
        builder.expireAfterAccess(LONG);
      }
      cache = builder.build();
    }

    @Override
    V get(K key) {
      return cache.getIfPresent(key);
    }

    @Override
    void put(K key, V value) {
      cache.put(key, value);
    }

    @Override
    V getOrLoad(K key, Function<? super K, ? extends V> loader) {
      try {
        return cache.get(key, () -> loader.apply(key));
      } catch (ExecutionException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    void remove(K key) {
      cache.invalidate(key);
    }

    @Override
    long size() {
      return cache.size();
    }
  }

  private static final class Unbounded<K, V> extends Peer<K, V> {
    private final ConcurrentHashMap<K, V> map;

    Unbounded(int size) {
      map = new ConcurrentHashMap<>(size);
    }

    @Override
    V get(K key) {
      return map.get(key);
    }

    @Override
    void put(K key, V value) {
      map.put(key, value);
    }

    @Override
    V getOrLoad(K key, Function<? super K, ? extends V> loader) {
      return map.computeIfAbsent(key, loader);
    }

    @Override
    void remove(K key) {
      map.remove(key);
    }

    @Override
    long size() {
      return map.mappingCount();
    }
  }

  private static final class Lru<K, V> extends Peer<K, V> {
    private final Map<K, V> map;

    Lru(int maximum) {
      map = Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
          return size() > maximum;
        }
      });
    }

    @Override
    V get(K key) {
      return map.get(key);
    }

    @Override
    void put(K key, V value) {
      map.put(key, value);
    }

    @Override
    V getOrLoad(K key, Function<? super K, ? extends V> loader) {
      return map.computeIfAbsent(key, loader);
    }

    @Override
    void remove(K key) {
      map.remove(key);
    }

    @Override
    long size() {
      return map.size();
    }
  }
}
