package leaksafe.log;

import static java.util.Objects.requireNonNull;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.logging.ErrorManager;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import leaksafe.log.internal.HandlerSettings;
import leaksafe.log.internal.LogErrors;
import leaksafe.log.internal.TextRecords;
import org.jspecify.annotations.Nullable;

/**
 * A {@code java.util.logging} handler that keeps the newest records, as text alone: to show them when something goes wrong. Unlike {@link
 * java.util.logging.MemoryHandler}, which keeps every parameter and exception of a thousand records alive.
 *
 * <p><b>Bound.</b> At most the given number of records, each of bounded parameters. <b>Threads.</b> Safe for use by many threads. A record
 * is made into text on the thread that logs it, outside the lock.
 *
 * <p><b>By a file of settings.</b> In {@code logging.properties} it is named like any handler, and found again by {@link #of}:
 *
 * <pre>{@code
 * handlers=java.util.logging.ConsoleHandler, leaksafe.log.RecentRecords
 * leaksafe.log.RecentRecords.size=200
 * leaksafe.log.RecentRecords.level=FINE
 * }</pre>
 *
 * <pre>{@code
 * RecentRecords.of(Logger.getLogger("")).ifPresent(recent -> recent.drainTo(handler));
 * }</pre>
 *
 * <p>The settings are those of {@link #RecentRecords()}. Reading other settings, or a {@link java.util.logging.LogManager#reset reset}, closes the
 * handler, which forgets its records.
 *
 * <p><b>Failures.</b> What a filter throws, or another handler that is given the records, goes to this handler's {@link #setErrorManager error
 * manager}, and not to who logs.
 */
public final class RecentRecords extends Handler {
  private static final int SIZE = 1000; // as that of a MemoryHandler

  private final int capacity;
  private final Excerpt excerpt;
  private final ReentrantLock lock = new ReentrantLock();
  private final ArrayDeque<LogRecord> records = new ArrayDeque<>(); // guarded by lock
  private boolean closed; // guarded by lock

  /**
   * Creates a handler as the properties of the {@link java.util.logging.LogManager} say, each of whose names begins with {@code
   * leaksafe.log.RecentRecords}:
   *
   * <ul>
   *   <li>{@code .size}: how many records are kept, at least 1; 1000 if not set
   *   <li>{@code .level}: the lowest level that is kept, {@code ALL} if not set
   *   <li>{@code .filter}: the name of the class of a filter, a public class with a public constructor without parameters, from the system class
   *       loader or the one of this library; none if not set
   *   <li>{@code .characters}, {@code .elements}, {@code .depth}: the limits for each parameter, and {@code .withoutUserCode}, {@code true} or {@code
   *       false}: see {@link Excerpt}, whose usual ones hold if not set
   * </ul>
   *
   * <p>A wrong value is reported on standard error, as the JDK's {@link ErrorManager} does, and what holds if it is not set holds.
   */
  public RecentRecords() {
    this(HandlerSettings.of(RecentRecords.class));
  }

  RecentRecords(HandlerSettings settings) {
    this(settings.size(SIZE), settings.excerpt());
    setLevel(settings.level());
    setFilter(settings.filter());
    settings.refuseFormat("none");
  }

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

  /**
   * Returns the handler of this class that gets the records of a logger, if there is one: its own or, where those get them, too, that of the nearest
   * of its parents; also one behind a {@link TextHandler}. For the handlers that {@code logging.properties} names, {@code Logger.getLogger("")} has
   * those of the property {@code handlers}.
   */
  public static Optional<RecentRecords> of(Logger logger) {
    requireNonNull(logger, "logger");
    for (@Nullable Logger each = logger; each != null; each = each.getUseParentHandlers() ? each.getParent() : null) {
      for (Handler handler : each.getHandlers()) {
        Handler last = handler;
        while (last instanceof TextHandler text) {
          last = text.target();
        }
        if (last instanceof RecentRecords recent) {
          return Optional.of(recent);
        }
      }
    }
    return Optional.empty();
  }

  /** Keeps the record's text, if the level and the filter let it pass and this handler is not closed. */
  @Override
  public void publish(LogRecord record) {
    try {
      if (isLoggable(record)) {
        keep(TextRecords.of(record, excerpt));
      }
    } catch (Throwable e) {
      LogErrors.report(e, exception -> reportError("a record was not kept", exception, ErrorManager.GENERIC_FAILURE));
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
        LogErrors.report(e, exception -> reportError("a record was not handed on", exception, ErrorManager.WRITE_FAILURE));
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
