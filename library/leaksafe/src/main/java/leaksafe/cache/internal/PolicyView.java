package leaksafe.cache.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import leaksafe.cache.CachePolicy;
import leaksafe.cache.CacheSnapshot;
import leaksafe.cache.Eviction;
import leaksafe.cache.PressureStats;
import org.jspecify.annotations.Nullable;

/** What a cache knows about itself. */
final class PolicyView<K, V, N> implements CachePolicy<K, V>, PressureGauge.Target {
  private static final int EVICTIONS_A_LOCK = 16;

  private final SegmentedCache<K, V, N> cache;

  PolicyView(SegmentedCache<K, V, N> cache) {
    this.cache = cache;
  }

  @Override
  public String name() {
    return cache.name();
  }

  @Override
  public long currentMaximum() {
    return cache.budget == null ? Long.MAX_VALUE : cache.budget.ownMaximum();
  }

  @Override
  public Optional<PressureStats> pressure() {
    return Optional.ofNullable(cache.gauge).map(PressureGauge::stats);
  }

  @Override
  public Eviction eviction() {
    return cache.eviction;
  }

  @Override
  public OptionalLong maximum() {
    return cache.budget == null ? OptionalLong.empty() : OptionalLong.of(cache.budget.maximum());
  }

  @Override
  public void setMaximum(long maximum) {
    if (maximum < 1) {
      throw new IllegalArgumentException("maximum must be at least 1, but was " + maximum);
    }
    Budget budget = cache.budget;
    if (budget == null) {
      throw new IllegalStateException("setMaximum needs a cache with a maximum: build it with maximumSize or maximumWeight");
    }
    if (cache.gauge != null) {
      cache.gauge.userSets(maximum);
    }
    budget.setMaximum(maximum);
    changed(budget, maximum);
  }

  @Override
  public boolean replaceMaximum(long expected, long maximum) {
    Budget budget = Objects.requireNonNull(cache.budget); // nothing without a maximum has a gauge
    boolean replaced = budget.replaceMaximum(expected, maximum);
    if (replaced) {
      changed(budget, maximum);
    }
    return replaced;
  }

  private void changed(Budget budget, long maximum) {
    if (cache.duel != null && !budget.isWeighed()) {
      cache.duel.restart(maximum);
    }
    boolean some = true;
    while (some && budget.hasSurplus()) {
      some = false;
      for (int i = 0; i < cache.segmentCount() && budget.hasSurplus(); i++) {
        some |= shrink(cache.segmentIfAny(i), budget);
      }
    }
  }

  private boolean shrink(@Nullable Segment<K, V, N> segment, Budget budget) {
    if (segment == null) {
      return false;
    }
    boolean some = false;
    segment.lock();
    try {
      for (int i = 0; i < EVICTIONS_A_LOCK && budget.hasSurplus(); i++) {
        N victim = segment.order.evict(null, cache.now());
        if (victim == null) {
          break;
        }
        some = true;
        cache.giveBack(cache.layout.weight(victim));
      }
    } finally {
      segment.unlockAndTell();
    }
    return some;
  }

  @Override
  public OptionalLong weightedSize() {
    return cache.budget == null || !cache.budget.isWeighed() ? OptionalLong.empty() : OptionalLong.of(cache.budget.get());
  }

  @Override
  public CacheSnapshot<K, V> snapshot() {
    return new Snapshots<>(cache).take();
  }

  @Override
  public int restore(CacheSnapshot<? extends K, ? extends V> snapshot) {
    return new Snapshots<>(cache).restore(Objects.requireNonNull(snapshot, "snapshot"));
  }

  @Override
  public Map<K, V> coldest(int limit) {
    return ranked(limit, Comparator.comparingLong(Ranked::heat));
  }

  @Override
  public Map<K, V> hottest(int limit) {
    return ranked(limit, Comparator.<Ranked<K, V>>comparingLong(Ranked::heat).reversed());
  }

  private Map<K, V> ranked(int limit, Comparator<Ranked<K, V>> order) {
    if (limit < 0) {
      throw new IllegalArgumentException("limit must be at least 0, but was " + limit);
    }
    List<Ranked<K, V>> all = new ArrayList<>();
    for (int i = 0; i < cache.segmentCount(); i++) {
      Segment<K, V, N> segment = cache.segmentIfAny(i);
      if (segment != null) {
        segment.lock();
        try {
          segment.order.rank((node, heat) -> add(all, segment, node, heat));
        } finally {
          segment.unlockAndTell();
        }
      }
    }
    all.sort(order);
    Map<K, V> result = new LinkedHashMap<>();
    for (Ranked<K, V> ranked : all.subList(0, Math.min(limit, all.size()))) {
      result.put(ranked.key, ranked.value);
    }
    return result;
  }

  private void add(List<Ranked<K, V>> all, Segment<K, V, N> segment, N node, long heat) {
    K key = cache.layout.key(node);
    V value = segment.liveValue(node, cache.now());
    if (key != null && value != null) {
      all.add(new Ranked<>(key, value, heat));
    }
  }

  private record Ranked<K, V>(K key, V value, long heat) {}

  @Override
  public Optional<Duration> ageOf(K key) {
    Expiration<K, V> expiration = cache.expiration;
    N node = live(key);
    if (node == null || expiration == null) {
      return Optional.empty();
    }
    long deadline = cache.layout.deadlineOpaque(node);
    long age = expiration.age(deadline, expiration.capped ? cache.layout.cap(node) : deadline, cache.now());
    return age < 0 ? Optional.empty() : Optional.of(Duration.ofNanos(age));
  }

  @Override
  public Optional<Duration> expiresIn(K key) {
    N node = live(key);
    if (node == null || cache.expiration == null) {
      return Optional.empty();
    }
    long deadline = cache.layout.deadlineOpaque(node);
    return deadline == Expiration.NEVER ? Optional.empty() : Optional.of(Duration.ofNanos(Math.max(0, deadline - cache.now())));
  }

  private @Nullable N live(K key) {
    int hash = cache.hash(Objects.requireNonNull(key, "key"));
    N node = cache.search(key, hash);
    return node == null || cache.peek(node, key) == null ? null : node;
  }

  @Override
  public @Nullable V getIfPresentQuietly(K key) {
    return cache.peek(Objects.requireNonNull(key, "key"));
  }
}
