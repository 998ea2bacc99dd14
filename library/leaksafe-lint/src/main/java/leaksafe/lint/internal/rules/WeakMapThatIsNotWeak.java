package leaksafe.lint.internal.rules;

import java.util.HashSet;
import java.util.List;
import java.util.function.Consumer;
import leaksafe.lint.Finding;
import leaksafe.lint.Rule;
import leaksafe.lint.Severity;
import java.util.Set;
import leaksafe.lint.internal.facts.ClassFacts;
import leaksafe.lint.internal.facts.FieldFacts;
import leaksafe.lint.internal.solve.FieldStory;
import leaksafe.lint.internal.solve.Program;
import org.jspecify.annotations.Nullable;

/** A WeakHashMap whose values hold its keys, or whose keys are not the objects whose life matters (LS010, LS011). */
final class WeakMapThatIsNotWeak implements Check {
  private static final int DEEPEST = 3;
  private static final Set<String> PINS_CLASS = Set.of("java/lang/Class", "java/lang/reflect/Method", "java/lang/reflect/Field",
      "java/lang/reflect/Constructor", "java/beans/BeanInfo", "java/beans/PropertyDescriptor", "java/util/ServiceLoader",
      "java/lang/ClassLoader", "java/net/URLClassLoader");
  private static final Set<String> UNSTABLE = Set.of("java/lang/String", "java/lang/Integer", "java/lang/Long", "java/lang/Short",
      "java/lang/Byte", "java/lang/Boolean", "java/lang/Character", "java/lang/Double", "java/lang/Float");

  @Override
  public List<Rule> rules() {
    return List.of(new Rule("LS010", "WeakMapValueHoldsKey", "A value of a WeakHashMap reaches its key, so no entry ever goes"),
        new Rule("LS011", "WeakMapWithUnstableKey", "A WeakHashMap's keys are strings, numbers or enum constants"));
  }

  @Override
  public void check(Program program, Consumer<Finding> findings) {
    for (FieldStory field : program.fields()) {
      List<String> arguments = Signatures.arguments(field.facts.signature());
      if (arguments.size() != 2 || !field.facts.type().equals("java/util/WeakHashMap") && !field.allocations.contains("java/util/WeakHashMap")) {
        continue;
      }
      String key = Signatures.erasure(arguments.get(0));
      if (UNSTABLE.contains(key) || program.isEnum(key)) {
        findings.accept(new Finding("LS011", Severity.WARNING, field.member(), Check.typeOf(field), List.of(Check.site(field)),
            "the keys are compared by value, but the entries go when one instance does, or never", "use a leaksafe.cache.Cache"));
        continue;
      }
      String path = key.equals("java/lang/Object") || key.startsWith("T") ? null
          : path(program, arguments.get(1), key, DEEPEST, new HashSet<>());
      if (path != null) {
        findings.accept(new Finding("LS010", Severity.ERROR, field.member(), Check.typeOf(field), List.of(Check.site(field)),
            "the value holds the key: " + path, "use a leaksafe.registry.WeakRegistry, or hold the key in the value by a WeakReference"));
      }
    }
  }

  private static @Nullable String path(Program program, String signature, String key, int depth, Set<String> seen) {
    String type = Signatures.erasure(signature);
    boolean classKey = key.equals("java/lang/Class") || key.equals("java/lang/ClassLoader");
    if (type.endsWith("Reference") && type.startsWith("java/lang/ref/")) {
      return null;
    }
    if (type.equals(key) || classKey && PINS_CLASS.contains(type) || !classKey && program.isSubtype(type, key)) {
      return simple(type);
    }
    if (depth == 0 || !seen.add(type)) {
      return null;
    }
    for (String argument : type.equals("java/lang/Class") ? List.<String>of() : Signatures.arguments(signature)) {
      String rest = path(program, argument, key, depth - 1, seen);
      if (rest != null) {
        return simple(type) + " -> " + rest;
      }
    }
    ClassFacts at = program.classes.get(type);
    while (at != null) {
      for (FieldFacts field : at.fields()) {
        String text = field.signature() != null ? field.signature() : field.desc();
        String rest = field.isStatic() || !text.startsWith("L") ? null : path(program, text, key, depth - 1, seen);
        if (rest != null) {
          return simple(type) + "." + field.name() + " -> " + rest;
        }
      }
      at = at.superName() == null ? null : program.classes.get(at.superName());
    }
    return null;
  }

  private static String simple(String type) {
    return type.substring(type.lastIndexOf('/') + 1).replace('$', '.');
  }
}
