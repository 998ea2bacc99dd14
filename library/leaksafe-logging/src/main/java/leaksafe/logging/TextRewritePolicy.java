package leaksafe.logging;

import static java.util.Objects.requireNonNull;

import leaksafe.log.Excerpt;
import leaksafe.log.ThrowableText;
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
import org.jspecify.annotations.Nullable;

/**
 * A Log4j 2 rewrite policy that makes events of text alone: for a {@code Rewrite} appender in front of appenders that keep events.
 * Parameters become part of the message, bounded as by {@link Excerpt}; a throwable becomes a {@link ThrowableText}, which prints like
 * it. Messages of other kinds than parameterized and simple ones are formatted by themselves, and the text is bounded.
 *
 * <pre>{@code
 * <Rewrite name="RECENT">
 *   <TextRewritePolicy argumentCharacters="200"/>
 *   <AppenderRef ref="LIST"/>
 * </Rewrite>
 * }</pre>
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
  @PluginFactory
  public static TextRewritePolicy create(@PluginAttribute(value = "argumentCharacters", defaultInt = Excerpt.CHARACTERS) int argumentCharacters) {
    return new TextRewritePolicy(Excerpt.USUAL.characters(argumentCharacters));
  }

  /** Returns the text of the event. */
  @Override
  @SuppressWarnings("deprecation") // an event that was deserialized may still bring a proxy, which holds the throwable
  public LogEvent rewrite(LogEvent event) {
    Log4jLogEvent.Builder builder = new Log4jLogEvent.Builder(requireNonNull(event, "event").toImmutable());
    builder.setMessage(new SimpleMessage(text(event.getMessage())));
    Throwable thrown = event.getThrown();
    if (thrown != null) {
      builder.setThrownProxy(null);
      builder.setThrown(ThrowableText.of(thrown));
    }
    return builder.build();
  }

  @SuppressWarnings("deprecation") // deprecated for those who print messages; a pattern is nowhere else to be had
  private String text(Message message) {
    @Nullable Object[] parameters = message.getParameters();
    String format = message.getFormat();
    // A logger's own messages are reused, and what is kept of them is a memento. A string that was logged as an object is its own parameter.
    boolean parameterized =
        message instanceof ParameterizedMessage || message instanceof ReusableMessage || message instanceof MementoMessage;
    if (!parameterized || parameters == null || parameters.length == 0 || format == null || format == parameters[0]) {
      return cut(message.getFormattedMessage());
    }
    @Nullable Object[] texts = new Object[parameters.length];
    for (int i = 0; i < parameters.length; i++) {
      texts[i] = excerpt.text(parameters[i]);
    }
    return ParameterizedMessage.format(format, texts);
  }

  private static String cut(String text) {
    return text.length() <= MESSAGE ? text : text.substring(0, MESSAGE - 3) + "...";
  }

  @Override
  public String toString() {
    return "TextRewritePolicy";
  }
}
