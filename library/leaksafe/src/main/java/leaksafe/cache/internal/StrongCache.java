package leaksafe.cache.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import leaksafe.RemovalCause;
import leaksafe.cache.Eviction;
import org.jspecify.annotations.Nullable;

/** The cache that holds its keys strongly, with the paths that must be short. */
final class StrongCache<K, V> extends SegmentedCache<K, V, Node<K, V>> {
  private static final VarHandle TABLE = MethodHandles.arrayElementVarHandle(Node[][].class);

  /** Whether a put of a present key is a mere compare-and-set. */
  private final boolean swaps;
  private final Node<?, ?>[][] nodes; // the tables, by their type

  StrongCache(Settings settings, String site) {
    super(settings, site, layout(settings), tables(segmentCount(settings)));
    nodes = tables;
    swaps = expiration == null && !settings.weakValues && !weighed && groups == null;
  }

  private static <K, V> StrongLayout<K, V> layout(Settings settings) {
    boolean ordered = settings.isLimited() && eviction(settings) != Eviction.ADAPTIVE;
    boolean capped = settings.writeNanos != null && settings.accessNanos != null;
    return new StrongLayout<>(settings.weigher != null, settings.isTimed(), ordered || capped, settings.isRich());
  }

  @SuppressWarnings("unchecked")
  private static <K, V> Node<K, V>[][] tables(int segments) {
    return (Node<K, V>[][]) new Node<?, ?>[segments][];
  }

  @Override
  int hash(K key) {
    return spread(Objects.requireNonNull(key, "key").hashCode());
  }

  static int spread(int hash) {
    int x = hash * 0x9E37_79B9;
    return x ^ x >>> 16;
  }

  @Override
  boolean sameKey(K one, K other) {
    return one.equals(other);
  }

  @Override
  boolean hasChanged(K key, int meta) {
    try {
      return ((spread(key.hashCode()) ^ meta) & Node.HASH) != 0;
    } catch (Throwable e) {
      return true; // it did not throw when the key was put, and the entry must leave in any case
    }
  }

  @Override
  @SuppressWarnings("unchecked")
  @Nullable Node<K, V> search(K key, int hash) {
    int segment = hash >>> 3 & segmentMask;
    // Acquire: pairs with the publication of the table in Segment.resize.
    Node<K, V>[] table = (Node<K, V>[]) TABLE.getAcquire(nodes, segment);
    Node<K, V> node = table[Segment.bin(hash, table.length)];
    // Acquire, as the volatile reads of next: pairs with the linking in Segment, so that the node's fields are seen. A fence, because
    // the access by a handle would cost a cast.
    VarHandle.acquireFence();
    while (node != null) {
      // Plain: the hash bits never change.
      if (((node.meta ^ hash) & Node.HASH) == 0) {
        K other = node.key;
        if (other == key || key.equals(other)) {
          return node;
        }
      }
      node = node.next;
    }
    // A hit stands whatever happened meanwhile, but a miss may come from a chain that is being relinked. The acquires above keep this load
    // behind those of the walk: had that seen a relinked successor, this would see that the table is another.
    return (Node<?, ?>[]) TABLE.getAcquire(nodes, segment) != table || table == resizing ? searchUnderLock(key, hash) : null;
  }

  private @Nullable Node<K, V> searchUnderLock(K key, int hash) {
    Segment<K, V, Node<K, V>> segment = segmentOf(hash);
    segment.lock();
    try {
      return segment.find(key, hash);
    } finally {
      segment.unlockAndTell();
    }
  }

  @Override
  @SuppressWarnings("unchecked")
  public @Nullable V getIfPresent(K key) {
    int hash = spread(Objects.requireNonNull(key, "key").hashCode());
    Node<K, V> node = search(key, hash);
    if (node != null && !special) {
      V value = (V) node.value;
      if (value != null) {
        if ((node.meta & Node.USED) == 0) {
          used(node, hash);
        }
        if (hits != null) {
          hits.increment();
        }
        return value;
      }
    }
    V value = node == null ? null : hit(node, key, hash);
    count(value != null);
    return value;
  }

  @Override
  public void put(K key, V value) {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(value, "value");
    if (swap(key, value) == null) {
      writes.store(key, value, Writes.When.ALWAYS, null, Writes.USUAL, false);
    }
  }

  /** Replaces the value of a present key without a lock and returns the value before, or null if that is impossible. */
  @Override
  @SuppressWarnings("unchecked")
  @Nullable V swap(K key, V value) {
    if (!swaps) {
      return null;
    }
    int hash = hash(key);
    Node<K, V> node = search(key, hash);
    if (node == null) {
      return null;
    }
    while (true) {
      V old = (V) node.value;
      if (old == null) {
        return null;
      }
      // Volatile: from a value to a value only, so it comes before the entry's death or computation, or not at all.
      if (Node.VALUE.compareAndSet(node, old, value)) {
        used(node, hash);
        if (removals != null && old != value) {
          removals.deliver(new Removal<>(node.key, old, RemovalCause.REPLACED, null), true);
        }
        return old;
      }
    }
  }
}
