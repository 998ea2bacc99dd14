package leaksafe.cache.internal;

/** A node with a weight, which is guarded by the segment's lock. */
class WeighedNode<K, V> extends Node<K, V> {
  int weight;

  WeighedNode(int meta, K key, Object value) {
    super(meta, key, value);
  }
}
