package leaksafe.log;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import leaksafe.internal.Cut;
import leaksafe.log.internal.JvmErrors;
import leaksafe.log.internal.ToString;
import org.jspecify.annotations.Nullable;

/**
 * A throwable that looks like another one and holds nothing but its text: the name of its class, its message, its stack trace, its
 * causes and suppressed ones. It prints like the other, also where the other's class has its own {@code toString}; it has not its class, its
 * fields, or the classes on its stack, which the JVM keeps with every live throwable.
 *
 * <p><b>Bound.</b> A message is cut at 1000 characters, and so is what an own {@code toString} says, a trace at 200 frames, the throwable, its
 * causes and suppressed ones at 20 in all, and those suppressed in one throwable at 20. How many suppressed ones are left out is said in place of
 * the next.
 */
public final class ThrowableText extends Exception {
  private static final long serialVersionUID = 1L;
  private static final int MESSAGE = 1000;
  private static final int FRAMES = 200;
  private static final int MOST = 20;

  private final String originalClass;
  private final @Nullable String said; // what the other's own toString does, if that is not its class and message

  private ThrowableText(String originalClass, @Nullable String message, @Nullable String said, @Nullable ThrowableText cause) {
    super(message, cause, true, true);
    this.originalClass = originalClass;
    this.said = said;
  }

  /**
   * Returns the text of a throwable as a throwable; itself if it is one already. Users' {@code getMessage}, {@code getCause}, {@code
   * getStackTrace} and {@code toString} are called; if one fails, the text says so.
   */
  public static ThrowableText of(Throwable throwable) {
    requireNonNull(throwable, "throwable");
    return throwable instanceof ThrowableText text ? text : copy(throwable, Collections.newSetFromMap(new IdentityHashMap<>()));
  }

  private static ThrowableText copy(Throwable throwable, Set<Throwable> seen) {
    seen.add(throwable);
    String message = message(throwable);
    ThrowableText text = new ThrowableText(name(throwable), message, said(throwable, message), cause(throwable, seen));
    text.copyTrace(throwable);
    Throwable[] suppressed = throwable.getSuppressed();
    for (int i = 0; i < suppressed.length; i++) {
      if (i == MOST || seen.size() >= MOST) {
        text.addSuppressed(marker("(" + (suppressed.length - i) + " more suppressed)"));
        break;
      }
      text.addSuppressed(next(suppressed[i], seen));
    }
    return text;
  }

  private static String name(Throwable throwable) {
    return throwable instanceof ThrowableText text ? text.originalClass : throwable.getClass().getName();
  }

  private static @Nullable ThrowableText cause(Throwable throwable, Set<Throwable> seen) {
    Throwable cause;
    try {
      cause = throwable.getCause();
    } catch (Throwable e) { // of a class of users; a report must not fail for it
      JvmErrors.rethrow(e);
      return marker("(its cause failed: " + e.getClass().getName() + ")");
    }
    return cause == null ? null : next(cause, seen);
  }

  private void copyTrace(Throwable throwable) {
    try {
      StackTraceElement[] trace = throwable.getStackTrace();
      setStackTrace(trace.length <= FRAMES ? trace : Arrays.copyOf(trace, FRAMES));
    } catch (Throwable e) { // as above
      JvmErrors.rethrow(e);
      setStackTrace(new StackTraceElement[] {new StackTraceElement("(its stack trace failed: " + e.getClass().getName() + ")", "", null, -1)});
    }
  }

  private static ThrowableText next(Throwable throwable, Set<Throwable> seen) {
    if (seen.contains(throwable)) {
      return marker("(cycle) " + name(throwable));
    }
    return seen.size() >= MOST ? marker("(more causes)") : copy(throwable, seen);
  }

  private static ThrowableText marker(String text) {
    ThrowableText marker = new ThrowableText(text, null, null, null);
    marker.setStackTrace(new StackTraceElement[0]);
    return marker;
  }

  private static @Nullable String message(Throwable throwable) {
    String message;
    try {
      message = throwable.getLocalizedMessage();
    } catch (Throwable e) { // as above
      JvmErrors.rethrow(e);
      return "(its message failed: " + e.getClass().getName() + ")";
    }
    return message == null ? null : Cut.at(MESSAGE, message);
  }

  private static @Nullable String said(Throwable throwable, @Nullable String message) {
    if (throwable instanceof ThrowableText text) {
      return text.said;
    }
    if (ToString.author(throwable.getClass()) == Throwable.class) {
      return null;
    }
    String usual = classAndMessage(throwable.getClass().getName(), message);
    try {
      String said = String.valueOf(throwable.toString());
      return said.equals(usual) ? null : Cut.at(MESSAGE, said);
    } catch (Throwable e) { // as above
      JvmErrors.rethrow(e);
      return usual + " (its text failed: " + e.getClass().getName() + ")";
    }
  }

  private static String classAndMessage(String name, @Nullable String message) {
    return message == null ? name : name + ": " + message;
  }

  /** Does nothing: the trace is the other's. */
  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }

  /** Returns the name of the class of the throwable that this is the text of. */
  public String originalClass() {
    return originalClass;
  }

  /** Returns the text and those of its causes, outermost first. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (Throwable t = this; t != null; t = t.getCause()) {
      lines.add(t.toString());
    }
    return List.copyOf(lines);
  }

  /** Returns what the other's {@code toString} did: its class and message, or something of its own. */
  @Override
  public String toString() {
    return said != null ? said : classAndMessage(originalClass, getMessage());
  }
}
