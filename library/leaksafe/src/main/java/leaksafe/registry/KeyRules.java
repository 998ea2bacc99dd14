package leaksafe.registry;

import java.util.Set;
import leaksafe.internal.Lambdas;
import leaksafe.internal.OddIdentity;

/**
 * Which classes make no sense as weak keys, and why. An entry with such a key would be lost at once, or never, or could not be found
 * again, depending on what the JVM does with the key's identity.
 */
final class KeyRules {
  private static final Set<Class<?>> BOXES = Set.of(Boolean.class, Byte.class, Character.class, Short.class, Integer.class, Long.class,
      Float.class, Double.class);

  /** The reason, or the empty string. Kept in the class; a string keeps nothing else alive. */
  private static final ClassValue<String> REASONS = new ClassValue<>() {
    @Override
    protected String computeValue(Class<?> type) {
      return reason(type);
    }
  };

  private KeyRules() {}

  /**
   * Checks that the key can be one.
   *
   * @throws IllegalArgumentException if it cannot, with the reason
   */
  static void check(String name, Object key) {
    String reason = REASONS.get(key.getClass());
    if (!reason.isEmpty()) {
      throw new IllegalArgumentException(name + ": a " + Lambdas.nameOf(key.getClass()) + " cannot be held weakly: " + reason);
    }
  }

  private static String reason(Class<?> type) {
    if (type == String.class) {
      return "equal strings are different objects, and constants are never collected; use a bounded Cache";
    } else if (BOXES.contains(type)) {
      return "small ones are shared by the whole JVM and others made anew each time; use a bounded Cache";
    } else if (type.isRecord()) {
      return "a record is what its components are, and an equal one would not find the entry; "
          + "use a class, or let the record implement Attachable, or use a bounded Cache";
    } else if (Enum.class.isAssignableFrom(type)) {
      return "enum constants are never collected, and neither would their values be; use an EnumMap";
    } else if (OddIdentity.isReflected(type)) {
      return "every look-up by reflection returns a fresh copy, so the entry would be lost at once; use its declaring class";
    } else if (Lambdas.isLambda(type)) {
      return Lambdas.isFieldless(type)
          ? "a lambda that captures nothing is kept by the line that makes it, so the entry would never go; use the object that the entry "
              + "is to live as long as, such as the owner of the lambda"
          : "a lambda is made anew each time its line runs and often held by nobody else, so the entry may be lost at once; use the object "
              + "that the entry is to live as long as, such as the owner of the lambda";
    } else if (OddIdentity.isValueBased(type)) {
      return "it is of a value-based class, and such objects have no identity to rely on; use a bounded Cache";
    }
    return "";
  }
}
