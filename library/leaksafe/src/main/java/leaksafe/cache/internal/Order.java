package leaksafe.cache.internal;

import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/** In which order the entries of a segment leave. Every method is called under the segment's lock. */
abstract class Order<K, V, N> {

  /** Returns the flags of a node that is about to be linked. */
  int arrivalFlags(int hash) {
    return 0;
  }

  /** A node is about to be linked. {@code full}: for it another was evicted, or had to be. */
  abstract void added(N node, boolean full);

  /** A node was unlinked. */
  abstract void removed(N node);

  /** A node was hit: called only where {@link #ordersByUse}. */
  void used(N node) {}

  /** Returns whether hits must be told by {@link #used}. */
  boolean ordersByUse() {
    return false;
  }

  /**
   * Chooses a node to leave, which is not the spared one nor one that is being computed or weighs nothing, and has the segment drop
   * it. Returns it, or null if there is none.
   */
  abstract @Nullable N evict(@Nullable N spared, long now);

  /** The table was replaced. */
  void resized(int oldLength, int newLength) {}

  /** All nodes were taken out at once. */
  abstract void cleared();

  /** Tells of every node how hot it is, for views: the larger the later it leaves. */
  abstract void rank(ObjLongConsumer<N> ranking);

  /** Throws if the structure does not fit the nodes of the segment, for tests. */
  abstract void verify();
}
