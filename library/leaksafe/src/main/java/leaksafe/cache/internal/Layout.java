package leaksafe.cache.internal;

import org.jspecify.annotations.Nullable;

/**
 * Where the fields of a node are. There are two families of nodes, since a node that holds its key weakly is the reference itself
 * and so cannot extend the other; everything but the hot paths is written once against this class.
 *
 * <p>The names say the access mode where it matters. What says nothing is for the holder of the segment's lock.
 *
 * @param <N> the type of the nodes
 */
abstract class Layout<K, V, N> {

  /** Returns an empty table. */
  abstract N[] table(int length);

  /** Returns a new node that nobody else sees yet. */
  abstract N create(Segment<K, V, N> segment, int meta, K key, Object value);

  /** Returns the key, or null if it was collected. */
  abstract @Nullable K key(N node);

  /** Returns whether the key was collected. */
  abstract boolean isCollected(N node);

  /** Returns whether the node is that of the key, given that the hash bits agree. */
  abstract boolean holds(N node, K key);

  /** Opaque: the hash bits never change, and a late view of the flags is harmless. */
  abstract int metaOpaque(N node);

  /** Plain compare-and-set, which may fail without reason: the flags publish nothing. */
  abstract boolean changeMeta(N node, int expected, int changed);

  /** Opaque: see {@link #flag}. */
  abstract void setMetaOpaque(N node, int meta);

  abstract @Nullable N next(N node);

  /** Release: pairs with the acquire in the walks of readers, who must see the successor's fields. */
  abstract void setNextRelease(N node, @Nullable N next);

  /** Acquire: pairs with the writes of the value, so that what its writer did before is visible. */
  abstract @Nullable Object valueAcquire(N node);

  /** Volatile: a reader in the same thread that wrote elsewhere must not overtake it. */
  abstract void setValueVolatile(N node, @Nullable Object value);

  /** Atomic: competes with the compare-and-set of puts that take no lock. */
  abstract @Nullable Object exchangeValue(N node, @Nullable Object value);

  /** Atomic: as the exchange, but only if nothing came between. */
  abstract boolean changeValue(N node, Object expected, @Nullable Object value);

  abstract int weight(N node);

  abstract void setWeight(N node, int weight);

  /** Opaque: whole, and in time by coherence. */
  abstract long deadlineOpaque(N node);

  abstract void setDeadlineOpaque(N node, long deadline);

  abstract long cap(N node);

  abstract void setCap(N node, long cap);

  abstract @Nullable N older(N node);

  abstract void setOlder(N node, @Nullable N older);

  abstract @Nullable N newer(N node);

  abstract void setNewer(N node, @Nullable N newer);

  /** What the entries of caches that refresh or have groups have besides; of no other cache. */
  abstract Extras<N> extras(N node);

  /**
   * Sets and clears flags, for the holder of the segment's lock. A store does, and no compare-and-set is needed, which would be a fence: readers
   * change the use flag alone, by a compare-and-set of the whole word. One that comes between the two accesses here is lost, which is harmless, and
   * one that has read what was before fails.
   */
  final void flag(N node, int clear, int set) {
    setMetaOpaque(node, metaOpaque(node) & ~clear | set);
  }
}
