package leaksafe.logging;

import static java.util.Objects.requireNonNull;

import leaksafe.internal.Cut;
import leaksafe.log.Excerpt;
import leaksafe.log.ThrowableText;
import leaksafe.log.internal.OnDemand;
import org.apache.logging.log4j.ThreadContext;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.appender.rewrite.RewritePolicy;
import org.apache.logging.log4j.core.config.plugins.Plugin;
import org.apache.logging.log4j.core.config.plugins.PluginAttribute;
import org.apache.logging.log4j.core.config.plugins.PluginFactory;
import org.apache.logging.log4j.core.impl.Log4jLogEvent;
import org.apache.logging.log4j.core.impl.MementoMessage;
import org.apache.logging.log4j.message.Message;
import org.apache.logging.log4j.message.ParameterizedMessage;
import org.apache.logging.log4j.message.ReusableMessage;
import org.apache.logging.log4j.message.SimpleMessage;
import org.apache.logging.log4j.spi.MutableThreadContextStack;
import org.apache.logging.log4j.status.StatusLogger;
import org.apache.logging.log4j.util.ReadOnlyStringMap;
import org.apache.logging.log4j.util.SortedArrayStringMap;
import org.apache.logging.log4j.util.StringMap;
import org.jspecify.annotations.Nullable;

/**
 * A Log4j 2 rewrite policy that makes events of text alone: for a {@code Rewrite} appender in front of appenders that keep events.
 * Parameters become part of the message, bounded as by {@link Excerpt}; a throwable becomes a {@link ThrowableText}, which prints like
 * it; values of the context that are not strings become text; of markers that are not Log4j's the names stay, theirs and those of their parents.
 * Strings without parameters stay as they are. Messages of other kinds, and objects that are logged as such, are formatted by themselves, and the
 * text is cut at 10,000 characters.
 *
 * <pre>{@code
 * <Rewrite name="RECENT">
 *   <TextRewritePolicy argumentCharacters="200"/>
 *   <AppenderRef ref="LIST"/>
 * </Rewrite>
 * }</pre>
 *
 * <p><b>Where from.</b> The line that logged is kept, unless the logger's own {@code includeLocation="false"} saves the walk up the stack that
 * finds it.
 *
 * <p><b>Threads.</b> Immutable.
 */
@Plugin(name = "TextRewritePolicy", category = "Core", elementType = "rewritePolicy", printObject = true)
public final class TextRewritePolicy implements RewritePolicy {
  private static final int MESSAGE = 10_000;

  private final Excerpt excerpt;

  private TextRewritePolicy(Excerpt excerpt) {
    this.excerpt = excerpt;
  }

  /**
   * Returns a policy.
   *
   * @param argumentCharacters how long the text of one parameter may be, in characters
   * @throws IllegalArgumentException if it is less than 16
   */
  public static TextRewritePolicy create(int argumentCharacters) {
    return new TextRewritePolicy(Excerpt.USUAL.characters(argumentCharacters));
  }

  /** Makes the policy that a file of Log4j's asks for. A wrong value is reported and not thrown: without a policy the appender would keep everything. */
  @PluginFactory
  static TextRewritePolicy configured(@PluginAttribute(value = "argumentCharacters", defaultInt = Excerpt.CHARACTERS) int argumentCharacters) {
    try {
      return create(argumentCharacters);
    } catch (IllegalArgumentException e) {
      StatusLogger.getLogger().error("TextRewritePolicy: argumentCharacters=\"{}\": {}; {} is used", argumentCharacters, e.getMessage(), Excerpt.CHARACTERS);
      return create(Excerpt.CHARACTERS);
    }
  }

  /** Returns the text of the event, which the logger may use again for the next. */
  @Override
  public LogEvent rewrite(LogEvent event) {
    requireNonNull(event, "event");
    Throwable thrown = event.getThrown();
    // Field by field: Log4j's own copy of an event formats its message with all of its parameters first. What an event finds out late, its thread and
    // its line, is asked for now; later it would be the thread and the stack of whoever reads it.
    return new Log4jLogEvent.Builder()
        .setLoggerName(event.getLoggerName()).setLoggerFqcn(event.getLoggerFqcn()).setLevel(event.getLevel())
        .setMarker(Log4jMarkers.text(event.getMarker()))
        .setMessage(new SimpleMessage(text(event.getMessage())))
        .setThrown(thrown == null ? null : ThrowableText.of(thrown))
        .setContextData(text(event.getContextData())).setContextStack(text(event.getContextStack()))
        .setInstant(event.getInstant()).setNanoTime(event.getNanoTime())
        .setThreadId(event.getThreadId()).setThreadName(event.getThreadName()).setThreadPriority(event.getThreadPriority())
        .setIncludeLocation(event.isIncludeLocation()).setSource(event.getSource())
        .setEndOfBatch(event.isEndOfBatch())
        .build();
  }

  private StringMap text(ReadOnlyStringMap context) {
    StringMap texts = new SortedArrayStringMap(context.size());
    context.<@Nullable Object>forEach((key, value) -> texts.putValue(key, value == null || value instanceof String ? value : excerpt.text(value)));
    texts.freeze();
    return texts;
  }

  /** Returns a stack of the same strings: the one of an event may be of anybody's class, or change. */
  private static ThreadContext.ContextStack text(ThreadContext.@Nullable ContextStack stack) {
    return stack == null || stack.getDepth() == 0 ? ThreadContext.EMPTY_STACK : new MutableThreadContextStack(stack.asList());
  }

  @SuppressWarnings("deprecation") // deprecated for those who print messages; a pattern is nowhere else to be had
  private String text(Message message) {
    // A logger's own messages are reused, and what is kept of them is a memento. A string that was logged as an object is its own parameter.
    boolean parameterized =
        message instanceof ParameterizedMessage || message instanceof ReusableMessage || message instanceof MementoMessage;
    @Nullable Object[] parameters = parameterized ? message.getParameters() : null;
    String format = message.getFormat();
    if (parameters != null && parameters.length > 0 && format != null && format != parameters[0]) {
      return ParameterizedMessage.format(format, OnDemand.all(parameters, excerpt));
    }
    String formatted = String.valueOf(message.getFormattedMessage());
    boolean string = message instanceof SimpleMessage || parameterized && (parameters == null || parameters.length == 0);
    return string ? formatted : Cut.at(MESSAGE, formatted);
  }

  @Override
  public String toString() {
    return "TextRewritePolicy";
  }
}
