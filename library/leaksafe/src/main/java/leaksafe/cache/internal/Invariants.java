package leaksafe.cache.internal;

/** What must hold of a cache that nobody is changing, for tests. */
final class Invariants {
  private Invariants() {}

  /** Throws if the condition does not hold. */
  static void ensure(boolean condition, String otherwise) {
    if (!condition) {
      throw new IllegalStateException(otherwise);
    }
  }

  /** Throws if the nodes, their chains, the order and the groups of a segment contradict each other. Returns the sum of the weights. */
  static <K, V, N> long verify(Segment<K, V, N> segment) {
    Layout<K, V, N> layout = segment.layout;
    N[] table = segment.table();
    int nodes = 0;
    long weights = 0;
    long memberships = 0;
    for (int bin = 0; bin < table.length; bin++) {
      for (N node = table[bin]; node != null; node = layout.next(node)) {
        ensure(Segment.bin(layout.metaOpaque(node), table.length) == bin, "a node is in the wrong chain");
        ensure(layout.valueAcquire(node) != null || !segment.loads.isEmpty(), "a node without a value was left behind");
        nodes++;
        weights += layout.weight(node);
        if (segment.cache.groups != null) {
          for (GroupIndex.Member<N> member = layout.extras(node).members; member != null; member = member.sibling) {
            memberships++;
          }
        }
      }
    }
    ensure(nodes == segment.nodes(), "the segment counts " + segment.nodes() + " nodes and has " + nodes);
    segment.order.verify();
    if (segment.cache.groups != null) {
      ensure(segment.groups().verify() == memberships, "the groups have other members than the entries have groups");
    }
    return weights;
  }
}
