package leaksafe.log;

import static java.util.Objects.requireNonNull;

import java.util.logging.ErrorManager;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import leaksafe.log.internal.LogErrors;
import leaksafe.log.internal.TextRecords;

/**
 * A {@code java.util.logging} handler that hands on records of text alone: to put in front of a handler that keeps records, such as a
 * {@link java.util.logging.MemoryHandler} or an asynchronous one. Parameters become part of the message, bounded as by {@link
 * Excerpt}; a throwable becomes a {@link ThrowableText}.
 *
 * <p>The target's filter is asked once, by the target, and so sees the text.
 *
 * <p>A message without parameters is handed on as it is: it is a string already.
 *
 * <p><b>Failures.</b> What a filter or the target throws goes to this handler's {@link #setErrorManager error manager}, and not to who logs.
 *
 * <p><b>Threads.</b> Safe for use by many threads, if the target is.
 */
public final class TextHandler extends Handler {
  private final Handler target;
  private final Excerpt excerpt;

  /** Creates a handler in front of another, with the usual limits for each parameter. */
  public TextHandler(Handler target) {
    this(target, Excerpt.USUAL);
  }

  /** Creates a handler in front of another. */
  public TextHandler(Handler target, Excerpt excerpt) {
    this.target = requireNonNull(target, "target");
    this.excerpt = requireNonNull(excerpt, "excerpt");
  }

  /** Hands the record's text on, if this handler's level and filter and the target's let it pass. */
  @Override
  public void publish(LogRecord record) {
    try {
      if (isLoggable(record) && reaches(target.getLevel(), record)) {
        target.publish(TextRecords.of(record, excerpt));
      }
    } catch (Throwable e) {
      reportError("a record was not handed on", LogErrors.exception(e), ErrorManager.WRITE_FAILURE);
    }
  }

  /** Returns whether the target's level lets a record pass; its filter is for the target to ask, since a filter may count what it is asked. */
  private static boolean reaches(Level level, LogRecord record) {
    return level != Level.OFF && record.getLevel().intValue() >= level.intValue();
  }

  /** Flushes the target. */
  @Override
  public void flush() {
    try {
      target.flush();
    } catch (Throwable e) {
      reportError("the target was not flushed", LogErrors.exception(e), ErrorManager.FLUSH_FAILURE);
    }
  }

  /**
   * Closes the target.
   *
   * @throws SecurityException if the target does not allow it
   */
  @Override
  public void close() {
    try {
      target.close();
    } catch (SecurityException e) {
      throw e;
    } catch (Throwable e) {
      reportError("the target was not closed", LogErrors.exception(e), ErrorManager.CLOSE_FAILURE);
    }
  }
}
