package leaksafe.log.internal;

import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.nio.CharBuffer;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import leaksafe.internal.UserClasses;

/** Which objects can be looked at without running code of users: those of the JDK, except what may stand before an object of a user. */
final class OwnCode {
  private static final Set<String> HIDDEN = Set.of("java.util.Arrays$ArrayList", "java.util.RegularEnumSet", "java.util.JumboEnumSet",
      "java.util.Collections$CopiesList", "java.util.ImmutableCollections$List12", "java.util.ImmutableCollections$ListN",
      "java.util.ImmutableCollections$SubList", "java.util.ImmutableCollections$Set12", "java.util.ImmutableCollections$SetN",
      "java.util.ImmutableCollections$Map1", "java.util.ImmutableCollections$MapN"); // others beside these make their elements when asked for them

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
    return HIDDEN.contains(name) || name.startsWith("java.util.Collections$Empty") || name.startsWith("java.util.Collections$Singleton");
  }
}
