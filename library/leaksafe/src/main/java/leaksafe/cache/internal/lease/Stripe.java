package leaksafe.cache.internal.lease;

import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Some of the leases under watch, in the order in which that began. Few are open at a time, so a list with a lock will do. */
final class Stripe {
  private final ReentrantLock lock = new ReentrantLock(); // taken inside no other
  private @Nullable Watch<?, ?> first;
  private @Nullable Watch<?, ?> last;

  void add(Watch<?, ?> watch) {
    lock.lock();
    try {
      Watch<?, ?> before = last;
      watch.before = before;
      watch.listed = true;
      if (before == null) {
        first = watch;
      } else {
        before.after = watch;
      }
      last = watch;
    } finally {
      lock.unlock();
    }
  }

  /** Takes the watch out; true the first time. */
  boolean remove(Watch<?, ?> watch) {
    lock.lock();
    try {
      if (!watch.listed) {
        return false;
      }
      watch.listed = false;
      Watch<?, ?> before = watch.before;
      Watch<?, ?> after = watch.after;
      if (before == null) {
        first = after;
      } else {
        before.after = after;
      }
      if (after == null) {
        last = before;
      } else {
        after.before = before;
      }
      watch.before = null;
      watch.after = null;
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Returns that of the lease that was acquired first, which need not be the first in the list. O(leases). */
  @Nullable Watch<?, ?> oldest() {
    lock.lock();
    try {
      Watch<?, ?> found = null;
      for (Watch<?, ?> at = first; at != null; at = at.after) {
        if (found == null || at.since - found.since < 0) {
          found = at;
        }
      }
      return found;
    } finally {
      lock.unlock();
    }
  }
}
