package leaksafe.memo.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Gathers loads until there are enough of them, or the first has waited for long enough. */
final class Batches<K, V extends @Nullable Object> {
  private final long windowNanos;
  private final int maximum;
  private final ReentrantLock lock = new ReentrantLock(); // no users' code and no other lock inside
  private List<Flight<K, V>> gathered = new ArrayList<>(); // guarded by lock; at most the maximum
  private long dueAt; // guarded by lock; of the first that is gathered
  private boolean fresh; // guarded by lock; nobody has been told yet when the batch is due

  Batches(long windowNanos, int maximum) {
    this.windowNanos = windowNanos;
    this.maximum = maximum;
  }

  /** Adds a load, and returns the batch if that made it full, else null. */
  @Nullable List<Flight<K, V>> add(Flight<K, V> flight, long now) {
    lock.lock();
    try {
      if (gathered.isEmpty()) {
        dueAt = now + windowNanos;
        fresh = true;
      }
      gathered.add(flight);
      return gathered.size() >= maximum ? take() : null;
    } finally {
      lock.unlock();
    }
  }

  /** Returns, once for a batch, whether somebody must be told when it is due. */
  boolean becomesKnown() {
    lock.lock();
    try {
      boolean first = fresh;
      fresh = false;
      return first;
    } finally {
      lock.unlock();
    }
  }

  /** Returns the batch if it is due, else null. */
  @Nullable List<Flight<K, V>> takeDue(long now) {
    lock.lock();
    try {
      return !gathered.isEmpty() && dueAt - now <= 0 ? take() : null;
    } finally {
      lock.unlock();
    }
  }

  /** Returns in how many nanoseconds a batch is due, or the largest number if none is gathered. */
  long dueIn(long now) {
    lock.lock();
    try {
      return gathered.isEmpty() ? Long.MAX_VALUE : dueAt - now;
    } finally {
      lock.unlock();
    }
  }

  private List<Flight<K, V>> take() {
    List<Flight<K, V>> batch = gathered;
    gathered = new ArrayList<>();
    fresh = false;
    return batch;
  }
}
