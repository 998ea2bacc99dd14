package leaksafe.cache.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** A node with the time at which it expires. Writers write it under the segment's lock, readers that prolong it without. */
class TimedNode<K, V> extends WeighedNode<K, V> {
  static final VarHandle DEADLINE;

  static {
    try {
      DEADLINE = MethodHandles.lookup().findVarHandle(TimedNode.class, "deadline", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  long deadline;

  TimedNode(int meta, K key, Object value) {
    super(meta, key, value);
  }
}
