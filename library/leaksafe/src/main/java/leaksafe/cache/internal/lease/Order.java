package leaksafe.cache.internal.lease;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The open values in the order in which they were opened, and a hand that looks for one to evict: it goes from the oldest to the newest,
 * passes those that are leased, gives those that were used since it last came another round, and takes the first other. This is
 * SIEVE (Zhang et al., "SIEVE is Simpler than LRU", NSDI 2024), with values in use passed over.
 */
final class Order<K, V> {
  private final ReentrantLock lock = new ReentrantLock(); // taken inside no other, and none inside it
  private @Nullable Held<K, V> oldest;
  private @Nullable Held<K, V> newest;
  private @Nullable Held<K, V> hand; // the next to look at, or null for the oldest
  private @Nullable Held<K, V> next; // the next to visit, or null for the oldest
  private int size;

  void add(Held<K, V> held) {
    lock.lock();
    try {
      held.older = newest;
      if (newest == null) {
        oldest = held;
      } else {
        newest.newer = held;
      }
      newest = held;
      held.listed = true;
      size++;
    } finally {
      lock.unlock();
    }
  }

  void remove(Held<K, V> held) {
    lock.lock();
    try {
      if (held.listed) {
        unlink(held);
      }
    } finally {
      lock.unlock();
    }
  }

  private void unlink(Held<K, V> held) {
    Held<K, V> before = held.older;
    Held<K, V> after = held.newer;
    if (hand == held) {
      hand = after;
    }
    if (next == held) {
      next = after;
    }
    if (before == null) {
      oldest = after;
    } else {
      before.newer = after;
    }
    if (after == null) {
      newest = before;
    } else {
      after.older = before;
    }
    held.older = null;
    held.newer = null;
    held.listed = false;
    size--;
  }

  /** Returns those that follow in a round through all, so many of them, or fewer at the end of the round. For one thread. */
  List<Held<K, V>> next(int most) {
    List<Held<K, V>> slice = new ArrayList<>(Math.min(most, 64));
    lock.lock();
    try {
      Held<K, V> at = next == null ? oldest : next;
      for (; at != null && slice.size() < most; at = at.newer) {
        slice.add(at);
      }
      next = at;
    } finally {
      lock.unlock();
    }
    return slice;
  }

  /** Returns all. */
  List<Held<K, V>> all() {
    List<Held<K, V>> all = new ArrayList<>();
    lock.lock();
    try {
      for (Held<K, V> at = oldest; at != null; at = at.newer) {
        all.add(at);
      }
    } finally {
      lock.unlock();
    }
    return all;
  }

  /** Returns a value that nobody uses and that the caller has to close, or null if there is none. O(values) at worst. */
  @Nullable Held<K, V> evict() {
    lock.lock();
    try {
      for (long steps = 2L * size; steps > 0; steps--) { // in the first round each may have been used, in the second none is
        Held<K, V> at = hand == null ? oldest : hand;
        if (at == null) {
          return null;
        }
        hand = at.newer;
        if (!at.isIdle()) {
          continue;
        }
        if (at.used) {
          at.used = false;
        } else if (at.evict()) {
          unlink(at);
          return at;
        }
      }
      return null;
    } finally {
      lock.unlock();
    }
  }
}
