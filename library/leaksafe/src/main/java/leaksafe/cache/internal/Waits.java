package leaksafe.cache.internal;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Which thread waits for which load, over all caches, to see cycles before they close. A thread waits for one load at most, and a load
 * has one owner, so the graph is a set of chains, and each wait is checked when it is added, under one lock: no cycle can come about.
 *
 * <p>Used only where a thread is about to park. A thread is in the map from before it parks until it has woken, so nothing is held for longer.
 */
final class Waits {
  private static final ReentrantLock LOCK = new ReentrantLock(); // taken inside no other, and none inside it
  private static final Map<Thread, Load<?, ?, ?>> WAITING = new HashMap<>();

  private Waits() {}

  /** The current thread is about to wait for the load. */
  static void begin(Load<?, ?, ?> load, Function<Thread, List<? extends Load<?, ?, ?>>> running) {
    Thread current = Thread.currentThread();
    LOCK.lock();
    try {
      if (load.hasEnded() || (load.owner != current && !leadsTo(load, current))) {
        WAITING.put(current, load);
        return;
      }
    } finally {
      LOCK.unlock();
    }
    // The cycle stands still until this thread gives up its part, so it can be walked now. Keys are users' code: not under the lock.
    StringBuilder cycle = new StringBuilder("a value depends on itself: ");
    for (Load<?, ?, ?> at = load; at != null; at = at.owner == current ? null : of(at.owner)) {
      for (Load<?, ?, ?> nested : running.apply(at.owner)) {
        if (nested.number >= at.number) {
          cycle.append(nested.key).append(" -> ");
        }
      }
    }
    throw new IllegalStateException(cycle.append(load.key)
        .append("; a loader must not need, directly or through others, the key that it loads").toString());
  }

  /**
   * Returns whether the load's owner waits, directly or through others, for the thread. A load that has ended leads nowhere: its waiter is
   * in the map only because it has not woken yet. The owner of a load that has not ended is parked itself, or the chain ends with it.
   */
  private static boolean leadsTo(Load<?, ?, ?> load, Thread thread) {
    for (Load<?, ?, ?> at = WAITING.get(load.owner); at != null && !at.hasEnded(); at = WAITING.get(at.owner)) {
      if (at.owner == thread) {
        return true;
      }
    }
    return false;
  }

  private static @Nullable Load<?, ?, ?> of(Thread thread) {
    LOCK.lock();
    try {
      return WAITING.get(thread);
    } finally {
      LOCK.unlock();
    }
  }

  /** The current thread no longer waits. */
  static void end() {
    LOCK.lock();
    try {
      WAITING.remove(Thread.currentThread());
    } finally {
      LOCK.unlock();
    }
  }
}
