package leaksafe.lint.internal.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import leaksafe.lint.internal.facts.Signatures;
import leaksafe.lint.internal.solve.FieldStory;
import leaksafe.lint.internal.solve.Program;

/** Fields that hold a WeakHashMap, and what it maps. */
final class WeakMaps {
  private static final Set<String> BY_VALUE = Set.of("java/lang/String", "java/lang/Integer", "java/lang/Long", "java/lang/Short",
      "java/lang/Byte", "java/lang/Boolean", "java/lang/Character", "java/lang/Double", "java/lang/Float");

  /** A field whose map is weak; {@code key} is an internal name, {@code value} a generic signature. */
  record WeakMap(FieldStory field, String key, String value) {}

  private WeakMaps() {}

  static List<WeakMap> in(Program program) {
    List<WeakMap> found = new ArrayList<>();
    for (FieldStory field : program.fields()) {
      List<String> arguments = Signatures.arguments(field.facts.signature());
      if (arguments.size() == 2 && (field.facts.type().equals("java/util/WeakHashMap") || field.allocations.contains("java/util/WeakHashMap"))) {
        found.add(new WeakMap(field, Signatures.erasure(arguments.get(0)), arguments.get(1)));
      }
    }
    return found;
  }

  /** Returns whether objects of the class are equal by value, so that the life of one instance says nothing. */
  static boolean isComparedByValue(Program program, String key) {
    return BY_VALUE.contains(key) || program.isEnum(key);
  }
}
