package leaksafe.cache.internal;

import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/** The order where nothing leaves for a maximum. */
final class NoOrder<K, V, N> extends Order<K, V, N> {
  private final Segment<K, V, N> segment;

  NoOrder(Segment<K, V, N> segment) {
    this.segment = segment;
  }

  @Override
  void added(N node, boolean full) {}

  @Override
  void removed(N node) {}

  @Override
  @Nullable N evict(@Nullable N spared, long now) {
    return null;
  }

  @Override
  void cleared() {}

  @Override
  void rank(ObjLongConsumer<N> ranking) {
    segment.forEachNode(node -> ranking.accept(node, 0));
  }

  @Override
  void verify() {}
}
