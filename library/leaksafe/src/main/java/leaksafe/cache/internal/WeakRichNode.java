package leaksafe.cache.internal;

/** A node with a weak key for caches that refresh or have groups. */
final class WeakRichNode<K, V> extends WeakFullNode<K, V> {
  final Extras<WeakNode<K, V>> extras = new Extras<>();

  WeakRichNode(Segment<K, V, WeakNode<K, V>> segment, int meta, K key, Object value) {
    super(segment, meta, key, value);
  }
}
