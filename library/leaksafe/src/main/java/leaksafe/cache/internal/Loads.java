package leaksafe.cache.internal;

import java.util.function.Consumer;
import leaksafe.RemovalCause;
import org.jspecify.annotations.Nullable;

/**
 * The computations of a segment that are running. Mostly these are few, and a list will do; but a bulk load begins one for each of its keys, and so
 * may as many virtual threads, so the list becomes a table of lists. Guarded by the segment's lock.
 */
final class Loads<K, V, N> {
  private static final int MOST_A_BIN = 8;
  private static final int GROWTH = 4;

  private final Structure<K, V, N> cache;
  private Load<K, V, N>[] bins = bins(1);
  private int count;

  Loads(Structure<K, V, N> cache) {
    this.cache = cache;
  }

  @SuppressWarnings("unchecked") // private to this class
  private static <K, V, N> Load<K, V, N>[] bins(int length) {
    return (Load<K, V, N>[]) new Load<?, ?, ?>[length];
  }

  boolean isEmpty() {
    return count == 0;
  }

  /** Returns the load of the key that is running, or null. */
  @Nullable Load<K, V, N> of(K key, int hash) {
    if (count == 0) {
      return null;
    }
    for (Load<K, V, N> load = bins[Segment.bin(hash, bins.length)]; load != null; load = load.next) {
      if (load.hash == hash && cache.sameKey(load.key, key)) {
        return load;
      }
    }
    return null;
  }

  void begin(Load<K, V, N> load) {
    if (count >= bins.length * MOST_A_BIN) {
      grow();
    }
    push(bins, load);
    count++;
  }

  private void grow() {
    Load<K, V, N>[] more = bins(bins.length * GROWTH);
    forEach(load -> push(more, load));
    bins = more;
  }

  private static <K, V, N> void push(Load<K, V, N>[] bins, Load<K, V, N> load) {
    int bin = Segment.bin(load.hash, bins.length);
    load.next = bins[bin];
    bins[bin] = load;
  }

  /** Shows the loads, which may be put into another list meanwhile. */
  void forEach(Consumer<Load<K, V, N>> action) {
    for (Load<K, V, N> head : bins) {
      for (Load<K, V, N> load = head; load != null; ) {
        Load<K, V, N> next = load.next;
        action.accept(load);
        load = next;
      }
    }
  }

  void end(Load<K, V, N> load) {
    int bin = Segment.bin(load.hash, bins.length);
    Load<K, V, N> before = null;
    for (Load<K, V, N> at = bins[bin]; at != load; at = at.next) {
      if (at == null) {
        return;
      }
      before = at;
    }
    if (before == null) {
      bins[bin] = load.next;
    } else {
      before.next = load.next;
    }
    if (--count == 0 && bins.length > 1) {
      bins = bins(1);
    }
  }

  /** Has a load that is running not store its result, and forgets it. */
  void supersede(Load<K, V, N> load, RemovalCause cause) {
    load.supersede(cause);
    end(load);
  }

  void supersedeAll(RemovalCause cause) {
    forEach(load -> load.supersede(cause));
    bins = bins(1);
    count = 0;
  }
}
