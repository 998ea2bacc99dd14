package leaksafe.cache.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.WeakReference;
import leaksafe.internal.Reapable;
import leaksafe.internal.Reaper;
import org.jspecify.annotations.Nullable;

/**
 * An entry that is itself the weak reference to its key: 48 bytes on JDK 17. See {@link Node} for the protocol. When the collector has
 * cleared the key, the reaper has the segment take the entry out.
 */
class WeakNode<K, V> extends WeakReference<K> implements Reapable {
  static final VarHandle META;
  static final VarHandle VALUE;
  static final VarHandle NEXT;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      META = lookup.findVarHandle(WeakNode.class, "meta", int.class);
      VALUE = lookup.findVarHandle(WeakNode.class, "value", Object.class);
      NEXT = lookup.findVarHandle(WeakNode.class, "next", WeakNode.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  int meta;
  int weight;
  volatile @Nullable Object value; // both as in Node
  volatile @Nullable WeakNode<K, V> next;
  final Segment<K, V, WeakNode<K, V>> segment;

  WeakNode(Segment<K, V, WeakNode<K, V>> segment, int meta, K key, Object value) {
    super(key, Reaper.queue());
    this.segment = segment;
    this.meta = meta;
    VALUE.set(this, value); // plain: published with the node
  }

  @Override
  public void reap() {
    segment.reap(this);
  }
}
