package leaksafe.log.internal;

/** Whose {@code toString} an object has. */
public final class ToString {
  private ToString() {}

  /** Returns the class that declares what is called as the {@code toString} of objects of a class. */
  public static Class<?> author(Class<?> type) {
    try {
      return type.getMethod("toString").getDeclaringClass();
    } catch (NoSuchMethodException e) {
      throw new LinkageError("a class without toString: " + type.getName(), e);
    } catch (LinkageError e) { // another of its methods mentions a class that is not there; only users' classes do that
      return type;
    }
  }
}
