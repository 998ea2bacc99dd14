package leaksafe.cache.internal;

import java.util.AbstractMap.SimpleEntry;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Walks over the entries, a segment at a time: chains may be relinked at any moment, so the nodes of a segment are copied under its lock
 * (4 bytes each), and their values read when it is their turn.
 */
final class Entries<K, V, N> {
  private final SegmentedCache<K, V, N> cache;
  private int segment;
  private List<N> nodes = List.of();
  private int at;
  private Map.@Nullable Entry<K, V> ahead;

  Entries(SegmentedCache<K, V, N> cache) {
    this.cache = cache;
  }

  private Map.@Nullable Entry<K, V> next() {
    while (true) {
      while (at < nodes.size()) {
        Map.Entry<K, V> entry = entry(nodes.get(at++));
        if (entry != null) {
          return entry;
        }
      }
      if (segment == cache.segmentCount()) {
        return null;
      }
      nodes = copy(cache.segmentIfAny(segment++));
      at = 0;
    }
  }

  private List<N> copy(@Nullable Segment<K, V, N> from) {
    if (from == null) {
      return List.of();
    }
    from.lock();
    try {
      List<N> copied = new ArrayList<>(from.nodes());
      from.forEachNode(copied::add);
      return copied;
    } finally {
      from.unlockAndTell();
    }
  }

  private Map.@Nullable Entry<K, V> entry(N node) {
    K key = cache.layout.key(node);
    V value = key == null ? null : cache.peek(node, key);
    return key == null || value == null ? null : new WriteThrough<>(cache, key, value);
  }

  <T> Iterator<T> map(Function<Map.Entry<K, V>, T> function) {
    return new Iterator<>() {
      private @Nullable K last;

      @Override
      public boolean hasNext() {
        if (ahead == null) {
          ahead = Entries.this.next();
        }
        return ahead != null;
      }

      @Override
      public T next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        Map.Entry<K, V> entry = Objects.requireNonNull(ahead);
        ahead = null;
        last = entry.getKey();
        return function.apply(entry);
      }

      @Override
      public void remove() {
        K key = last;
        if (key == null) {
          throw new IllegalStateException("remove must follow next, once");
        }
        last = null;
        cache.writes.remove(key, null, true);
      }
    };
  }

  @SuppressWarnings("serial")
  private static final class WriteThrough<K, V> extends SimpleEntry<K, V> {
    private final transient SegmentedCache<K, V, ?> cache;

    WriteThrough(SegmentedCache<K, V, ?> cache, K key, V value) {
      super(key, value);
      this.cache = cache;
    }

    @Override
    public V setValue(V value) {
      cache.put(getKey(), value);
      return super.setValue(value);
    }

    /** A copy that was sent elsewhere has no cache to write to. */
    private Object writeReplace() {
      return new SimpleEntry<>(this);
    }
  }
}
