package leaksafe.log;

import static java.util.Objects.requireNonNull;

import java.util.logging.ErrorManager;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import leaksafe.log.internal.HandlerSettings;
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
 * <p><b>By a file of settings.</b> In {@code logging.properties} it is named like any handler, with the class of its target, which has settings of
 * its own:
 *
 * <pre>{@code
 * handlers=leaksafe.log.TextHandler
 * leaksafe.log.TextHandler.target=java.util.logging.MemoryHandler
 * leaksafe.log.TextHandler.characters=200
 * java.util.logging.MemoryHandler.target=java.util.logging.FileHandler
 * java.util.logging.MemoryHandler.push=SEVERE
 * }</pre>
 *
 * <p>The settings are those of {@link #TextHandler()}. Reading other settings, or a {@link java.util.logging.LogManager#reset reset}, closes the
 * handler and its target.
 *
 * <p><b>Failures.</b> What a filter or the target throws goes to this handler's {@link #setErrorManager error manager}, and not to who logs.
 *
 * <p><b>Threads.</b> Safe for use by many threads, if the target is.
 */
public final class TextHandler extends Handler {
  private final Handler target;
  private final Excerpt excerpt;

  /**
   * Creates a handler as the properties of the {@link java.util.logging.LogManager} say, each of whose names begins with {@code
   * leaksafe.log.TextHandler}:
   *
   * <ul>
   *   <li>{@code .target}: the name of the class of the handler that gets the text, a public class with a public constructor without parameters, from
   *       the system class loader or the one of this library; it must be there
   *   <li>{@code .level}: the lowest level that passes, {@code ALL} if not set
   *   <li>{@code .filter}: the name of the class of a filter, made like the target; none if not set
   *   <li>{@code .characters}, {@code .elements}, {@code .depth}: the limits for each parameter, and {@code .withoutUserCode}, {@code true} or {@code
   *       false}: see {@link Excerpt}, whose usual ones hold if not set
   * </ul>
   *
   * <p>Any other wrong value than that of the target is reported on standard error, as the JDK's {@link ErrorManager} does, and what holds if it is
   * not set holds.
   *
   * @throws IllegalArgumentException if the target is not set or cannot be made; the log manager prints that and goes on with the other handlers
   */
  public TextHandler() {
    this(HandlerSettings.of(TextHandler.class));
  }

  TextHandler(HandlerSettings settings) {
    this.excerpt = settings.excerpt();
    setLevel(settings.level());
    setFilter(settings.filter());
    settings.refuseFormat("that of the target");
    this.target = settings.target(); // last: once it is open, nothing may fail
  }

  /** Creates a handler in front of another, with the usual limits for each parameter. */
  public TextHandler(Handler target) {
    this(target, Excerpt.USUAL);
  }

  /** Creates a handler in front of another. */
  public TextHandler(Handler target, Excerpt excerpt) {
    this.target = requireNonNull(target, "target");
    this.excerpt = requireNonNull(excerpt, "excerpt");
  }

  /** Returns the handler that gets the text. */
  public Handler target() {
    return target;
  }

  /** Hands the record's text on, if this handler's level and filter and the target's let it pass. */
  @Override
  public void publish(LogRecord record) {
    try {
      if (isLoggable(record) && reaches(target.getLevel(), record)) {
        target.publish(TextRecords.of(record, excerpt));
      }
    } catch (Throwable e) {
      LogErrors.report(e, exception -> reportError("a record was not handed on", exception, ErrorManager.WRITE_FAILURE));
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
      LogErrors.report(e, exception -> reportError("the target was not flushed", exception, ErrorManager.FLUSH_FAILURE));
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
      LogErrors.report(e, exception -> reportError("the target was not closed", exception, ErrorManager.CLOSE_FAILURE));
    }
  }
}
