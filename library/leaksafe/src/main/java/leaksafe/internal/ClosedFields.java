package leaksafe.internal;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Set;

/**
 * The fields that a search for a path cannot look into, because the module of their class does not open its package to this library. Fields of
 * strings and boxed values do not count: nothing is reached through them.
 */
public final class ClosedFields {
  private static final Set<Class<?>> ENDS = Set.of(String.class, Boolean.class, Byte.class, Character.class, Short.class, Integer.class, Long.class,
      Float.class, Double.class);

  // A string keeps no class.
  private static final ClassValue<String> FIRST = new ClassValue<>() {
    @Override
    protected String computeValue(Class<?> type) {
      return find(type);
    }
  };

  private ClosedFields() {}

  /** Returns the name of the first such field of the class or its superclasses; empty if there is none. */
  public static String first(Class<?> type) {
    return FIRST.get(type);
  }

  private static String find(Class<?> type) {
    for (Class<?> t = type; t != null; t = t.getSuperclass()) {
      for (Field field : t.getDeclaredFields()) {
        if (!Modifier.isStatic(field.getModifiers()) && !field.getType().isPrimitive() && !ENDS.contains(field.getType())
            && !field.trySetAccessible()) {
          return field.getName();
        }
      }
    }
    return "";
  }
}
