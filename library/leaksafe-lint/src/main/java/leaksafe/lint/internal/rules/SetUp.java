package leaksafe.lint.internal.rules;

import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import leaksafe.lint.internal.solve.Method;

/** Which methods only run while an object, or what it describes, is set up: by their names, and by the names of those that call them. */
final class SetUp {
  private static final List<String> NAMES = List.of("register", "define", "configure", "init", "start", "bindTo", "prime", "setUp", "setup",
      "bootstrap", "processBoot", "afterPropertiesSet", "set");
  private static final Pattern STARTS = Pattern.compile("^((do)?(start|init|initialize|install)|afterPropertiesSet|main)$", Pattern.CASE_INSENSITIVE);
  private static final int DEEPEST = 4;

  private SetUp() {}

  /** Returns whether a method is named for setting something up, or is a lambda of a constructor. */
  static boolean isNamedSo(Method method) {
    String name = method.facts.name();
    return name.startsWith("lambda$new$") || NAMES.stream().anyMatch(name::startsWith);
  }

  /** Returns whether a method is named so, or only those of its own class that are call it. */
  static boolean isOnly(Method method) {
    return runsOnlyIn(method, SetUp::isNamedSo, 0);
  }

  /** Returns whether a method starts a program or a service, or only those of its own class that do call it. */
  static boolean isStart(Method method) {
    return runsOnlyIn(method, each -> each.isInitOnly() || STARTS.matcher(each.facts.name()).find(), 0);
  }

  private static boolean runsOnlyIn(Method method, Predicate<Method> these, int depth) {
    return these.test(method) || depth < DEEPEST && !method.facts.isSynthetic() && !method.callers().isEmpty()
        && method.callers().stream().allMatch(caller -> caller == method
            || caller.owner.host().equals(method.owner.host()) && runsOnlyIn(caller, these, depth + 1));
  }
}
