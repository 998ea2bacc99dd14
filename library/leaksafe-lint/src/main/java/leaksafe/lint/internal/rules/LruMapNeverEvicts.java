package leaksafe.lint.internal.rules;

import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import leaksafe.lint.Finding;
import leaksafe.lint.Rule;
import leaksafe.lint.Severity;
import leaksafe.lint.internal.facts.ClassFacts;
import leaksafe.lint.internal.facts.MethodFacts;
import leaksafe.lint.internal.facts.MethodRef;
import leaksafe.lint.internal.rules.GrowingField.Life;
import leaksafe.lint.internal.solve.Program;

/**
 * A LinkedHashMap that is meant to evict, by its order of access or by the name of its class, and that does not: nothing overrides
 * {@code removeEldestEntry}, or something does so under a signature that overrides nothing (LS006).
 */
final class LruMapNeverEvicts implements Check {
  private static final String MAP = "java/util/LinkedHashMap";
  /** The constructor that takes the order. */
  private static final MethodRef ORDERED = new MethodRef(MAP, "<init>", "(IFZ)V");
  private static final String EVICTS = "removeEldestEntry(Ljava/util/Map$Entry;)Z";
  private static final String ADVICE = "override removeEldestEntry(Map.Entry) and return size() > max, or use a leaksafe.cache.Cache";

  @Override
  public Rule rule() {
    return new Rule("LS006", "LruMapNeverEvicts", "A LinkedHashMap that is meant to evict never does");
  }

  @Override
  public void check(Program program, Consumer<Finding> findings) {
    for (GrowingField growing : GrowingField.in(program)) {
      if (growing.lives() == Life.INSTANCE && growing.field().constructedBy.contains(ORDERED)
          && !LongLivedObjectOnlyGrows.reports(program, growing)) {
        growing.report("LS006", Severity.INFO, "it keeps the order of access, as if to evict the eldest, and nothing evicts", ADVICE, findings);
      }
    }
    for (ClassFacts type : program.classes.values()) {
      if (program.isSubtype(type.superName(), MAP) && isMeantToEvict(type) && !evicts(program, type)) {
        String wrong = type.methods().stream().map(method -> method.name() + method.desc())
            .filter(name -> name.toLowerCase(Locale.ROOT).startsWith("removeeldest")).findFirst().orElse("");
        findings.accept(new Finding("LS006", Severity.INFO, type.name().replace('/', '.'), "", List.of(Check.site(type)),
            wrong.isEmpty() ? "nothing overrides removeEldestEntry" : wrong + " overrides nothing", ADVICE));
      }
    }
  }

  private static boolean isMeantToEvict(ClassFacts type) {
    String simple = type.name().substring(Math.max(type.name().lastIndexOf('/'), type.name().lastIndexOf('$')) + 1).toLowerCase(Locale.ROOT);
    return simple.contains("lru") || simple.contains("cache")
        || type.methods().stream().anyMatch(method -> method.isConstructor() && method.callees().contains(ORDERED))
        || type.methods().stream().anyMatch(method -> method.name().toLowerCase(Locale.ROOT).startsWith("removeeldest"));
  }

  /** Returns whether the class or one that it extends or that extends it decides about the eldest, or removes by itself. */
  private static boolean evicts(Program program, ClassFacts type) {
    for (ClassFacts at = type; at != null; at = at.superName() == null ? null : program.classes.get(at.superName())) {
      if (decides(program, at)) {
        return true;
      }
    }
    return program.classes.values().stream().anyMatch(other -> other != type && program.isSubtype(other.name(), type.name())
        && decides(program, other));
  }

  private static boolean decides(Program program, ClassFacts type) {
    for (MethodFacts method : type.methods()) {
      if ((method.name() + method.desc()).equals(EVICTS)
          || method.callees().stream().anyMatch(callee -> program.types.vocabulary().shrinks(callee.name()))) {
        return true;
      }
    }
    return false;
  }
}
