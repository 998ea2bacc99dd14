package leaksafe.logging;

import static java.util.Objects.requireNonNull;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import ch.qos.logback.core.spi.AppenderAttachable;
import ch.qos.logback.core.spi.AppenderAttachableImpl;
import java.util.Iterator;
import leaksafe.log.Excerpt;
import leaksafe.log.internal.JvmErrors;
import org.jspecify.annotations.Nullable;

/**
 * A Logback appender that hands on events of text alone: to put in front of appenders that keep events, such as {@code
 * CyclicBufferAppender}, {@code ListAppender} or {@code AsyncAppender}. Arguments become part of the message, bounded as by {@link
 * Excerpt}; throwables and key-value pairs become text, and of markers the names stay, theirs and those of their references.
 *
 * <pre>{@code
 * <appender name="RECENT" class="leaksafe.logging.TextAppender">
 *   <argumentCharacters>200</argumentCharacters>
 *   <appender-ref ref="CYCLIC"/>
 * </appender>
 * }</pre>
 *
 * <p><b>Where from.</b> The line that logged is kept if somebody asked the event for it before, or if {@code includeCallerData} is set.
 *
 * <p><b>Failures.</b> An appender behind this one that throws, an error or an exception, keeps neither the others from the event nor the program from
 * going on: it is told of in Logback's status messages, as is an event that cannot be made into text.
 *
 * <p><b>End.</b> Stopping this stops the appenders behind it.
 *
 * <p><b>Threads.</b> Safe for use by many threads, if the appenders behind it are.
 */
public final class TextAppender extends UnsynchronizedAppenderBase<ILoggingEvent> implements AppenderAttachable<ILoggingEvent> {
  private final AppenderAttachableImpl<ILoggingEvent> targets = new AppenderAttachableImpl<>();
  private Excerpt excerpt = Excerpt.USUAL;
  private boolean includeCallerData;

  /** Creates an appender without targets; Logback's configuration adds them. */
  public TextAppender() {}

  /**
   * Sets how long the text of one argument may be, in characters; {@value Excerpt#CHARACTERS} if not set.
   *
   * @throws IllegalArgumentException if it is less than 16
   */
  public void setArgumentCharacters(int characters) {
    excerpt = Excerpt.USUAL.characters(characters);
  }

  /**
   * Sets whether each event says which line logged it, for layouts with {@code %line} and the like; false if not set, as for Logback's {@code
   * AsyncAppender}, because that takes a walk up the stack.
   */
  public void setIncludeCallerData(boolean includeCallerData) {
    this.includeCallerData = includeCallerData;
  }

  /** Starts handing events on. Says so in Logback's status messages if there is nobody to hand them to. */
  @Override
  public void start() {
    if (!targets.iteratorForAppenders().hasNext()) {
      addWarn("no appender stands behind the TextAppender named [" + getName() + "], so what it gets is lost: add an <appender-ref>");
    }
    super.start();
  }

  /** Stops the appenders behind this one, too, and lets go of them, as Logback's {@code AsyncAppender} does: nobody else would close their files. */
  @Override
  public void stop() {
    super.stop();
    targets.detachAndStopAllAppenders();
  }

  @Override
  protected void append(ILoggingEvent event) {
    TextEvent text = text(event);
    IllegalStateException failure = null;
    for (Iterator<Appender<ILoggingEvent>> all = targets.iteratorForAppenders(); all.hasNext();) {
      Appender<ILoggingEvent> target = all.next();
      try {
        target.doAppend(text);
      } catch (Throwable e) {
        JvmErrors.keepInterruption(e);
        if (failure == null) {
          failure = new IllegalStateException("the appender named [" + target.getName() + "] failed", e);
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure; // which Logback reports, and not more often than it has said it would
    }
  }

  private TextEvent text(ILoggingEvent event) {
    try {
      if (includeCallerData) {
        event.getCallerData(); // looked for now: later it would be on another stack
      }
      return TextEvent.of(event, excerpt);
    } catch (Error e) { // exceptions are reported by Logback, and errors are not
      throw new IllegalStateException("an event could not be made into text", e);
    }
  }

  /** Adds an appender behind this one. */
  @Override
  public void addAppender(Appender<ILoggingEvent> target) {
    targets.addAppender(requireNonNull(target, "target"));
  }

  @Override
  public Iterator<Appender<ILoggingEvent>> iteratorForAppenders() {
    return targets.iteratorForAppenders();
  }

  @Override
  public @Nullable Appender<ILoggingEvent> getAppender(String name) {
    return targets.getAppender(name);
  }

  @Override
  public boolean isAttached(Appender<ILoggingEvent> target) {
    return targets.isAttached(target);
  }

  @Override
  public void detachAndStopAllAppenders() {
    targets.detachAndStopAllAppenders();
  }

  @Override
  public boolean detachAppender(Appender<ILoggingEvent> target) {
    return targets.detachAppender(target);
  }

  @Override
  public boolean detachAppender(String name) {
    return targets.detachAppender(name);
  }
}
