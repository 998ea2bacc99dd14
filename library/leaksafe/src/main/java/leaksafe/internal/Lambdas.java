package leaksafe.internal;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;

/** What can be told of lambdas and method references from their classes. */
public final class Lambdas {
  private Lambdas() {}

  /** Returns whether objects of the class come from a lambda or a method reference. */
  public static boolean isLambda(Class<?> type) {
    return type.isHidden() && type.getName().contains("$$Lambda");
  }

  /** Returns the name of the class, without the address that the JVM adds where the class is that of a lambda. */
  public static String nameOf(Class<?> type) {
    String name = type.getName();
    int address = name.indexOf('/');
    return address < 0 ? name : name.substring(0, address);
  }

  /** Returns whether objects of the class have no fields: what a lambda captures is in fields. */
  public static boolean isFieldless(Class<?> type) {
    for (Class<?> t = type; t != null; t = t.getSuperclass()) {
      for (Field field : t.getDeclaredFields()) {
        if (!Modifier.isStatic(field.getModifiers())) {
          return false;
        }
      }
    }
    return true;
  }
}
