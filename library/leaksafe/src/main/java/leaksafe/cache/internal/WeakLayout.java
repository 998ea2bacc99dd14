package leaksafe.cache.internal;

import org.jspecify.annotations.Nullable;

/** The fields of nodes that hold their keys weakly. */
final class WeakLayout<K, V> extends Layout<K, V, WeakNode<K, V>> {
  private final boolean weighed;
  private final boolean full;
  private final boolean rich;

  WeakLayout(boolean weighed, boolean full, boolean rich) {
    this.weighed = weighed;
    this.full = full || rich;
    this.rich = rich;
  }

  @Override
  @SuppressWarnings("unchecked")
  WeakNode<K, V>[] table(int length) {
    return (WeakNode<K, V>[]) new WeakNode<?, ?>[length];
  }

  @Override
  WeakNode<K, V> create(Segment<K, V, WeakNode<K, V>> segment, int meta, K key, Object value) {
    return rich ? new WeakRichNode<>(segment, meta, key, value) : full ? new WeakFullNode<>(segment, meta, key, value) : new WeakNode<>(segment, meta, key, value);
  }

  @Override
  @Nullable K key(WeakNode<K, V> node) {
    return node.get();
  }

  @Override
  boolean isCollected(WeakNode<K, V> node) {
    return node.refersTo(null);
  }

  @Override
  boolean holds(WeakNode<K, V> node, K key) {
    return node.refersTo(key);
  }

  @Override
  int metaOpaque(WeakNode<K, V> node) {
    return (int) WeakNode.META.getOpaque(node);
  }

  @Override
  boolean changeMeta(WeakNode<K, V> node, int expected, int changed) {
    return WeakNode.META.weakCompareAndSetPlain(node, expected, changed);
  }

  @Override
  void setMetaOpaque(WeakNode<K, V> node, int meta) {
    WeakNode.META.setOpaque(node, meta);
  }

  @Override
  @Nullable WeakNode<K, V> next(WeakNode<K, V> node) {
    return node.next;
  }

  @Override
  void setNextRelease(WeakNode<K, V> node, @Nullable WeakNode<K, V> next) {
    WeakNode.NEXT.setRelease(node, next);
  }

  @Override
  @Nullable Object valueAcquire(WeakNode<K, V> node) {
    return node.value;
  }

  @Override
  void setValueVolatile(WeakNode<K, V> node, @Nullable Object value) {
    WeakNode.VALUE.setVolatile(node, value);
  }

  @Override
  @Nullable Object exchangeValue(WeakNode<K, V> node, @Nullable Object value) {
    return WeakNode.VALUE.getAndSet(node, value);
  }

  @Override
  boolean changeValue(WeakNode<K, V> node, Object expected, @Nullable Object value) {
    return WeakNode.VALUE.compareAndSet(node, expected, value);
  }

  @Override
  int weight(WeakNode<K, V> node) {
    return weighed ? node.weight : 1;
  }

  @Override
  void setWeight(WeakNode<K, V> node, int weight) {
    node.weight = weight;
  }

  @Override
  long deadlineOpaque(WeakNode<K, V> node) {
    return (long) WeakFullNode.DEADLINE.getOpaque((WeakFullNode<K, V>) node);
  }

  @Override
  void setDeadlineOpaque(WeakNode<K, V> node, long deadline) {
    WeakFullNode.DEADLINE.setOpaque((WeakFullNode<K, V>) node, deadline);
  }

  @Override
  long cap(WeakNode<K, V> node) {
    return ((WeakFullNode<K, V>) node).cap;
  }

  @Override
  void setCap(WeakNode<K, V> node, long cap) {
    ((WeakFullNode<K, V>) node).cap = cap;
  }

  @Override
  @Nullable WeakNode<K, V> older(WeakNode<K, V> node) {
    return ((WeakFullNode<K, V>) node).older;
  }

  @Override
  void setOlder(WeakNode<K, V> node, @Nullable WeakNode<K, V> older) {
    ((WeakFullNode<K, V>) node).older = (WeakFullNode<K, V>) older;
  }

  @Override
  @Nullable WeakNode<K, V> newer(WeakNode<K, V> node) {
    return ((WeakFullNode<K, V>) node).newer;
  }

  @Override
  void setNewer(WeakNode<K, V> node, @Nullable WeakNode<K, V> newer) {
    ((WeakFullNode<K, V>) node).newer = (WeakFullNode<K, V>) newer;
  }

  @Override
  Extras<WeakNode<K, V>> extras(WeakNode<K, V> node) {
    return ((WeakRichNode<K, V>) node).extras;
  }
}
