package leaksafe.cache.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * An entry, and its place in the hash chain: 32 bytes on JDK 17, 24 with compact object headers. What a cache does not need is not
 * there: subclasses add the weight (at no cost on JDK 17), the deadline, and the links of an order.
 *
 * <p>{@code meta} holds 29 bits of the hash, which never change, and three flags. Readers set the use flag at any time, and do so by a
 * compare-and-set of the whole word: a plain write could turn the window flag back and hide the node from both queues for ever. The holder of
 * the segment's lock changes flags by a mere store, see {@link Layout#flag}.
 *
 * <p>{@code value} is the token of liveness: not null if and only if the entry is there and not being computed. It becomes null by
 * an atomic exchange under the segment's lock, so exactly one thread gets the last value.
 */
class Node<K, V> {
  /** The flag of an entry that was hit since the policy last looked at it. */
  static final int USED = 1;
  /** The flag of an entry in the window, and not in the main area. Written under the segment's lock. */
  static final int WINDOW = 2;
  /**
   * In the window, the mark of an entry for the length of one critical section. In the main area, the flag of an entry that the hand is to
   * pass over once. Written under the segment's lock.
   */
  static final int MARK = 4;
  /** The bits of the hash. */
  static final int HASH = ~7;

  static final VarHandle META;
  static final VarHandle VALUE;
  static final VarHandle NEXT;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      META = lookup.findVarHandle(Node.class, "meta", int.class);
      VALUE = lookup.findVarHandle(Node.class, "value", Object.class);
      NEXT = lookup.findVarHandle(Node.class, "next", Node.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  int meta;
  final K key;
  // Volatile for the sake of readers, for whom that costs what an acquire costs, and no cast. Writers say their mode.
  volatile @Nullable Object value;
  volatile @Nullable Node<K, V> next;

  Node(int meta, K key, Object value) {
    this.meta = meta;
    this.key = key;
    VALUE.set(this, value); // plain: published with the node
  }
}
