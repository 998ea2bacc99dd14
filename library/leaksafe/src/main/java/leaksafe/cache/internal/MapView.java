package leaksafe.cache.internal;

import java.util.AbstractCollection;
import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Collection;
import java.util.Iterator;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import leaksafe.cache.internal.Writes.When;
import org.jspecify.annotations.Nullable;

/** A cache as a map. Operations that say something about the value before wait for a computation of the key that is running. */
final class MapView<K, V> extends AbstractMap<K, V> implements ConcurrentMap<K, V> {
  private final SegmentedCache<K, V, ?> cache;

  MapView(SegmentedCache<K, V, ?> cache) {
    this.cache = cache;
  }

  @SuppressWarnings("unchecked") // a key of another type is not found, as no key is equal to it
  private K key(@Nullable Object key) {
    return (K) Objects.requireNonNull(key, "key");
  }

  @Override
  public int size() {
    return (int) Math.min(Integer.MAX_VALUE, cache.estimatedSize());
  }

  @Override
  public boolean isEmpty() {
    return cache.estimatedSize() == 0;
  }

  @Override
  public @Nullable V get(@Nullable Object key) {
    return cache.getIfPresent(key(key));
  }

  @Override
  public @Nullable V getOrDefault(@Nullable Object key, V otherwise) {
    V value = get(key);
    return value == null ? otherwise : value;
  }

  @Override
  public boolean containsKey(@Nullable Object key) {
    return cache.peek(key(key)) != null;
  }

  @Override
  public boolean containsValue(@Nullable Object value) {
    Objects.requireNonNull(value, "value");
    for (V other : values()) {
      if (other == value || value.equals(other)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public @Nullable V put(K key, V value) {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(value, "value");
    V old = cache.swap(key, value);
    return old != null ? old : cache.writes.store(key, value, When.ALWAYS, null, Writes.USUAL, true);
  }

  @Override
  public @Nullable V putIfAbsent(K key, V value) {
    Objects.requireNonNull(value, "value");
    V old = cache.lookup(key(key), cache.hash(key));
    return old != null ? old : cache.writes.store(key, value, When.ABSENT, null, Writes.USUAL, true);
  }

  @Override
  public @Nullable V replace(K key, V value) {
    return cache.writes.store(key(key), Objects.requireNonNull(value, "value"), When.PRESENT, null, Writes.USUAL, true);
  }

  @Override
  public boolean replace(K key, V expected, V value) {
    return cache.writes.store(key(key), Objects.requireNonNull(value, "value"), When.EQUAL, Objects.requireNonNull(expected, "expected"),
        Writes.USUAL, true) != null;
  }

  @Override
  public void replaceAll(BiFunction<? super K, ? super V, ? extends V> function) {
    Objects.requireNonNull(function, "function");
    for (K key : keySet()) {
      cache.computations.compute(key,
          (k, v) -> Objects.requireNonNull(function.apply(k, Objects.requireNonNull(v)), "the function returned null"), false);
    }
  }

  @Override
  public @Nullable V remove(@Nullable Object key) {
    return cache.writes.remove(key(key), null, true);
  }

  @Override
  public boolean remove(@Nullable Object key, @Nullable Object value) {
    K present = key(key);
    return value != null && cache.writes.remove(present, value, true) != null;
  }

  @Override
  public void clear() {
    cache.invalidateAll();
  }

  @Override
  public @Nullable V computeIfAbsent(K key, Function<? super K, ? extends @Nullable V> function) {
    return cache.get(key(key), function);
  }

  @Override
  public @Nullable V computeIfPresent(K key, BiFunction<? super K, ? super V, ? extends @Nullable V> function) {
    Objects.requireNonNull(function, "function");
    return cache.computations.compute(key(key), (k, v) -> function.apply(k, Objects.requireNonNull(v)), false);
  }

  @Override
  public @Nullable V compute(K key, BiFunction<? super K, ? super @Nullable V, ? extends @Nullable V> function) {
    return cache.computations.compute(key(key), Objects.requireNonNull(function, "function"), true);
  }

  @Override
  public @Nullable V merge(K key, V value, BiFunction<? super V, ? super V, ? extends @Nullable V> function) {
    Objects.requireNonNull(value, "value");
    Objects.requireNonNull(function, "function");
    return cache.computations.compute(key(key), (k, v) -> v == null ? value : function.apply(v, value), true);
  }

  @Override
  public Set<K> keySet() {
    return new AbstractSet<>() {
      @Override
      public Iterator<K> iterator() {
        return new Entries<>(cache).map(Entry::getKey);
      }

      @Override
      public int size() {
        return MapView.this.size();
      }

      @Override
      public boolean contains(@Nullable Object key) {
        return key != null && containsKey(key);
      }

      @Override
      public boolean remove(@Nullable Object key) {
        return key != null && MapView.this.remove(key) != null;
      }

      @Override
      public void clear() {
        MapView.this.clear();
      }
    };
  }

  @Override
  public Collection<V> values() {
    return new AbstractCollection<>() {
      @Override
      public Iterator<V> iterator() {
        return new Entries<>(cache).map(Entry::getValue);
      }

      @Override
      public int size() {
        return MapView.this.size();
      }

      @Override
      public void clear() {
        MapView.this.clear();
      }
    };
  }

  @Override
  public Set<Entry<K, V>> entrySet() {
    return new AbstractSet<>() {
      @Override
      public Iterator<Entry<K, V>> iterator() {
        return new Entries<>(cache).map(entry -> entry);
      }

      @Override
      public int size() {
        return MapView.this.size();
      }

      @Override
      public boolean contains(@Nullable Object object) {
        if (!(object instanceof Map.Entry<?, ?> entry) || entry.getKey() == null || entry.getValue() == null) {
          return false;
        }
        V value = cache.peek(key(entry.getKey()));
        return value != null && entry.getValue().equals(value);
      }

      @Override
      public boolean remove(@Nullable Object object) {
        return object instanceof Map.Entry<?, ?> entry && entry.getKey() != null && MapView.this.remove(entry.getKey(), entry.getValue());
      }

      @Override
      public void clear() {
        MapView.this.clear();
      }
    };
  }
}
