package leaksafe.watch.internal;

import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import leaksafe.watch.HeapSnapshot;
import org.jspecify.annotations.Nullable;

/** A class histogram when the heap is first suspected, to be compared with one when it grows for sure. Numbers and names only. */
final class ClassWatch {
  private static final int MOST = 5;

  private final boolean asked;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable HeapSnapshot base; // guarded by lock

  ClassWatch(boolean asked) {
    this.asked = asked;
  }

  /** Takes the histogram to compare with once the heap is suspected, and forgets it once it is not any more. */
  void look(boolean suspected) {
    if (!asked) {
      return;
    }
    lock.lock();
    try {
      if (suspected && base == null) {
        base = HeapSnapshot.live();
      } else if (!suspected) {
        base = null;
      }
    } finally {
      lock.unlock();
    }
  }

  /** Returns what holds more than at first, as text; the largest if there is nothing to compare with yet. */
  List<String> grown() {
    if (!asked) {
      return List.of();
    }
    HeapSnapshot before;
    lock.lock();
    try {
      before = base;
    } finally {
      lock.unlock();
    }
    HeapSnapshot now = HeapSnapshot.live();
    HeapSnapshot shown = before == null ? now : now.since(before);
    return shown.top(MOST).classes().stream().map(Object::toString).toList();
  }

  void clear() {
    lock.lock();
    try {
      base = null;
    } finally {
      lock.unlock();
    }
  }
}
