package leaksafe.cache.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/** A node with a weak key for caches with lifetimes or an order. See {@link TimedNode} and {@link FullNode}. */
class WeakFullNode<K, V> extends WeakNode<K, V> {
  static final VarHandle DEADLINE;

  static {
    try {
      DEADLINE = MethodHandles.lookup().findVarHandle(WeakFullNode.class, "deadline", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  long deadline;
  volatile long cap;
  @Nullable WeakFullNode<K, V> older;
  @Nullable WeakFullNode<K, V> newer;

  WeakFullNode(Segment<K, V, WeakNode<K, V>> segment, int meta, K key, Object value) {
    super(segment, meta, key, value);
  }
}
