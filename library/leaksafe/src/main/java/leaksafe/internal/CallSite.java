package leaksafe.internal;

import java.lang.StackWalker.StackFrame;
import java.security.ProtectionDomain;
import java.util.stream.Collectors;
import leaksafe.Ticker;
import org.jspecify.annotations.Nullable;

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

  /**
   * A line of the user's code and who loaded its class, as text.
   *
   * @param site as {@link #capture} returns it
   * @param classLoader as {@link #nameOf(ClassLoader)} returns it
   */
  public record Place(String site, String classLoader) {}

  /** Returns the innermost frame that is not the library's, with its class loader, for the cost of the frame alone. */
  public static Place place() {
    return WALKER.walk(stack -> stack.dropWhile(CallSite::isOurs).findFirst()
        .map(frame -> new Place(text(frame), nameOf(frame.getDeclaringClass().getClassLoader())))
        .orElseGet(() -> new Place(UNKNOWN, UNKNOWN)));
  }

  /** Returns {@code boot}, {@code platform}, {@code app}, or the class of the loader with its identity and its name if it has one. */
  static String nameOf(@Nullable ClassLoader loader) {
    if (loader == null) {
      return "boot";
    }
    String name = loader.getName();
    if (loader == ClassLoader.getSystemClassLoader() || loader == ClassLoader.getPlatformClassLoader()) {
      return name == null ? loader.getClass().getName() : name;
    }
    String text = loader.getClass().getName() + "@" + Integer.toHexString(System.identityHashCode(loader));
    return name == null ? text : text + " (" + name + ")";
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
