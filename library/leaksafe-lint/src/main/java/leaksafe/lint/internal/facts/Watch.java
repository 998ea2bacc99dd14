package leaksafe.lint.internal.facts;

/** Calls that rules ask for by name, whatever they are called on. */
public enum Watch {
  NO,
  /** The place of the call is enough. */
  SITE,
  /** Receiver and arguments matter, so the method has to be interpreted. */
  FLOW;

  static Watch of(String owner, String name, String desc) {
    switch (name) {
      case "deleteOnExit":
        return owner.equals("java/io/File") ? SITE : NO;
      case "addShutdownHook", "removeShutdownHook":
        return owner.equals("java/lang/Runtime") ? SITE : NO;
      case "registerMBean":
        return owner.equals("javax/management/MBeanServer") ? SITE : NO;
      case "put", "putCloseable", "clear", "remove", "clearMap", "removeAll", "clearAll", "pushByKey", "popByKey", "setContextMap":
        return isLogContext(owner) ? SITE : NO;
      case "register":
        if (owner.equals("java/lang/ref/Cleaner")) {
          return FLOW;
        }
        break;
      default:
    }
    return isListenerRegistration(name, desc) ? FLOW : NO;
  }

  /** Returns whether the class is a map that belongs to a thread and goes into every log record. */
  public static boolean isLogContext(String owner) {
    return owner.equals("org/slf4j/MDC") || owner.equals("org/apache/logging/log4j/ThreadContext") || owner.equals("org/apache/log4j/MDC")
        || owner.equals("org/jboss/logging/MDC");
  }

  /**
   * Returns whether a method's name and arguments say that it adds a listener. The subscriber or observer that a stream's
   * {@code subscribe} takes is none: the stream lets go of it when it ends.
   */
  public static boolean isListenerRegistration(String name, String desc) {
    boolean subscribes = name.startsWith("subscribe");
    if (!(subscribes || name.startsWith("add") || name.startsWith("register") || name.startsWith("attach"))) {
      return false;
    }
    int last = desc.indexOf(";)");
    return last >= 0 && (isListener(name, subscribes) || isListener(desc.substring(0, last), subscribes));
  }

  private static boolean isListener(String text, boolean subscribes) {
    return text.endsWith("Listener") || text.endsWith("Callback") || !subscribes && (text.endsWith("Observer") || text.endsWith("Subscriber"));
  }
}
