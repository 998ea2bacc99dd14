package leaksafe.lint.internal.rules;

import java.util.regex.Pattern;
import leaksafe.lint.internal.solve.Method;

/** Tells methods that run when something happens from those that take down whom to tell of it. */
final class Events {
  /** A handler's name: {@code onOpen}, {@code connectionOpened}. */
  private static final Pattern HAPPENED =
      Pattern.compile("^on[A-Z]|[a-z](Opened|Connected|Received|Accepted|Joined|Arrived|Established|Activated)$");

  /** What begins will end: a connection, a session. */
  private static final Pattern BEGAN = Pattern.compile("^on(Open|Connect|Accept|Join|Session|Attach|Login|Enter)|"
      + "[a-z](Opened|Connected|Accepted|Joined|Established)$");

  /** What {@code onClose(Runnable)} takes: its name is a handler's, and it is a registration. */
  private static final Pattern TAKES_HANDLER = Pattern.compile("(Listener|Observer|Callback|Subscriber|Consumer|Handler|Runnable|Function\\d*);");

  private Events() {}

  /** Returns whether a method is named for something that happened: it runs each time that it does, on whatever thread. */
  static boolean isHandler(Method method) {
    String desc = method.facts.desc();
    return HAPPENED.matcher(method.facts.name()).find() && desc.endsWith(")V") && !method.facts.isStatic() && method.facts.isApi()
        && !TAKES_HANDLER.matcher(desc).find();
  }

  /** Returns whether it is a handler of something that begins, which comes again and again, each time with another subject. */
  static boolean isBeginning(Method method) {
    return BEGAN.matcher(method.facts.name()).find() && isHandler(method);
  }
}
