package leaksafe.cache.internal.lease;

import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Some of the open leases, in the order in which they were acquired. Few are open at a time, so a list with a lock will do. */
final class Stripe {
  private final ReentrantLock lock = new ReentrantLock(); // taken inside no other
  private @Nullable Watch<?, ?> oldest;
  private @Nullable Watch<?, ?> newest;
  private int size;

  void add(Watch<?, ?> watch) {
    lock.lock();
    try {
      Watch<?, ?> before = newest;
      watch.older = before;
      if (before == null) {
        oldest = watch;
      } else {
        before.newer = watch;
      }
      newest = watch;
      size++;
    } finally {
      lock.unlock();
    }
  }

  /** Takes the watch out; true the first time. */
  boolean remove(Watch<?, ?> watch) {
    lock.lock();
    try {
      if (!watch.close()) {
        return false;
      }
      Watch<?, ?> before = watch.older;
      Watch<?, ?> after = watch.newer;
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
      watch.older = null;
      watch.newer = null;
      size--;
      return true;
    } finally {
      lock.unlock();
    }
  }

  @Nullable Watch<?, ?> oldest() {
    lock.lock();
    try {
      return oldest;
    } finally {
      lock.unlock();
    }
  }

  int size() {
    lock.lock();
    try {
      return size;
    } finally {
      lock.unlock();
    }
  }
}
