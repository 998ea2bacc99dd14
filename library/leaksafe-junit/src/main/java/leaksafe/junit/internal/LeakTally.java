package leaksafe.junit.internal;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import leaksafe.Leak;

/** The leaks that were found, counted by what and where. At most {@value #MOST} different ones. */
final class LeakTally {
  private static final int MOST = 1000;

  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, Found> found = new HashMap<>(); // guarded by lock

  /** Leaks of one kind from one line. */
  static final class Found {
    final Leak first;
    long count;

    Found(Leak first) {
      this.first = first;
    }
  }

  void add(Leak leak) {
    String key = leak.container() + '\n' + leak.kind() + '\n' + leak.what() + '\n' + leak.site();
    lock.lock();
    try {
      Found known = found.get(key);
      if (known != null) {
        known.count++;
      } else if (found.size() < MOST) {
        Found one = new Found(leak);
        one.count = 1;
        found.put(key, one);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Forgets all that was found so far. */
  void clear() {
    lock.lock();
    try {
      found.clear();
    } finally {
      lock.unlock();
    }
  }

  /** Returns what was found, most first. */
  List<Found> list() {
    lock.lock();
    try {
      List<Found> all = new ArrayList<>(found.values());
      all.sort(Comparator.comparingLong((Found one) -> one.count).reversed().thenComparing(one -> one.first.site()));
      return all;
    } finally {
      lock.unlock();
    }
  }
}
