package leaksafe.memo.internal;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A load that is running, and the futures of those who wait for it, each of whom has one of his own. A future that was cancelled, timed
 * out or was completed by its holder is taken out at once, so that a load that takes for ever gathers no waiters that are gone; when
 * the last one goes, the load is abandoned.
 */
final class Flight<K, V extends @Nullable Object> {
  final K key;
  final long deadline;
  private final AsyncCore<K, V> core;
  private final AtomicBoolean ending = new AtomicBoolean();
  private final AtomicBoolean overdue = new AtomicBoolean();
  private volatile boolean superseded;
  private final AtomicReference<@Nullable Runnable> canceller = new AtomicReference<>(); // taken by the one who runs it

  private final ReentrantLock lock = new ReentrantLock(); // no users' code and no other lock inside
  private final Set<CompletableFuture<V>> waiters = new LinkedHashSet<>(); // guarded by lock; compared by identity
  private boolean landed; // guarded by lock

  Flight(AsyncCore<K, V> core, K key, long deadline) {
    this.core = core;
    this.key = key;
    this.deadline = deadline;
  }

  /** Returns a future of the caller's own, or null if it is too late. */
  @Nullable CompletableFuture<V> join() {
    CompletableFuture<V> waiter = new CompletableFuture<>();
    lock.lock();
    try {
      if (landed) {
        return null;
      }
      waiters.add(waiter);
    } finally {
      lock.unlock();
    }
    waiter.whenComplete((value, failure) -> left(waiter));
    return waiter;
  }

  private void left(CompletableFuture<V> waiter) {
    boolean last;
    lock.lock();
    try {
      // False for those that the landing completes: it has taken them out.
      last = waiters.remove(waiter) && waiters.isEmpty() && !landed && ending.compareAndSet(false, true);
      landed |= last;
    } finally {
      lock.unlock();
    }
    if (last) {
      core.abandoned(this);
    }
  }

  /** Returns true for the one who may say how it ended. */
  boolean beginEnd() {
    return ending.compareAndSet(false, true);
  }

  boolean isEnding() {
    return ending.get();
  }

  /** Returns true the first time. */
  boolean becomesOverdue() {
    return overdue.compareAndSet(false, true);
  }

  /** Completes the futures of all who wait; nobody can join any more. */
  void land(V value, @Nullable Throwable failure) {
    List<CompletableFuture<V>> all;
    lock.lock();
    try {
      landed = true;
      all = List.copyOf(waiters);
      waiters.clear();
    } finally {
      lock.unlock();
    }
    for (CompletableFuture<V> waiter : all) {
      if (failure == null) {
        waiter.complete(value);
      } else {
        waiter.completeExceptionally(failure);
      }
    }
  }

  /** The key was invalidated: the result goes to those who wait, and is not remembered. */
  void supersede() {
    superseded = true;
  }

  boolean isSuperseded() {
    return superseded;
  }

  /** Says how to cancel the load; it is done at once if the flight has ended already. */
  void cancelBy(Runnable cancel) {
    canceller.set(cancel);
    if (isEnding()) { // both volatile: either we see the end, or who ends it sees this
      cancelLoad();
    }
  }

  /** Cancels the load, if it is known how, once. */
  void cancelLoad() {
    Runnable cancel = canceller.getAndSet(null);
    if (cancel != null) {
      cancel.run();
    }
  }

  /** Returns the exception itself where it came wrapped through dependent stages. */
  static Throwable bare(Throwable failure) {
    Throwable cause = failure.getCause();
    return failure instanceof CompletionException && cause != null ? cause : failure;
  }
}
