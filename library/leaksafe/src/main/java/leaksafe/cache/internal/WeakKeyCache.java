package leaksafe.cache.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import leaksafe.cache.Eviction;
import org.jspecify.annotations.Nullable;

/** The cache that holds its keys weakly and compares them by identity. A look-up allocates nothing. */
final class WeakKeyCache<K, V> extends SegmentedCache<K, V, WeakNode<K, V>> {
  private static final VarHandle TABLE = MethodHandles.arrayElementVarHandle(WeakNode[][].class);

  private final WeakNode<?, ?>[][] nodes; // the tables, by their type

  WeakKeyCache(Settings settings, String site) {
    super(settings, site, layout(settings), tables(segmentCount(settings)));
    nodes = tables;
  }

  private static <K, V> WeakLayout<K, V> layout(Settings settings) {
    boolean ordered = settings.isLimited() && eviction(settings) != Eviction.ADAPTIVE;
    return new WeakLayout<>(settings.weigher != null, ordered || settings.isTimed(), settings.isRich());
  }

  @SuppressWarnings("unchecked")
  private static <K, V> WeakNode<K, V>[][] tables(int segments) {
    return (WeakNode<K, V>[][]) new WeakNode<?, ?>[segments][];
  }

  @Override
  int hash(K key) {
    return StrongCache.spread(System.identityHashCode(Objects.requireNonNull(key, "key")));
  }

  @Override
  boolean sameKey(K one, K other) {
    return one == other;
  }

  @Override
  boolean hasChanged(K key, int meta) {
    return false;
  }

  @Override
  public @Nullable V getIfPresent(K key) {
    V value = lookup(key, hash(key));
    count(value != null);
    return value;
  }

  /** Does as {@link StrongCache#search}, which says why. */
  @Override
  @SuppressWarnings("unchecked")
  @Nullable WeakNode<K, V> search(K key, int hash) {
    int segment = hash >>> 3 & segmentMask;
    WeakNode<K, V>[] table = (WeakNode<K, V>[]) TABLE.getAcquire(nodes, segment);
    WeakNode<K, V> node = table[Segment.bin(hash, table.length)];
    VarHandle.acquireFence();
    while (node != null) {
      if (((node.meta ^ hash) & Node.HASH) == 0 && node.refersTo(key)) {
        return node;
      }
      node = node.next;
    }
    if ((WeakNode<?, ?>[]) TABLE.getAcquire(nodes, segment) == table && table != resizing) {
      return null;
    }
    Segment<K, V, WeakNode<K, V>> owner = segmentOf(hash);
    owner.lock();
    try {
      return owner.find(key, hash);
    } finally {
      owner.unlockAndTell();
    }
  }
}
