package leaksafe.lint.internal.rules;

import java.util.List;
import java.util.function.Consumer;
import leaksafe.lint.Finding;
import leaksafe.lint.Rule;
import leaksafe.lint.Severity;
import leaksafe.lint.internal.facts.Signatures;
import leaksafe.lint.internal.rules.WeakMaps.WeakMap;
import leaksafe.lint.internal.solve.Program;

/** A WeakHashMap whose keys are not the objects whose life matters: text, numbers, constants (LS011). */
final class WeakMapWithUnstableKey implements Check {

  @Override
  public Rule rule() {
    return new Rule("LS011", "WeakMapWithUnstableKey", "A WeakHashMap's keys are strings, numbers or enum constants");
  }

  @Override
  public void check(Program program, Consumer<Finding> findings) {
    for (WeakMap map : WeakMaps.in(program)) {
      // A value that is held weakly may hold the very instance of the key, so that both end together.
      boolean interns = Signatures.erasure(map.value()).startsWith("java/lang/ref/");
      if (WeakMaps.isComparedByValue(program, map.key()) && !interns) {
        findings.accept(new Finding("LS011", Severity.WARNING, map.field().member(), Check.typeOf(map.field()),
            List.of(Check.site(map.field())), "the keys are compared by value, but the entries go when one instance does, or never",
            "use a leaksafe.cache.Cache"));
      }
    }
  }
}
