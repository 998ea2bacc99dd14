package leaksafe.lint.internal.rules;

import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import leaksafe.lint.internal.facts.MethodRef;
import leaksafe.lint.internal.rules.GrowingField.Life;
import leaksafe.lint.internal.rules.Keys.Domain;
import leaksafe.lint.internal.solve.FieldStory;
import leaksafe.lint.internal.solve.FieldStory.Growth;
import leaksafe.lint.internal.solve.Method;
import leaksafe.lint.internal.solve.Program;
import org.jspecify.annotations.Nullable;

/**
 * What speaks for a bound that the class set does not show. Each doubt is a fact of the code that adds, and says why it makes a bound
 * likely; a report with a doubt is a note.
 */
final class Doubts {
  /** Who calls these finds what there is already: a class, or a file beside the classes. */
  private static final Set<String> LOOKS_UP = Set.of("forName", "findClass", "loadClass", "getResource", "getResourceAsStream",
      "getBundle", "getResources", "findStatic", "findConstructor");

  private static final Pattern ADDS = Pattern.compile("^(add|put|set|register|with|include|exclude|append|use|subscribe|attach|insert|bind|on[A-Z])");

  private static final String LOOKED_UP = "there can be no more entries than classes or resources of such names";
  private static final String MIXED = "what adds to it sets something up, passes on what is handed in, or finds what there is by its name";

  private Doubts() {}

  /** Returns what speaks for a bound of a field that is added to and never removed from; null if nothing does. */
  static @Nullable String about(Program program, FieldStory field, Life life, Domain domain) {
    if (domain == Domain.FRESH) {
      return null;
    }
    Set<String> excuses = new LinkedHashSet<>();
    for (Growth growth : field.growths) {
      excuses.add(excuse(program, field, growth, life, domain));
    }
    if (!excuses.contains("")) {
      return excuses.size() == 1 ? excuses.iterator().next() : MIXED;
    }
    if (domain == Domain.PARTS) {
      return "its keys are equal by parts of which none is text";
    }
    if (domain == Domain.CLASS_NAMES) {
      return "its keys are names of classes or loggers, and there are as many as the code has";
    }
    return domain != Domain.NONE && program.isSubtype(field.owner.superName(), "java/lang/ClassLoader") ? LOOKED_UP : null;
  }

  /** Returns what speaks for a bound at one place that adds; the empty text if nothing does. */
  private static String excuse(Program program, FieldStory field, Growth growth, Life life, Domain domain) {
    Method method = growth.method();
    if (isRegistration(method) || life == Life.INSTANCE && SetUp.isOnly(method)) {
      return "only methods that set something up add to it";
    }
    // Events call a handler, so nobody decides how often it runs.
    if (!Events.isBeginning(method) && (growth.handedIn() && (life == Life.INSTANCE || !program.isReached(method))
        || isAdder(method) && isLeftToUsers(method, 0))) {
      return "all that it holds is handed in, so who calls decides how much";
    }
    if (life == Life.INSTANCE && isForConstruction(method)) {
      return "only constructors call what adds to it";
    }
    return growth.key() != null && "java/lang/String".equals(growth.key().type()) && !growth.marker() && looksUp(program, method, 0) ? LOOKED_UP : "";
  }

  private static boolean isAdder(Method method) {
    return method.facts.isApi() && !method.facts.desc().startsWith("()") && ADDS.matcher(method.facts.name()).find();
  }

  /** Returns whether nobody in the class set calls a method, or only others that add on behalf of their callers. */
  private static boolean isLeftToUsers(Method method, int depth) {
    return depth < 4 && method.callers().stream().allMatch(caller -> caller == method || isAdder(caller) && isLeftToUsers(caller, depth + 1));
  }

  private static boolean isForConstruction(Method method) {
    return !method.callers().isEmpty() && method.callers().stream().allMatch(caller -> caller.facts.isConstructor()
        && caller.owner.host().equals(method.owner.host()));
  }

  private static boolean isRegistration(Method method) {
    String name = method.facts.name().toLowerCase(Locale.ROOT);
    return name.startsWith("register") || name.startsWith("define")
        || name.startsWith("add") && (name.endsWith("factory") || name.endsWith("provider") || name.endsWith("type"));
  }

  /** Returns whether a method, or one of its own class that it calls, finds a class or a resource by its name. */
  private static boolean looksUp(Program program, Method method, int depth) {
    for (MethodRef callee : method.facts.callees()) {
      if (LOOKS_UP.contains(callee.name()) && (callee.owner().startsWith("java/lang/") || callee.owner().equals("java/util/ResourceBundle"))
          || callee.desc().startsWith("(Ljava/lang/String;") && callee.desc().endsWith(")Ljava/lang/Class;")) {
        return true;
      }
      if (depth < 2 && callee.owner().equals(method.owner.name())
          && program.targets(callee, false).stream().anyMatch(target -> target != method && looksUp(program, target, depth + 1))) {
        return true;
      }
    }
    return false;
  }
}
