package leaksafe.cache.internal;

import org.jspecify.annotations.Nullable;

/** The fields of nodes that hold their keys strongly. */
final class StrongLayout<K, V> extends Layout<K, V, Node<K, V>> {
  private final boolean weighed;
  private final boolean timed;
  private final boolean full;
  private final boolean rich;

  StrongLayout(boolean weighed, boolean timed, boolean full, boolean rich) {
    this.weighed = weighed;
    this.timed = timed;
    this.full = full || rich;
    this.rich = rich;
  }

  @Override
  @SuppressWarnings("unchecked")
  Node<K, V>[] table(int length) {
    return (Node<K, V>[]) new Node<?, ?>[length];
  }

  @Override
  Node<K, V> create(Segment<K, V, Node<K, V>> segment, int meta, K key, Object value) {
    return full ? rich ? new RichNode<>(meta, key, value) : new FullNode<>(meta, key, value)
        : timed ? new TimedNode<>(meta, key, value)
        : weighed ? new WeighedNode<>(meta, key, value) : new Node<>(meta, key, value);
  }

  @Override
  K key(Node<K, V> node) {
    return node.key;
  }

  @Override
  boolean isCollected(Node<K, V> node) {
    return false;
  }

  @Override
  boolean holds(Node<K, V> node, K key) {
    return node.key == key || key.equals(node.key);
  }

  @Override
  int metaOpaque(Node<K, V> node) {
    return (int) Node.META.getOpaque(node);
  }

  @Override
  boolean changeMeta(Node<K, V> node, int expected, int changed) {
    return Node.META.weakCompareAndSetPlain(node, expected, changed);
  }

  @Override
  void setMetaOpaque(Node<K, V> node, int meta) {
    Node.META.setOpaque(node, meta);
  }

  @Override
  @Nullable Node<K, V> next(Node<K, V> node) {
    return node.next;
  }

  @Override
  void setNextRelease(Node<K, V> node, @Nullable Node<K, V> next) {
    Node.NEXT.setRelease(node, next);
  }

  @Override
  @Nullable Object valueAcquire(Node<K, V> node) {
    return node.value;
  }

  @Override
  void setValueVolatile(Node<K, V> node, @Nullable Object value) {
    Node.VALUE.setVolatile(node, value);
  }

  @Override
  @Nullable Object exchangeValue(Node<K, V> node, @Nullable Object value) {
    return Node.VALUE.getAndSet(node, value);
  }

  @Override
  boolean changeValue(Node<K, V> node, Object expected, @Nullable Object value) {
    return Node.VALUE.compareAndSet(node, expected, value);
  }

  @Override
  int weight(Node<K, V> node) {
    return weighed ? ((WeighedNode<K, V>) node).weight : 1;
  }

  @Override
  void setWeight(Node<K, V> node, int weight) {
    if (weighed) {
      ((WeighedNode<K, V>) node).weight = weight;
    }
  }

  @Override
  long deadlineOpaque(Node<K, V> node) {
    return (long) TimedNode.DEADLINE.getOpaque((TimedNode<K, V>) node);
  }

  @Override
  void setDeadlineOpaque(Node<K, V> node, long deadline) {
    TimedNode.DEADLINE.setOpaque((TimedNode<K, V>) node, deadline);
  }

  @Override
  long cap(Node<K, V> node) {
    return ((FullNode<K, V>) node).cap;
  }

  @Override
  void setCap(Node<K, V> node, long cap) {
    ((FullNode<K, V>) node).cap = cap;
  }

  @Override
  @Nullable Node<K, V> older(Node<K, V> node) {
    return ((FullNode<K, V>) node).older;
  }

  @Override
  void setOlder(Node<K, V> node, @Nullable Node<K, V> older) {
    ((FullNode<K, V>) node).older = (FullNode<K, V>) older;
  }

  @Override
  @Nullable Node<K, V> newer(Node<K, V> node) {
    return ((FullNode<K, V>) node).newer;
  }

  @Override
  void setNewer(Node<K, V> node, @Nullable Node<K, V> newer) {
    ((FullNode<K, V>) node).newer = (FullNode<K, V>) newer;
  }

  @Override
  Extras<Node<K, V>> extras(Node<K, V> node) {
    return ((RichNode<K, V>) node).extras;
  }
}
