package leaksafe.internal;

import java.lang.StackWalker.StackFrame;
import java.security.ProtectionDomain;
import java.util.stream.Collectors;
import leaksafe.Ticker;

/**
 * The line of the user's code that called the library, as text. Names only: a site in a report must not keep a class loader alive.
 *
 * <p>One frame costs about a microsecond at any depth of the stack. Where that is too much, sample.
 */
public final class CallSite {
  private static final StackWalker WALKER = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);
  private static final String ROOT = Ticker.class.getPackageName() + ".";
  private static final ProtectionDomain DOMAIN = Ticker.class.getProtectionDomain();
  private static final String UNKNOWN = "unknown";

  private CallSite() {}

  /** Returns the innermost frame that is not the library's, for example {@code com.acme.OrderDao.find(OrderDao.java:31)}. */
  public static String capture() {
    return capture(1);
  }

  /** Returns up to so many frames, innermost first, separated by {@code " < "}. */
  public static String capture(int frames) {
    String text = WALKER.walk(stack -> stack.dropWhile(CallSite::isOurs).limit(frames).map(CallSite::text).collect(Collectors.joining(" < ")));
    return text.isEmpty() ? UNKNOWN : text;
  }

  /**
   * Returns up to so many frames, innermost first, without those at the top that belong to the class of a resource or its superclasses: its
   * constructor and its factory methods say nothing of who opened it. If there is nobody else, they are returned.
   */
  public static String captureCallerOf(Class<?> resource, int frames) {
    String text = WALKER.walk(stack -> stack.dropWhile(frame -> isOurs(frame) || frame.getDeclaringClass().isAssignableFrom(resource))
        .limit(frames).map(CallSite::text).collect(Collectors.joining(" < ")));
    return text.isEmpty() ? capture(frames) : text;
  }

  private static boolean isOurs(StackFrame frame) {
    return isOurs(frame.getDeclaringClass());
  }

  /** Returns whether a class is the library's. */
  public static boolean isOurs(Class<?> type) {
    // Both: tests of the library have its packages but another origin, and in one big jar users' classes have its origin.
    return type.getName().startsWith(ROOT) && type.getProtectionDomain() == DOMAIN;
  }

  private static String text(StackFrame frame) {
    return frame.toStackTraceElement().toString();
  }
}
