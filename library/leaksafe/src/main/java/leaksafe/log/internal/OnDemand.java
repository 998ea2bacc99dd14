package leaksafe.log.internal;

import leaksafe.log.Excerpt;
import org.jspecify.annotations.Nullable;

/** An argument that is made into text when the message comes to it: one that the message does not mention is not looked at. */
public record OnDemand(@Nullable Object argument, Excerpt excerpt) {

  /** Returns arguments for a formatter, which asks each that it comes to for its text. */
  public static Object[] all(@Nullable Object[] arguments, Excerpt excerpt) {
    Object[] texts = new Object[arguments.length];
    for (int i = 0; i < arguments.length; i++) {
      texts[i] = new OnDemand(arguments[i], excerpt);
    }
    return texts;
  }

  @Override
  public String toString() {
    return excerpt.text(argument);
  }
}
