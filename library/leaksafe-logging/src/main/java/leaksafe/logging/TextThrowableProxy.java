package leaksafe.logging;

import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import java.util.Arrays;
import leaksafe.log.ThrowableText;
import org.jspecify.annotations.Nullable;

/** The text of a throwable as Logback's layouts want it: with how many frames each cause has in common with what it caused. */
final class TextThrowableProxy implements IThrowableProxy {
  private final ThrowableText text;
  private final StackTraceElementProxy[] trace;
  private final int commonFrames;
  private final @Nullable TextThrowableProxy cause;
  private final TextThrowableProxy[] suppressed;

  TextThrowableProxy(ThrowableText text, StackTraceElement @Nullable [] enclosing) {
    this.text = text;
    StackTraceElement[] own = text.getStackTrace();
    this.trace = Arrays.stream(own).map(StackTraceElementProxy::new).toArray(StackTraceElementProxy[]::new);
    this.commonFrames = enclosing == null ? 0 : common(own, enclosing);
    this.cause = text.getCause() instanceof ThrowableText inner ? new TextThrowableProxy(inner, own) : null;
    this.suppressed = Arrays.stream(text.getSuppressed())
        .map(other -> new TextThrowableProxy(ThrowableText.of(other), own)).toArray(TextThrowableProxy[]::new);
  }

  private static int common(StackTraceElement[] own, StackTraceElement[] enclosing) {
    int count = 0;
    while (count < own.length && count < enclosing.length
        && own[own.length - 1 - count].equals(enclosing[enclosing.length - 1 - count])) {
      count++;
    }
    return count;
  }

  @Override
  public @Nullable String getMessage() {
    return text.getMessage();
  }

  /** Returns what is printed in place of class and message, which Logback would print even of one without a message. */
  @Override
  public @Nullable String getOverridingMessage() {
    String said = text.toString();
    return said.equals(text.originalClass() + ": " + text.getMessage()) ? null : said;
  }

  @Override
  public String getClassName() {
    return text.originalClass();
  }

  @Override
  public StackTraceElementProxy[] getStackTraceElementProxyArray() {
    return trace.clone();
  }

  @Override
  public int getCommonFrames() {
    return commonFrames;
  }

  @Override
  public @Nullable IThrowableProxy getCause() {
    return cause;
  }

  @Override
  public IThrowableProxy[] getSuppressed() {
    return suppressed.clone();
  }

  @Override
  public boolean isCyclic() {
    return false; // cycles are cut when the text is made
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
