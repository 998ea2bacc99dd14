package leaksafe.cache.internal.lease;

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
