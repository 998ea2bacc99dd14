package leaksafe.internal;

import java.util.IdentityHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Which thread waits for what another is making, over all containers, to see cycles before they close. A thread waits for one thing at most, and that
 * has one owner, so the graph is a set of chains, and each wait is checked when it is added, under one lock: no cycle can come about.
 *
 * <p>Used only where a thread is about to park. A thread is in the map from before it parks until it has woken, so nothing is held for longer.
 */
public final class Waits {
  private static final ReentrantLock LOCK = new ReentrantLock(); // taken inside no other, and none inside it
  private static final Map<Thread, Awaited> WAITING = new IdentityHashMap<>();

  private Waits() {}

  /** Something that one thread is making and others wait for. Its {@code toString} names it in the message about a cycle. */
  public interface Awaited {

    /** Returns the thread that is making it. */
    Thread owner();

    /** Returns whether its owner has done its part, although those who waited may not have woken yet. */
    boolean hasEnded();
  }

  /**
   * The current thread is about to wait, until {@link #end}. Returns false, and it must not, if what it wants waits for this thread, directly or through
   * others; such a cycle stands still until this thread gives up its part, so it can be walked by {@link #of}.
   */
  public static boolean begin(Awaited wanted) {
    Thread current = Thread.currentThread();
    LOCK.lock();
    try {
      if (wanted.hasEnded() || (wanted.owner() != current && !leadsTo(wanted, current))) {
        WAITING.put(current, wanted);
        return true;
      }
      return false;
    } finally {
      LOCK.unlock();
    }
  }

  /**
   * Returns whether the owner waits, directly or through others, for the thread. What has ended leads nowhere: its waiter is in the map only because it
   * has not woken yet. The owner of what has not ended is parked itself, or the chain ends with it.
   */
  private static boolean leadsTo(Awaited wanted, Thread thread) {
    for (Awaited at = WAITING.get(wanted.owner()); at != null && !at.hasEnded(); at = WAITING.get(at.owner())) {
      if (at.owner() == thread) {
        return true;
      }
    }
    return false;
  }

  /** Returns what the thread waits for, or null. */
  public static @Nullable Awaited of(Thread thread) {
    LOCK.lock();
    try {
      return WAITING.get(thread);
    } finally {
      LOCK.unlock();
    }
  }

  /** The current thread no longer waits. */
  public static void end() {
    LOCK.lock();
    try {
      WAITING.remove(Thread.currentThread());
    } finally {
      LOCK.unlock();
    }
  }
}
