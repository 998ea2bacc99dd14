package leaksafe.log;

import static java.util.Objects.requireNonNull;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.logging.ErrorManager;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import leaksafe.log.internal.LogErrors;
import leaksafe.log.internal.TextRecords;

/**
 * A {@code java.util.logging} handler that keeps the newest records, as text alone: to show them when something goes wrong. Unlike {@link
 * java.util.logging.MemoryHandler}, which keeps every parameter and exception of a thousand records alive.
 *
 * <p><b>Bound.</b> At most the given number of records, each of bounded parameters. <b>Threads.</b> Safe for use by many threads. A record
 * is made into text on the thread that logs it, outside the lock.
 *
 * <p><b>Failures.</b> What a filter throws, or another handler that is given the records, goes to this handler's {@link #setErrorManager error
 * manager}, and not to who logs.
 */
public final class RecentRecords extends Handler {
  private final int capacity;
  private final Excerpt excerpt;
  private final ReentrantLock lock = new ReentrantLock();
  private final ArrayDeque<LogRecord> records = new ArrayDeque<>(); // guarded by lock
  private boolean closed; // guarded by lock

  /**
   * Creates a handler that keeps so many records, with the usual limits for each parameter.
   *
   * @throws IllegalArgumentException if it is less than 1
   */
  public RecentRecords(int capacity) {
    this(capacity, Excerpt.USUAL);
  }

  /**
   * Creates a handler that keeps so many records.
   *
   * @throws IllegalArgumentException if it is less than 1
   */
  public RecentRecords(int capacity, Excerpt excerpt) {
    if (capacity < 1) {
      throw new IllegalArgumentException("capacity must be at least 1, but was " + capacity);
    }
    this.capacity = capacity;
    this.excerpt = requireNonNull(excerpt, "excerpt");
  }

  /** Keeps the record's text, if the level and the filter let it pass and this handler is not closed. */
  @Override
  public void publish(LogRecord record) {
    try {
      if (isLoggable(record)) {
        keep(TextRecords.of(record, excerpt));
      }
    } catch (Throwable e) {
      reportError("a record was not kept", LogErrors.exception(e), ErrorManager.GENERIC_FAILURE);
    }
  }

  private void keep(LogRecord text) {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      if (records.size() == capacity) {
        records.poll();
      }
      records.add(text);
    } finally {
      lock.unlock();
    }
  }

  /** Returns the records that are kept, oldest first. They hold text alone; keeping them is harmless. */
  public List<LogRecord> records() {
    lock.lock();
    try {
      return new ArrayList<>(records);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Hands the records that are kept to another handler, oldest first, and forgets them: for when something went wrong. A record that the other
   * handler fails on does not keep it from getting the next.
   */
  public void drainTo(Handler target) {
    requireNonNull(target, "target");
    List<LogRecord> drained;
    lock.lock();
    try {
      drained = new ArrayList<>(records);
      records.clear();
    } finally {
      lock.unlock();
    }
    for (LogRecord text : drained) {
      try {
        target.publish(text);
      } catch (Throwable e) {
        reportError("a record was not handed on", LogErrors.exception(e), ErrorManager.WRITE_FAILURE);
      }
    }
  }

  /** Does nothing: what is kept is kept. */
  @Override
  public void flush() {}

  /** Forgets everything and keeps nothing from now on. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      records.clear();
    } finally {
      lock.unlock();
    }
  }
}
