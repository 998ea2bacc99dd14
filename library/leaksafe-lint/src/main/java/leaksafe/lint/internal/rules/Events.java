package leaksafe.lint.internal.rules;

import java.util.regex.Pattern;
import leaksafe.lint.internal.solve.Method;

/** Tells methods that run when something happens from those that take down whom to tell of it. */
final class Events {
  /** A handler's name: {@code onOpen}, {@code connectionOpened}. */
  private static final Pattern HAPPENED =
      Pattern.compile("^on[A-Z]|[a-z](Opened|Connected|Received|Accepted|Joined|Arrived|Established|Activated)$");

  /** What {@code onClose(Runnable)} takes: its name is a handler's, and it is a registration. */
  private static final Pattern TAKES_HANDLER = Pattern.compile("(Listener|Observer|Callback|Subscriber|Consumer|Handler|Runnable|Function\\d*);");

  private Events() {}

  /** Returns whether a method is named for something that happened: it runs each time that it does, on whatever thread. */
  static boolean isHandler(Method method) {
    String desc = method.facts.desc();
    return HAPPENED.matcher(method.facts.name()).find() && desc.endsWith(")V") && !method.facts.isStatic() && method.facts.isApi()
        && !TAKES_HANDLER.matcher(desc).find();
  }
}
