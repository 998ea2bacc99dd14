package leaksafe.cache.internal;

/** The lifetimes of a cache that refreshes: also notices, at a hit, that a value is stale. */
final class Refreshing<K, V> extends Expiration<K, V> {
  private final long refresh;

  Refreshing(Settings settings, long refresh) {
    super(settings, refresh);
    this.refresh = refresh;
  }

  @Override
  <N> void written(Segment<K, V, N> segment, N node, long now, long lifetime) {
    segment.layout.extras(node).written(plus(now, refresh));
    super.written(segment, node, now, lifetime);
  }

  @Override
  <N> void restored(Segment<K, V, N> segment, N node, long now, long expires) {
    super.restored(segment, node, now, expires);
    segment.layout.extras(node).refreshAt = now; // how old the value is, nobody knows
  }

  @Override
  <N> void read(Segment<K, V, N> segment, N node, K key, V value, long now, long deadline) {
    super.read(segment, node, key, value, now, deadline);
    Extras<N> extras = segment.layout.extras(node);
    if (!extras.read) {
      extras.read = true;
    }
    if (extras.refreshAt <= now && !extras.isReloading()) {
      Refresher<K, V, N> refresher = ((SegmentedCache<K, V, N>) segment.cache).refresher;
      if (refresher != null) {
        refresher.reload(segment, node, key, now, true);
      }
    }
  }
}
