package leaksafe.cache.internal;

import java.lang.ref.WeakReference;
import leaksafe.internal.Reapable;
import leaksafe.internal.Reaper;

/** What stands in the value field of a node of a cache with weak values. */
final class WeakValue<K, V, N> extends WeakReference<V> implements Reapable {
  private final Segment<K, V, N> segment;
  private final int hash;

  WeakValue(Segment<K, V, N> segment, int hash, V value) {
    super(value, Reaper.queue());
    this.segment = segment;
    this.hash = hash;
  }

  @Override
  public void reap() {
    segment.reapValue(this, hash);
  }
}
