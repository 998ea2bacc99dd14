package leaksafe.internal;

import org.jspecify.annotations.Nullable;

/**
 * Finds the class of the user in which something that holds what is of users can live, by a {@link ClassValue}: as long as that class, and no
 * longer. In a static field of ours it would keep users' objects, and their class loaders, for ever.
 */
public final class UserClasses {
  private static final StackWalker WALKER = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

  private UserClasses() {}

  /**
   * Returns the class in which it can live, that of the caller if none of the user's is given, or null where that class outlives the library,
   * so that it would keep the library's class loader alive instead.
   */
  public static @Nullable Class<?> hostFor(@Nullable Class<?> type) {
    Class<?> host = type == null || isPlatform(type) ? caller() : type;
    return host != null && diesBeforeUs(host) ? host.getNestHost() : null;
  }

  /** Returns whether a class is of the JDK's loaders; so are proxies of the JDK's interfaces, whoever made them. */
  public static boolean isPlatform(Class<?> type) {
    ClassLoader loader = type.getClassLoader();
    return loader == null || loader == ClassLoader.getPlatformClassLoader();
  }

  private static boolean diesBeforeUs(Class<?> type) {
    ClassLoader ours = UserClasses.class.getClassLoader();
    for (ClassLoader loader = type.getClassLoader(); loader != null; loader = loader.getParent()) {
      if (loader == ours) {
        return true;
      }
    }
    return false;
  }

  private static @Nullable Class<?> caller() {
    return WALKER.walk(frames -> frames.<Class<?>>map(StackWalker.StackFrame::getDeclaringClass)
        .filter(type -> !CallSite.isOurs(type) && !isPlatform(type)).findFirst().orElse(null));
  }
}
