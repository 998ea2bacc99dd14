package leaksafe.cache.internal;

import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/** The exact order of age or of use: a list through the nodes. */
final class ListOrder<K, V, N> extends Order<K, V, N> {
  private final Segment<K, V, N> segment;
  private final Layout<K, V, N> layout;
  private final boolean byUse;
  private @Nullable N oldest;
  private @Nullable N newest;

  ListOrder(Segment<K, V, N> segment, boolean byUse) {
    this.segment = segment;
    this.layout = segment.layout;
    this.byUse = byUse;
  }

  @Override
  void added(N node, boolean full) {
    N before = newest;
    layout.setOlder(node, before);
    layout.setNewer(node, null);
    if (before == null) {
      oldest = node;
    } else {
      layout.setNewer(before, node);
    }
    newest = node;
  }

  @Override
  void removed(N node) {
    N before = layout.older(node);
    N after = layout.newer(node);
    if (before == null) {
      oldest = after;
    } else {
      layout.setNewer(before, after);
    }
    if (after == null) {
      newest = before;
    } else {
      layout.setOlder(after, before);
    }
    // A dead node that leads to live ones would have them promoted to the old generation with it.
    layout.setOlder(node, null);
    layout.setNewer(node, null);
  }

  @Override
  boolean ordersByUse() {
    return byUse;
  }

  @Override
  void used(N node) {
    if (byUse && node != newest) {
      removed(node);
      added(node, false);
    }
  }

  @Override
  @Nullable N evict(@Nullable N spared, long now) {
    for (N node = oldest; node != null; node = layout.newer(node)) {
      if (node != spared && segment.isEvictable(node)) {
        segment.evict(node, now);
        return node;
      }
    }
    return null;
  }

  @Override
  void cleared() {
    oldest = null;
    newest = null;
  }

  @Override
  void rank(ObjLongConsumer<N> ranking) {
    long place = 0;
    for (N node = oldest; node != null; node = layout.newer(node)) {
      ranking.accept(node, place++);
    }
  }

  @Override
  void verify() {
    int count = 0;
    N before = null;
    for (N node = oldest; node != null; before = node, node = layout.newer(node)) {
      Invariants.ensure(layout.older(node) == before, "the links of the order disagree");
      count++;
    }
    Invariants.ensure(before == newest, "the order does not end at its newest");
    Invariants.ensure(count == segment.nodes(), "the order has " + count + " of " + segment.nodes() + " nodes");
  }
}
