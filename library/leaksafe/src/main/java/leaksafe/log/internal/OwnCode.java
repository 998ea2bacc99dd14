package leaksafe.log.internal;

import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.nio.CharBuffer;
import java.util.Collection;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import leaksafe.internal.UserClasses;

/** Which objects can be looked at without running code of users: those of the JDK, except what may stand before an object of a user. */
final class OwnCode {
  private OwnCode() {}

  static boolean runs(Object object) {
    Class<?> type = object.getClass();
    if (!isOfJdk(type)) {
      return false;
    }
    if (object instanceof Collection<?> || object instanceof Map<?, ?>) {
      return holdsItsElements(type);
    }
    if (object instanceof Map.Entry<?, ?>) {
      return !type.getName().startsWith("java.util.Collections$"); // those stand before another entry
    }
    if (object instanceof CharBuffer buffer) {
      return buffer.hasArray(); // others may stand before any character sequence
    }
    return true;
  }

  static boolean isOfJdk(Class<?> type) {
    // A proxy of the JDK's interfaces may have the JDK's loader, but runs its handler.
    return UserClasses.isPlatform(type) && !Proxy.isProxyClass(type);
  }

  /**
   * Returns whether a collection or map keeps its elements itself. Known ones only: wrappers and views are nested classes or not public.
   * A sorted set may be a view of a range, whose iterator calls the comparator.
   */
  private static boolean holdsItsElements(Class<?> type) {
    String name = type.getName();
    String home = type.getPackageName();
    if (Modifier.isPublic(type.getModifiers()) && type.getEnclosingClass() == null) {
      return (home.equals("java.util") || home.equals("java.util.concurrent")) && type != TreeSet.class && type != ConcurrentSkipListSet.class;
    }
    return name.equals("java.util.Arrays$ArrayList") || name.equals("java.util.RegularEnumSet") || name.equals("java.util.JumboEnumSet")
        || name.startsWith("java.util.ImmutableCollections$") || name.startsWith("java.util.Collections$Empty")
        || name.startsWith("java.util.Collections$Singleton") || name.equals("java.util.Collections$CopiesList");
  }
}
