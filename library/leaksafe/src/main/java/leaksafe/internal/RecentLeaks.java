package leaksafe.internal;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import leaksafe.Leak;

/** The latest leaks that any container reported, as text, for the census. */
public final class RecentLeaks {
  /** How many are kept. */
  public static final int KEPT = 100;

  private static final ReentrantLock LOCK = new ReentrantLock();
  private static final Deque<Leak> LEAKS = new ArrayDeque<>(); // guarded by LOCK

  private static long count; // guarded by LOCK

  private RecentLeaks() {}

  /** Adds a leak; the oldest goes if there are too many. */
  static void add(Leak leak) {
    LOCK.lock();
    try {
      if (LEAKS.size() == KEPT) {
        LEAKS.removeFirst();
      }
      LEAKS.addLast(leak);
      count++;
    } finally {
      LOCK.unlock();
    }
  }

  /** Returns how many leaks there were. */
  public static long count() {
    LOCK.lock();
    try {
      return count;
    } finally {
      LOCK.unlock();
    }
  }

  /** Returns the leaks, the latest first. */
  public static List<Leak> list() {
    LOCK.lock();
    try {
      Leak[] latestFirst = LEAKS.toArray(new Leak[0]);
      Collections.reverse(Arrays.asList(latestFirst));
      return List.of(latestFirst);
    } finally {
      LOCK.unlock();
    }
  }
}
