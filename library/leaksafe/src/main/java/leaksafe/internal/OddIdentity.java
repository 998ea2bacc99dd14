package leaksafe.internal;

import java.lang.annotation.Annotation;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Parameter;

/** Which classes have objects on whose identity nothing can be built, since nobody can say how long one of them lives. */
public final class OddIdentity {
  private static final ClassValue<Boolean> VALUE_BASED = new ClassValue<>() {
    @Override
    protected Boolean computeValue(Class<?> type) {
      return findValueBased(type);
    }
  };

  private OddIdentity() {}

  /** Returns whether objects of the class are fresh copies that every look-up by reflection returns. */
  public static boolean isReflected(Class<?> type) {
    return Executable.class.isAssignableFrom(type) || type == Field.class || type == Parameter.class;
  }

  /** Returns whether the class is value-based, as boxed numbers, dates and what {@code List.of} returns. */
  public static boolean isValueBased(Class<?> type) {
    return VALUE_BASED.get(type);
  }

  /** Asks by name, since the annotation is the JDK's own. */
  private static boolean findValueBased(Class<?> type) {
    try {
      for (Class<?> c = type; c != null && c.getClassLoader() == null; c = c.getSuperclass()) {
        for (Annotation annotation : c.getDeclaredAnnotations()) {
          if (annotation.annotationType().getName().equals("jdk.internal.ValueBased")) {
            return true;
          }
        }
      }
    } catch (RuntimeException | LinkageError e) {
      // An annotation that cannot be read is not that one.
    }
    return false;
  }
}
