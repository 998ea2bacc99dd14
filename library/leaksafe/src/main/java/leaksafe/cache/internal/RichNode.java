package leaksafe.cache.internal;

/** A node for caches that refresh or have groups. */
final class RichNode<K, V> extends FullNode<K, V> {
  final Extras<Node<K, V>> extras = new Extras<>();

  RichNode(int meta, K key, Object value) {
    super(meta, key, value);
  }
}
