package leaksafe.lint.internal.rules;

import java.lang.reflect.Modifier;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import leaksafe.lint.Finding;
import leaksafe.lint.Rule;
import leaksafe.lint.Severity;
import leaksafe.lint.internal.facts.ClassFacts;
import leaksafe.lint.internal.facts.FieldFacts;
import leaksafe.lint.internal.facts.Signatures;
import leaksafe.lint.internal.rules.WeakMaps.WeakMap;
import leaksafe.lint.internal.solve.Program;
import org.jspecify.annotations.Nullable;

/** A WeakHashMap whose values hold its keys, so that no entry ever goes (LS010). */
final class WeakMapValueHoldsKey implements Check {
  private static final int DEEPEST = 3;
  private static final int MOST_KINDS = 4;
  private static final Set<String> PINS_CLASS = Set.of("java/lang/Class", "java/lang/reflect/Method", "java/lang/reflect/Field",
      "java/lang/reflect/Constructor", "java/lang/reflect/Member", "java/lang/reflect/Executable", "java/lang/reflect/AccessibleObject",
      "java/lang/reflect/Parameter", "java/lang/invoke/MethodHandle", "java/lang/invoke/VarHandle", "java/beans/BeanInfo",
      "java/beans/PropertyDescriptor", "java/util/ServiceLoader", "java/lang/ClassLoader", "java/net/URLClassLoader");

  private static final Pattern FUNCTION = Pattern.compile("(Function|Predicate|Consumer|Supplier|Comparator|Operator)$");

  @Override
  public Rule rule() {
    return new Rule("LS010", "WeakMapValueHoldsKey", "A value of a WeakHashMap reaches its key, so no entry ever goes");
  }

  @Override
  public void check(Program program, Consumer<Finding> findings) {
    for (WeakMap map : WeakMaps.in(program)) {
      String key = map.key();
      boolean anything = key.equals("java/lang/Object") || key.startsWith("T") || WeakMaps.isComparedByValue(program, key);
      String path = anything ? null : path(program, map.value(), key, DEEPEST, new HashSet<>());
      if (path != null) {
        findings.accept(new Finding("LS010", Severity.ERROR, map.field().member(), Check.typeOf(map.field()),
            List.of(Check.site(map.field())), "the value holds the key: " + path,
            "use a leaksafe.registry.WeakRegistry, or hold the key in the value by a WeakReference"));
      }
    }
  }

  private static @Nullable String path(Program program, String signature, String key, int depth, Set<String> seen) {
    String type = Signatures.erasure(signature);
    boolean classKey = key.equals("java/lang/Class") || key.equals("java/lang/ClassLoader");
    if (type.endsWith("Reference") && type.startsWith("java/lang/ref/") || program.isSubtype(type, "java/lang/ref/Reference")
        || program.isSubtype(type, "java/lang/ref/WeakReference") || program.isSubtype(type, "java/lang/ref/SoftReference")) {
      return null;
    }
    if (type.equals(key) || classKey && PINS_CLASS.contains(type) || !classKey && program.isSubtype(type, key)) {
      return simple(type);
    }
    if (depth == 0 || !seen.add(type)) {
      return null;
    }
    List<String> arguments = type.equals("java/lang/Class") ? List.of() : Signatures.arguments(signature);
    for (int i = 0; i < arguments.size(); i++) {
      String rest = holds(program.classes.get(type), i) ? path(program, arguments.get(i), key, depth - 1, seen) : null;
      if (rest != null) {
        return simple(type) + " -> " + rest;
      }
    }
    ClassFacts at = program.classes.get(type);
    if (at != null && Modifier.isAbstract(at.access())) {
      // Who declares an interface holds what implements it; where there are many of them, most are none of these.
      List<String> kinds = program.directSubtypes(type);
      for (String kind : kinds.size() <= MOST_KINDS ? kinds : List.<String>of()) {
        String rest = path(program, "L" + kind + ";", key, depth, seen);
        if (rest != null) {
          return rest;
        }
      }
    }
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

  /** Returns whether objects of a class can hold what its type parameter stands for; a function of such a type takes or gives it. */
  private static boolean holds(@Nullable ClassFacts type, int parameter) {
    List<String> names = type == null ? List.of() : Signatures.parameters(type.signature());
    if (type == null || parameter >= names.size() || !List.of("java/lang/Object", "java/lang/Record").contains(type.superName())) {
      return true;
    }
    String variable = "T" + names.get(parameter) + ";";
    return type.fields().stream().map(FieldFacts::signature).anyMatch(signature -> signature != null && signature.contains(variable)
        && !FUNCTION.matcher(Signatures.erasure(signature)).find());
  }

  private static String simple(String type) {
    return type.substring(type.lastIndexOf('/') + 1).replace('$', '.');
  }
}
