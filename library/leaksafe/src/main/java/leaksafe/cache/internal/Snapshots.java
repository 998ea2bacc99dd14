package leaksafe.cache.internal;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import leaksafe.cache.CacheEntry;
import leaksafe.cache.CacheSnapshot;
import leaksafe.cache.Eviction;
import org.jspecify.annotations.Nullable;

/** Takes snapshots of a cache, and puts them back. */
final class Snapshots<K, V, N> {
  private final SegmentedCache<K, V, N> cache;

  Snapshots(SegmentedCache<K, V, N> cache) {
    this.cache = cache;
  }

  private record Ranked<K, V>(CacheEntry<K, V> entry, long heat) {}

  CacheSnapshot<K, V> take() {
    List<Ranked<K, V>> all = new ArrayList<>();
    Instant now = Instant.now();
    for (int i = 0; i < cache.segmentCount(); i++) {
      Segment<K, V, N> segment = cache.segmentIfAny(i);
      if (segment != null) {
        segment.lock();
        try {
          segment.order.rank((node, heat) -> {
            CacheEntry<K, V> entry = entry(segment, node);
            if (entry != null) {
              all.add(new Ranked<>(entry, heat));
            }
          });
        } finally {
          segment.unlockAndTell();
        }
      }
    }
    all.sort(Comparator.<Ranked<K, V>>comparingLong(Ranked::heat).reversed());
    return new CacheSnapshot<>(now, all.stream().map(Ranked::entry).toList());
  }

  private @Nullable CacheEntry<K, V> entry(Segment<K, V, N> segment, N node) {
    long now = cache.now();
    K key = cache.layout.key(node);
    V value = segment.liveValue(node, now);
    if (key == null || value == null) {
      return null;
    }
    Expiration<K, V> expiration = cache.expiration;
    if (expiration == null) {
      return new CacheEntry<>(key, value, null, null);
    }
    long deadline = cache.layout.deadlineOpaque(node);
    long end = expiration.capped ? cache.layout.cap(node) : expiration.takesLifetimes() ? deadline : Expiration.NEVER;
    return new CacheEntry<>(key, value, until(deadline, now), until(end, now));
  }

  private static @Nullable Duration until(long time, long now) {
    return time == Expiration.NEVER ? null : Duration.ofNanos(time - now);
  }

  /** Stores what is absent, has not expired and fits, the most valuable first. Returns how many entries that are. */
  int restore(CacheSnapshot<? extends K, ? extends V> snapshot) {
    Duration passed = Duration.between(snapshot.takenAt(), Instant.now());
    if (passed.isNegative()) {
      passed = Duration.ZERO; // clocks are set back
    }
    List<CacheEntry<? extends K, ? extends V>> chosen = choose(snapshot.entries(), passed);
    boolean adaptive = cache.eviction == Eviction.ADAPTIVE;
    if (!adaptive) {
      Collections.reverse(chosen); // the last to come is the last to leave; an adaptive cache has those come first leave the window first
    }
    int stored = 0;
    for (int i = 0; i < chosen.size(); i++) {
      CacheEntry<? extends K, ? extends V> entry = chosen.get(i);
      boolean hot = adaptive && i < chosen.size() / 2;
      stored += store(entry.key(), entry.value(), entry.expiresIn(), entry.endsIn(), passed, hot) ? 1 : 0;
    }
    return stored;
  }

  /** Returns those that are to be stored, without changing anything, in their order. */
  private List<CacheEntry<? extends K, ? extends V>> choose(List<? extends CacheEntry<? extends K, ? extends V>> entries, Duration passed) {
    List<CacheEntry<? extends K, ? extends V>> chosen = new ArrayList<>();
    long room = cache.budget == null ? Long.MAX_VALUE : cache.budget.room();
    for (CacheEntry<? extends K, ? extends V> entry : entries) {
      Duration left = entry.expiresIn();
      if (room <= 0) {
        break;
      }
      if (left != null && left.compareTo(passed) <= 0 || cache.peek(entry.key()) != null) {
        continue;
      }
      int weight = cache.writes.weigh(entry.key(), entry.value());
      if (weight <= room) {
        room -= weight;
        chosen.add(entry);
      }
    }
    return chosen;
  }

  private boolean store(K key, V value, @Nullable Duration expiresIn, @Nullable Duration endsIn, Duration passed, boolean hot) {
    Expiration<K, V> expiration = cache.expiration;
    long lifetime = Writes.USUAL;
    long expires = expiresIn == null ? Expiration.NEVER : nanos(expiresIn.minus(passed));
    if (expiration != null) {
      long most = expiration.longest(); // the cache may have been built with shorter lives than it had
      long end = endsIn == null ? expires : nanos(endsIn.minus(passed));
      if (end != Expiration.NEVER) {
        lifetime = Math.min(end, most);
      }
    }
    if (cache.writes.store(key, value, Writes.When.ABSENT, null, lifetime, false) != null) {
      return false;
    }
    settle(key, value, expires, hot);
    return true;
  }

  private static long nanos(Duration duration) {
    return duration.compareTo(Duration.ofNanos(Long.MAX_VALUE)) >= 0 ? Long.MAX_VALUE : Math.max(1, duration.toNanos());
  }

  /** Gives an entry that was restored back what a new one does not have: the rest of its time without use, its heat, its age. */
  private void settle(K key, V value, long expires, boolean hot) {
    int hash = cache.hash(key);
    Segment<K, V, N> segment = cache.segmentOf(hash);
    segment.lock();
    try {
      N node = segment.find(key, hash);
      long now = cache.now();
      if (node == null || segment.liveValue(node, now) != value) {
        return; // others have changed it already
      }
      if (hot) {
        cache.layout.flag(node, 0, Node.USED);
      }
      Expiration<K, V> expiration = cache.expiration;
      if (expiration != null) {
        expiration.restored(segment, node, now, expires);
      }
    } finally {
      segment.unlockAndTell();
    }
  }
}
