package leaksafe.cache.internal;

import leaksafe.RemovalCause;

/** Removes the entries of a group. */
final class GroupRemovals<K, V, N> {
  private static final int REMOVALS_A_LOCK = 64;

  private final SegmentedCache<K, V, N> cache;

  GroupRemovals(SegmentedCache<K, V, N> cache) {
    this.cache = cache;
  }

  /** Removes every entry that carries the group now, and has what is being computed for it not stored. Returns how many entries went. */
  long remove(Object group) {
    long removed = 0;
    for (int i = 0; i < cache.segmentCount(); i++) {
      Segment<K, V, N> segment = cache.segmentIfAny(i);
      if (segment != null) {
        removed += removeGroup(segment, group);
      }
    }
    return removed;
  }

  private long removeGroup(Segment<K, V, N> segment, Object tag) {
    long removed = 0;
    int left = -1; // how many were there when we came: those that are written later are newer, and the oldest go first
    do {
      segment.lock();
      try {
        GroupIndex<N> index = segment.groups();
        GroupIndex.Group<N> group = index.find(tag);
        if (left < 0) {
          left = group == null ? 0 : group.size;
          segment.loads.forEach(load -> load.loseGroup(tag));
        }
        for (int i = 0; i < REMOVALS_A_LOCK && left > 0; i++, left--) {
          GroupIndex.Member<N> oldest = group == null ? null : group.oldest;
          if (oldest == null) {
            left = 0; // others removed some
            break;
          }
          removed += removeMember(segment, oldest.node) ? 1 : 0;
        }
      } finally {
        segment.unlockAndTell();
      }
    } while (left > 0);
    return removed;
  }

  private boolean removeMember(Segment<K, V, N> segment, N node) {
    if (segment.removeIfDead(node, cache.now())) {
      return false;
    }
    if (cache.layout.valueAcquire(node) == null) {
      segment.loads.forEach(load -> {
        if (load.node == node) {
          segment.loads.supersede(load, RemovalCause.EXPLICIT);
        }
      });
    }
    segment.remove(node, RemovalCause.EXPLICIT);
    return true;
  }
}
