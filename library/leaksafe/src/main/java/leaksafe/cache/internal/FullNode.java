package leaksafe.cache.internal;

import org.jspecify.annotations.Nullable;

/** A node for caches in the order of use or age, or with two lifetimes. All of its own fields are guarded by the segment's lock. */
class FullNode<K, V> extends TimedNode<K, V> {
  /** The time beyond which no use prolongs the entry. Read without the lock too: a late value ends a lifetime as it was before. */
  volatile long cap;
  @Nullable FullNode<K, V> older;
  @Nullable FullNode<K, V> newer;

  FullNode(int meta, K key, Object value) {
    super(meta, key, value);
  }
}
