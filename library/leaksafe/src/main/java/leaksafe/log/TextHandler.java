package leaksafe.log;

import static java.util.Objects.requireNonNull;

import java.util.logging.Handler;
import java.util.logging.LogRecord;
import leaksafe.log.internal.TextRecords;

/**
 * A {@code java.util.logging} handler that hands on records of text alone: to put in front of a handler that keeps records, such as a
 * {@link java.util.logging.MemoryHandler} or an asynchronous one. Parameters become part of the message, bounded as by {@link
 * Excerpt}; a throwable becomes a {@link ThrowableText}.
 *
 * <p>A message without parameters is handed on as it is: it is a string already.
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
    if (isLoggable(record) && target.isLoggable(record)) {
      target.publish(TextRecords.of(record, excerpt));
    }
  }

  /** Flushes the target. */
  @Override
  public void flush() {
    target.flush();
  }

  /** Closes the target. */
  @Override
  public void close() {
    target.close();
  }
}
