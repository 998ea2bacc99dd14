package leaksafe.cache.internal;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import leaksafe.Failure;
import leaksafe.FailureListener;
import leaksafe.RemovalListener;
import leaksafe.internal.Reaper;
import leaksafe.internal.Reports;
import org.jspecify.annotations.Nullable;

/**
 * Tells a removal listener, on the thread that caused the removal or through a bounded queue on an executor.
 *
 * <p>What a listener causes itself, on its own thread, is told when it has returned: a listener that puts back what was evicted would overflow the
 * stack else, and an overflow under a segment's lock could leave that locked for ever.
 *
 * <p>Executors are users' code, so none is called on the reaper's thread, and what they throw is reported. What the reaper found and an executor has
 * not begun to tell for long, because it forgot its task, is told by the common pool, or no more would be swept.
 */
final class Removals<K, V> {
  /** For how many nanoseconds an executor may leave what the reaper found. */
  static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final Supplier<String> cacheName;
  private final RemovalListener<? super K, ? super V> listener;
  private final FailureListener failures;
  private final @Nullable Executor background; // for what no caller caused; null for the common pool
  private final @Nullable Executor executor;
  private final LinkedBlockingQueue<Removal<K, V>> queue = new LinkedBlockingQueue<>(Settings.LISTENER_QUEUE);
  private final AtomicBoolean draining = new AtomicBoolean();
  private final Queue<Removal<K, V>> late = new ConcurrentLinkedQueue<>(); // chains that the reaper found
  private final AtomicInteger behind = new AtomicInteger(); // those of them that were not yet told
  private long lateSince; // the reaper's thread only
  private final Turns<K, V> turns = new Turns<>();

  Removals(Supplier<String> cacheName, RemovalListener<? super K, ? super V> listener, FailureListener failures, @Nullable Executor executor,
      @Nullable Executor background) {
    this.cacheName = cacheName;
    this.listener = listener;
    this.failures = failures;
    this.executor = executor;
    this.background = background;
  }

  /** Delivers a chain of removals; {@code now} unless the caller is the reaper, on whose thread no user code may run. */
  void deliver(Removal<K, V> first, boolean now) {
    if (executor == null) {
      if (now) {
        tell(first);
      } else {
        tellLater(first);
      }
      return;
    }
    for (Removal<K, V> removal = first; removal != null; ) {
      Removal<K, V> next = removal.next;
      removal.next = null;
      if (!queue.offer(removal)) {
        if (now) {
          tell(removal);
        } else {
          tellLater(removal);
        }
      }
      removal = next;
    }
    if (now) {
      drainOn(executor);
    } else if (!queue.isEmpty()) {
      Reaper.userCodeExecutor().execute(() -> drainOn(executor));
    }
  }

  /** Returns whether removals that the reaper found still wait: then it should not find more. On the reaper's thread. */
  boolean isBehind(long nanoTime) {
    if (behind.get() == 0) {
      return false;
    }
    if (!late.isEmpty() && nanoTime - lateSince >= PATIENCE_NANOS) {
      lateSince = nanoTime;
      Reaper.userCodeExecutor().execute(this::tellLate);
    }
    return true;
  }

  private void tellLater(Removal<K, V> first) {
    if (late.isEmpty()) {
      lateSince = System.nanoTime();
    }
    behind.incrementAndGet();
    late.add(first);
    Reaper.userCodeExecutor().execute(background == null ? this::tellLate : () -> run(background, this::tellLate));
  }

  private void tellLate() {
    for (Removal<K, V> first = late.poll(); first != null; first = late.poll()) {
      try {
        tell(first);
      } finally {
        behind.decrementAndGet();
      }
    }
  }

  private void drainOn(Executor on) {
    if (!queue.isEmpty() && draining.compareAndSet(false, true)) {
      run(on, this::drain);
    }
  }

  /** Runs the task on the executor, or at once if that refuses: a shut-down executor must not have removals wait for ever. */
  private void run(Executor on, Runnable task) {
    try {
      on.execute(task);
    } catch (RejectedExecutionException e) {
      task.run();
    } catch (Throwable e) {
      Reports.tell(failures, new Failure(cacheName.get(), "executor", "the removal listener is called without it", e));
      task.run();
    }
  }

  private void drain() {
    do {
      for (Removal<K, V> removal = queue.poll(); removal != null; removal = queue.poll()) {
        tell(removal);
      }
      draining.set(false);
      // What was offered between the last poll and here found the queue being drained.
    } while (!queue.isEmpty() && draining.compareAndSet(false, true));
  }

  private void tell(Removal<K, V> first) {
    Turns.Turn<K, V> turn = turns.begin(first);
    if (turn == null) {
      return; // told by the call of this thread's that is telling already
    }
    try {
      for (Removal<K, V> chain = turn.take(); chain != null; chain = turn.take()) {
        for (Removal<K, V> removal = chain; removal != null; removal = removal.next) {
          tellOne(removal);
        }
      }
    } finally {
      turns.end(turn);
    }
  }

  private void tellOne(Removal<K, V> removal) {
    try {
      listener.onRemoval(removal.key, removal.value, removal.cause);
    } catch (Throwable e) {
      Reports.tell(failures, new Failure(cacheName.get(), "removal listener", "cause " + removal.cause, e));
    }
  }
}
