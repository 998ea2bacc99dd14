package leaksafe.lint.internal.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import leaksafe.lint.internal.facts.Signatures;
import leaksafe.lint.internal.solve.FieldStory;
import leaksafe.lint.internal.solve.FieldStory.Growth;
import leaksafe.lint.internal.solve.Program;
import org.jspecify.annotations.Nullable;

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
      if (!field.facts.type().equals("java/util/WeakHashMap") && !field.allocations.contains("java/util/WeakHashMap")) {
        continue;
      }
      List<String> arguments = Signatures.arguments(field.facts.signature());
      if (arguments.size() == 2) {
        found.add(new WeakMap(field, Signatures.erasure(arguments.get(0)), arguments.get(1)));
      } else if (field.facts.signature() == null) {
        field.growths.stream().map(growth -> ofRaw(field, growth)).filter(Objects::nonNull).distinct().forEach(found::add);
      }
    }
    return found;
  }

  /** Tells what a map without type arguments maps from a place that puts an object of its own making under a key of a known type. */
  private static @Nullable WeakMap ofRaw(FieldStory field, Growth growth) {
    String key = growth.key() == null ? null : growth.key().type();
    return key == null || growth.value() == null ? null : new WeakMap(field, key, "L" + growth.value() + ";");
  }

  /** Returns whether objects of the class are equal by value, so that the life of one instance says nothing. */
  static boolean isComparedByValue(Program program, String key) {
    return BY_VALUE.contains(key) || program.isEnum(key);
  }
}
