package leaksafe.lint.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import leaksafe.lint.Finding;
import leaksafe.lint.internal.facts.ClassFacts;
import leaksafe.lint.internal.facts.Suppression;
import leaksafe.lint.internal.solve.Program;

/** The annotations that say what not to report. */
final class Suppressions {
  private static final Set<String> GROWTH = Set.of("LS001", "LS002", "LS003", "LS004", "LS005");

  private final Map<String, List<Suppression>> byMember = new HashMap<>();

  Suppressions(Program program, Consumer<String> warnings) {
    for (ClassFacts type : program.classes.values()) {
      String name = type.name().replace('/', '.');
      add(name, type.suppressions(), warnings);
      type.fields().forEach(field -> add(name + "#" + field.name(), field.suppressions(), warnings));
      type.methods().forEach(method -> add(name + "#" + method.name(), method.suppressions(), warnings));
    }
  }

  private void add(String member, List<Suppression> suppressions, Consumer<String> warnings) {
    for (Suppression suppression : suppressions) {
      if (suppression.reason().isBlank()) {
        warnings.accept(member + ": @SuppressLeak(rule = \"" + suppression.rule() + "\") gives no reason, so it does not count");
      } else {
        byMember.computeIfAbsent(member, key -> new ArrayList<>(1)).add(suppression);
      }
    }
  }

  boolean covers(Finding finding) {
    if (covers(finding.member(), finding.rule())) {
      return true;
    }
    String type = ownerOf(finding).replace('/', '.');
    while (true) {
      if (covers(type, finding.rule())) {
        return true;
      }
      int dollar = type.lastIndexOf('$');
      if (dollar < 0) {
        return false;
      }
      type = type.substring(0, dollar);
    }
  }

  private boolean covers(String member, String rule) {
    for (Suppression suppression : byMember.getOrDefault(member, List.of())) {
      String pattern = suppression.rule();
      if (pattern.equals(rule) || pattern.equals("*")
          || GROWTH.contains(rule) && (pattern.equals("@Bounded") || pattern.equals("PMB_POSSIBLE_MEMORY_BLOAT"))
          || rule.equals("LS020") && pattern.equals("PMB_INSTANCE_BASED_THREAD_LOCAL")) {
        return true;
      }
    }
    return false;
  }

  static String ownerOf(Finding finding) {
    int hash = finding.member().indexOf('#');
    return (hash < 0 ? finding.member() : finding.member().substring(0, hash)).replace('.', '/');
  }
}
