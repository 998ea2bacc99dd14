package leaksafe.heap;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Heap inspection as routine maintenance: inspects this VM at intervals, or when told to, keeps the last few summaries (never a dump) and
 * hands what grew over all of them to a listener.
 *
 * <p>One daemon thread works until {@link #close}; listeners run on it, one call at a time, and what they throw, an {@link Error} too,
 * goes to the failure listener and does not end the schedule; what that throws is logged. Thread-safe.
 */
public final class HeapSchedule implements AutoCloseable {
  private final HeapInspector inspector;
  private final Duration interval;
  private final int kept;
  private final Consumer<Growth> listener;
  private final Consumer<Throwable> failureListener;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  /** Guarded by the lock, as are the next two. */
  private final ArrayDeque<HeapSummary> summaries = new ArrayDeque<>();
  private boolean asked;
  private boolean closed;
  private final Thread thread;

  private HeapSchedule(
      HeapInspector inspector, Duration interval, int kept, Consumer<Growth> listener, Consumer<Throwable> failureListener) {
    this.inspector = inspector;
    this.interval = interval;
    this.kept = kept;
    this.listener = listener;
    this.failureListener = failureListener;
    thread = new Thread(null, this::work, "leaksafe-heap-schedule", 0, false);
    thread.setDaemon(true);
    thread.setContextClassLoader(null);
  }

  /**
   * Starts a schedule; the first inspection comes after one interval.
   *
   * @param interval the time between inspections, at least one second
   * @param kept how many summaries are kept and compared, at least 2
   * @param listener gets the growth over the kept summaries whenever something grew
   * @param failureListener gets what went wrong; the schedule goes on
   */
  public static HeapSchedule start(
      HeapInspector inspector, Duration interval, int kept, Consumer<Growth> listener, Consumer<Throwable> failureListener) {
    Objects.requireNonNull(inspector, "inspector");
    Objects.requireNonNull(listener, "listener");
    Objects.requireNonNull(failureListener, "failureListener");
    if (interval.toSeconds() < 1) {
      throw new IllegalArgumentException("interval must be at least 1 s, but was " + interval);
    }
    if (kept < 2) {
      throw new IllegalArgumentException("kept must be at least 2, since growth compares heaps, but was " + kept);
    }
    HeapSchedule schedule = new HeapSchedule(inspector, interval, kept, listener, failureListener);
    schedule.thread.start();
    return schedule;
  }

  /** Asks for an inspection now, after a growth alert for example; returns at once. */
  public void inspectNow() {
    lock.lock();
    try {
      asked = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Returns the kept summaries, oldest first. */
  public List<HeapSummary> summaries() {
    lock.lock();
    try {
      return new ArrayList<>(summaries);
    } finally {
      lock.unlock();
    }
  }

  /** Ends the schedule and its thread, a running analysis too; does not wait for them. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      summaries.clear();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    thread.interrupt();
  }

  private void work() {
    while (true) {
      try {
        if (!awaitTurn()) {
          return;
        }
        inspect();
      } catch (Throwable e) { // an Error too: nobody would notice that the inspections have ended
        if (isClosed()) {
          return;
        }
        tell(e);
      }
    }
  }

  private boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  private boolean awaitTurn() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = interval.toNanos();
      while (!closed && !asked && left > 0) {
        left = changed.awaitNanos(left);
      }
      asked = false;
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  private void inspect() throws Exception {
    HeapSummary summary = inspector.inspect();
    List<HeapSummary> compared;
    lock.lock();
    try {
      if (closed) {
        return;
      }
      summaries.add(summary);
      if (summaries.size() > kept) {
        summaries.remove();
      }
      compared = new ArrayList<>(summaries);
    } finally {
      lock.unlock();
    }
    if (compared.size() > 1) {
      Growth growth = Growth.between(compared, Growth.DEFAULT_MINIMUM_BYTES);
      if (!growth.paths().isEmpty()) {
        listener.accept(growth);
      }
    }
  }

  private void tell(Throwable failure) {
    try {
      failureListener.accept(failure);
    } catch (Throwable e) {
      System.getLogger(HeapSchedule.class.getName()).log(System.Logger.Level.WARNING, "a failure listener failed", e);
    }
  }

  /** Waits until the schedule's thread has ended after {@link #close}; returns whether it has. */
  boolean awaitEnd(Duration timeout) throws InterruptedException {
    thread.join(TimeUnit.NANOSECONDS.toMillis(timeout.toNanos()));
    return !thread.isAlive();
  }
}
