package leaksafe.cache.internal;

import org.jspecify.annotations.Nullable;

/** A layout that counts how often a node is touched: each read or write of one of its fields. */
final class CountingLayout<K, V> extends Layout<K, V, Node<K, V>> {
  private final Layout<K, V, Node<K, V>> real;
  private long touches;

  CountingLayout(Layout<K, V, Node<K, V>> real) {
    this.real = real;
  }

  /** Returns how often nodes were touched since the last call. */
  long takeTouches() {
    long taken = touches;
    touches = 0;
    return taken;
  }

  private Node<K, V> touched(Node<K, V> node) {
    touches++;
    return node;
  }

  @Override
  Node<K, V>[] table(int length) {
    return real.table(length);
  }

  @Override
  Node<K, V> create(Segment<K, V, Node<K, V>> segment, int meta, K key, Object value) {
    return real.create(segment, meta, key, value);
  }

  @Override
  @Nullable K key(Node<K, V> node) {
    return real.key(touched(node));
  }

  @Override
  boolean isCollected(Node<K, V> node) {
    return real.isCollected(touched(node));
  }

  @Override
  boolean holds(Node<K, V> node, K key) {
    return real.holds(touched(node), key);
  }

  @Override
  int metaOpaque(Node<K, V> node) {
    return real.metaOpaque(touched(node));
  }

  @Override
  boolean changeMeta(Node<K, V> node, int expected, int changed) {
    return real.changeMeta(touched(node), expected, changed);
  }

  @Override
  void setMetaOpaque(Node<K, V> node, int meta) {
    real.setMetaOpaque(touched(node), meta);
  }

  @Override
  @Nullable Node<K, V> next(Node<K, V> node) {
    return real.next(touched(node));
  }

  @Override
  void setNextRelease(Node<K, V> node, @Nullable Node<K, V> next) {
    real.setNextRelease(touched(node), next);
  }

  @Override
  @Nullable Object valueAcquire(Node<K, V> node) {
    return real.valueAcquire(touched(node));
  }

  @Override
  void setValueVolatile(Node<K, V> node, @Nullable Object value) {
    real.setValueVolatile(touched(node), value);
  }

  @Override
  @Nullable Object exchangeValue(Node<K, V> node, @Nullable Object value) {
    return real.exchangeValue(touched(node), value);
  }

  @Override
  boolean changeValue(Node<K, V> node, Object expected, @Nullable Object value) {
    return real.changeValue(touched(node), expected, value);
  }

  @Override
  int weight(Node<K, V> node) {
    return real.weight(touched(node));
  }

  @Override
  void setWeight(Node<K, V> node, int weight) {
    real.setWeight(touched(node), weight);
  }

  @Override
  long deadlineOpaque(Node<K, V> node) {
    return real.deadlineOpaque(touched(node));
  }

  @Override
  void setDeadlineOpaque(Node<K, V> node, long deadline) {
    real.setDeadlineOpaque(touched(node), deadline);
  }

  @Override
  long cap(Node<K, V> node) {
    return real.cap(touched(node));
  }

  @Override
  void setCap(Node<K, V> node, long cap) {
    real.setCap(touched(node), cap);
  }

  @Override
  @Nullable Node<K, V> older(Node<K, V> node) {
    return real.older(touched(node));
  }

  @Override
  void setOlder(Node<K, V> node, @Nullable Node<K, V> older) {
    real.setOlder(touched(node), older);
  }

  @Override
  @Nullable Node<K, V> newer(Node<K, V> node) {
    return real.newer(touched(node));
  }

  @Override
  void setNewer(Node<K, V> node, @Nullable Node<K, V> newer) {
    real.setNewer(touched(node), newer);
  }

  @Override
  Extras<Node<K, V>> extras(Node<K, V> node) {
    return real.extras(touched(node));
  }
}
