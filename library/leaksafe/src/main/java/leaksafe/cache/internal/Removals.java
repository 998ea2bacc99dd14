package leaksafe.cache.internal;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import leaksafe.Failure;
import leaksafe.FailureListener;
import leaksafe.RemovalListener;
import leaksafe.internal.Reaper;
import leaksafe.internal.Reports;
import org.jspecify.annotations.Nullable;

/** Tells a removal listener, on the thread that caused the removal or through a bounded queue on an executor. */
final class Removals<K, V> {
  private final Supplier<String> cacheName;
  private final RemovalListener<? super K, ? super V> listener;
  private final FailureListener failures;
  private final Executor background;
  private final @Nullable Executor executor;
  private final LinkedBlockingQueue<Removal<K, V>> queue = new LinkedBlockingQueue<>(Settings.LISTENER_QUEUE);
  private final AtomicBoolean draining = new AtomicBoolean();
  private final AtomicInteger later = new AtomicInteger();

  Removals(Supplier<String> cacheName, RemovalListener<? super K, ? super V> listener, FailureListener failures, @Nullable Executor executor,
      Executor background) {
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
    drainOn(executor, now);
  }

  /** Returns whether removals that the reaper found still wait: then it should not find more. */
  boolean isBehind() {
    return later.get() > 0;
  }

  private void tellLater(Removal<K, V> first) {
    later.incrementAndGet();
    Runnable work = () -> {
      try {
        tell(first);
      } finally {
        later.decrementAndGet();
      }
    };
    try {
      background.execute(work);
    } catch (RejectedExecutionException e) {
      Reaper.userCodeExecutor().execute(work);
    }
  }

  private void drainOn(Executor on, boolean now) {
    if (queue.isEmpty() || !draining.compareAndSet(false, true)) {
      return;
    }
    try {
      on.execute(this::drain);
    } catch (RejectedExecutionException e) {
      // A shut-down executor must not have the removals wait for ever.
      if (now) {
        drain();
      } else {
        Reaper.userCodeExecutor().execute(this::drain);
      }
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

  private void tell(@Nullable Removal<K, V> first) {
    for (Removal<K, V> removal = first; removal != null; removal = removal.next) {
      try {
        listener.onRemoval(removal.key, removal.value, removal.cause);
      } catch (Throwable e) {
        Reports.tell(failures, new Failure(cacheName.get(), "removal listener", "cause " + removal.cause, e));
      }
    }
  }
}
