package leaksafe.cache.internal;

import java.util.Objects;
import leaksafe.RemovalCause;
import org.jspecify.annotations.Nullable;

/** Stores and removes under the segments' locks, within the budget. */
final class Writes<K, V, N> {
  /** Not a lifetime: the cache's own applies. */
  static final long USUAL = -1;

  /** How often room is looked for elsewhere before a value is given up because nobody has room to give. */
  private static final int ATTEMPTS = 8;

  /** How often room is made in other caches of a shared budget first, which others may take before we can. */
  private static final int SHARED_ATTEMPTS = 4;

  /** On what a write depends. */
  enum When { ALWAYS, ABSENT, PRESENT, EQUAL }

  private final SegmentedCache<K, V, N> cache;

  Writes(SegmentedCache<K, V, N> cache) {
    this.cache = cache;
  }

  /**
   * Stores a value if the condition holds, and returns the value before.
   *
   * @param expected what the value before must be equal to, for {@link When#EQUAL}
   * @param waits whether to wait for a computation of the key, or else to supersede it
   */
  final @Nullable V store(K key, V value, When when, @Nullable Object expected, long lifetime, boolean waits) {
    return store(key, value, cache.groupsOf(key, value), when, expected, lifetime, waits);
  }

  /** Stores a value in groups that the caller knows. */
  final @Nullable V store(K key, V value, Object @Nullable [] groups, When when, @Nullable Object expected, long lifetime, boolean waits) {
    int hash = cache.hash(key);
    int weight = weigh(key, value);
    Segment<K, V, N> segment = cache.segmentOf(hash);
    Expiration<K, V> timing = cache.expiration;
    for (int attempt = 0; ; attempt++) {
      long now = cache.now();
      long life = lifetime;
      boolean guessed = false; // that the key is present, for the user's expiry
      boolean asked = timing != null && timing.isVariable() && lifetime == USUAL;
      if (timing != null && lifetime == USUAL) {
        long deadline = asked ? liveDeadline(key, hash, now) : Expiration.ABSENT;
        guessed = deadline != Expiration.ABSENT;
        life = timing.lifetime(key, value, now, deadline);
      }
      Load<K, V, N> running = null;
      int missing = 0;
      segment.lock();
      try {
        N node = segment.find(key, hash);
        if (node != null && segment.removeIfDead(node, now)) {
          node = null;
        }
        Load<K, V, N> load = segment.loads.of(key, hash);
        if (load != null && waits) {
          load.expectWaiter();
          running = load;
        } else {
          // A put that takes no lock may come at any moment: what is decided here holds only for the value that was seen here.
          Object seen = node == null ? null : cache.layout.valueAcquire(node);
          V old = seen == null ? null : cache.unwrap(seen);
          if (seen != null && old == null) {
            continue; // collected since the look above: neither there nor to be replaced
          }
          boolean present = node != null; // one that expired while it is being computed among them
          if (present ? when == When.ABSENT : when == When.PRESENT || when == When.EQUAL) {
            return old;
          }
          if (when == When.EQUAL && expected != old && !Objects.requireNonNull(expected).equals(old)) {
            return null;
          }
          if (asked && (node != null && !segment.isExpired(node, now)) != guessed) {
            continue;
          }
          missing = weight - (node == null ? 0 : cache.layout.weight(node));
          Outcome outcome = null;
          try {
            outcome = write(segment, node, seen, key, hash, value, weight, groups, now, life, attempt);
          } finally {
            // Not while room is made without the lock: the node must not be without both a value and a load then.
            if (load != null && outcome != Outcome.FULL) {
              segment.loads.supersede(load, RemovalCause.REPLACED);
            }
          }
          if (outcome == Outcome.DONE) {
            return old;
          } else if (outcome == Outcome.OVERTAKEN) {
            continue;
          }
        }
      } finally {
        segment.unlockAndTell();
      }
      if (running != null) {
        running.await(cache::loadsOf);
        attempt = 0;
      } else {
        evictElsewhere(hash, missing, now);
      }
    }
  }

  /** How a write ended: well; room must be made elsewhere first; or another value than the one that was seen was there already. */
  enum Outcome { DONE, FULL, OVERTAKEN }

  /**
   * Writes a value to the node or a new one, under the lock. After some attempts to make room elsewhere nobody has any to give, and the
   * value leaves at once.
   *
   * @param seen the raw value that is replaced; null if there is none, or if the caller holds it
   */
  final Outcome write(Segment<K, V, N> segment, @Nullable N node, @Nullable Object seen, K key, int hash, V value, int weight,
      Object @Nullable [] groups, long now, long lifetime, int attempt) {
    int before = node == null ? 0 : cache.layout.weight(node);
    int growth = weight - before;
    Boolean evicting = isTooHeavy(weight) ? null : growth > 0 ? reserve(segment, growth, node, now, attempt) : Boolean.FALSE;
    if (evicting == null) {
      if (!isTooHeavy(weight) && attempt < ATTEMPTS) {
        return Outcome.FULL;
      }
      if (node != null) {
        segment.remove(node, RemovalCause.REPLACED);
      }
      segment.gone(key, value, RemovalCause.SIZE);
      cache.evicted(weight);
      return Outcome.DONE;
    }
    Object raw = cache.wrap(segment, hash, value);
    if (node == null) {
      if (cache.share != null) {
        cache.share.regret().arrived(hash & Node.HASH, (long) segment.nodes() * cache.segmentCount());
      }
      N created;
      boolean inserted = false;
      try {
        created = segment.insert(key, raw, hash, weight, evicting, now, lifetime);
        inserted = true;
      } finally {
        if (!inserted) {
          cache.giveBack(weight); // out of memory: the room must not be lost for ever
        }
      }
      segment.assignGroups(created, groups);
    } else {
      if (seen == null) {
        cache.layout.setValueVolatile(node, raw); // only the lock's holder gives life
      } else if (!cache.layout.changeValue(node, seen, raw)) {
        return Outcome.OVERTAKEN; // in a cache where all weigh the same, so no permits were taken
      }
      cache.layout.setWeight(node, weight);
      cache.giveBack(Math.max(0, -growth));
      V last = seen == null ? null : cache.unwrap(seen);
      if (seen != null && last == null) {
        segment.gone(key, null, RemovalCause.COLLECTED); // before it was replaced
        cache.evicted(before);
      } else if (last != null && last != value) {
        segment.gone(key, last, RemovalCause.REPLACED);
      }
      if (cache.byUse) {
        segment.order.used(node);
      } else {
        cache.layout.flag(node, 0, Node.USED);
      }
      if (cache.expiration != null) {
        cache.expiration.written(segment, node, now, lifetime);
      }
      segment.assignGroups(node, groups);
    }
    return Outcome.DONE;
  }

  /** Returns when the live entry of the key expires, or {@link Expiration#ABSENT} if there is none. */
  final long liveDeadline(K key, int hash, long now) {
    N node = cache.search(key, hash);
    if (node == null || cache.expiration == null) {
      return Expiration.ABSENT;
    }
    long deadline = cache.layout.deadlineOpaque(node);
    Object raw = cache.layout.valueAcquire(node);
    return deadline <= now || raw != null && cache.unwrap(raw) == null ? Expiration.ABSENT : deadline;
  }

  /** Removes the key if its value is equal to the expected one, or any if null is expected. Returns the value. */
  final @Nullable V remove(K key, @Nullable Object expected, boolean waits) {
    int hash = cache.hash(key);
    if (cache.segmentIfAny(hash >>> 3 & cache.segmentMask) == null) {
      return null;
    }
    Segment<K, V, N> segment = cache.segmentOf(hash);
    while (true) {
      Load<K, V, N> load;
      segment.lock();
      try {
        N node = segment.find(key, hash);
        load = segment.loads.of(key, hash);
        if (load == null || !waits) {
          if (load != null) {
            segment.loads.supersede(load, RemovalCause.EXPLICIT);
          }
          long now = cache.now();
          if (node == null || segment.removeIfDead(node, now)) {
            return null;
          }
          Object seen = cache.layout.valueAcquire(node);
          V old = seen == null ? null : cache.unwrap(seen);
          if (expected != null && expected != old && !expected.equals(old)) {
            return null;
          }
          if (seen != null && !cache.layout.changeValue(node, seen, null)) {
            continue; // a put that took no lock came between
          }
          segment.remove(node, RemovalCause.EXPLICIT);
          if (seen != null) {
            segment.gone(cache.layout.key(node), old, old == null ? RemovalCause.COLLECTED : RemovalCause.EXPLICIT);
          }
          return old;
        }
        load.expectWaiter();
      } finally {
        segment.unlockAndTell();
      }
      load.await(cache::loadsOf);
    }
  }

  final int weigh(K key, V value) {
    if (cache.weigher == null) {
      return 1;
    }
    int weight = cache.weigher.weigh(key, value);
    if (weight < 0) {
      throw new IllegalArgumentException("a weight must be at least 0, but the weigher returned " + weight);
    }
    return weight;
  }

  final boolean isTooHeavy(int weight) {
    return cache.budget != null && weight > cache.budget.maximum();
  }

  /** Takes permits, and evicts from the segment for them. Returns null if that is impossible, else whether something was evicted. */
  final @Nullable Boolean reserve(Segment<K, V, N> segment, long permits, @Nullable N spared, long now, int attempt) {
    if (cache.budget == null) {
      return false;
    }
    long inHand = 0;
    while (true) {
      if (inHand >= permits) {
        cache.budget.giveBack(inHand - permits);
        return inHand > 0;
      }
      if (cache.budget.tryTake(permits - inHand)) {
        return inHand > 0;
      }
      if (inHand == 0 && cache.share != null && attempt < SHARED_ATTEMPTS && cache.share.isForOthers(permits)) {
        return null;
      }
      N victim = segment.order.evict(spared, now);
      if (victim == null) {
        cache.budget.giveBack(inHand);
        return null;
      }
      inHand += cache.layout.weight(victim);
      if (cache.budget.isExceeded()) {
        // The maximum was lowered while entries were being computed, which nobody may evict: what comes makes up for it.
        cache.budget.giveBack(inHand);
        inHand = 0;
      }
    }
  }

  /** Makes so much room by evicting from the other segments, or caches, in turn, since one has none to give; or as much as there is. */
  final void evictElsewhere(int hash, long permits, long now) {
    if (cache.share != null && cache.share.makeRoom(permits)) {
      return;
    }
    Budget budget = cache.budget;
    int own = hash >>> 3 & cache.segmentMask;
    boolean some = budget != null;
    while (some) {
      some = false;
      for (int i = 1; i <= cache.segmentCount(); i++) {
        if (Objects.requireNonNull(budget).hasRoom(permits)) {
          return;
        }
        Segment<K, V, N> segment = cache.segmentIfAny(own + i & cache.segmentMask);
        some |= segment != null && segment.evictOne(now);
      }
    }
  }
}
