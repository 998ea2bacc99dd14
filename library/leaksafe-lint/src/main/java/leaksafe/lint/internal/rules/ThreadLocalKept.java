package leaksafe.lint.internal.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import leaksafe.lint.Finding;
import leaksafe.lint.Rule;
import leaksafe.lint.Severity;
import leaksafe.lint.Site;
import leaksafe.lint.internal.facts.MethodFacts;
import leaksafe.lint.internal.facts.Vocabulary.Category;
import leaksafe.lint.internal.solve.FieldStory;
import leaksafe.lint.internal.solve.Program;

/** A ThreadLocal per object, or one whose values stay on pooled threads (LS020, LS021). */
final class ThreadLocalKept implements Check {

  @Override
  public List<Rule> rules() {
    return List.of(new Rule("LS020", "ThreadLocalPerInstance", "A ThreadLocal in an instance field leaves an entry in every thread"),
        new Rule("LS021", "ThreadLocalNeverRemoved", "A ThreadLocal is set and never removed"));
  }

  @Override
  public void check(Program program, Consumer<Finding> findings) {
    for (FieldStory field : program.fields()) {
      if (program.types.categoryOf(field.facts.desc()) != Category.THREAD_LOCAL || field.facts.isSynthetic()) {
        continue;
      }
      List<Site> sites = new ArrayList<>();
      field.sets.forEach(place -> sites.add(Check.site(place.method(), place.line())));
      if (!field.facts.isStatic()) {
        boolean single = program.isEnum(field.owner.name())
            || field.owner.methods().stream().filter(MethodFacts::isConstructor).allMatch(method -> (method.access() & 2) != 0);
        if (!single && field.madeHere) {
          findings.accept(new Finding("LS020", Severity.WARNING, field.member(), Check.typeOf(field), List.of(Check.site(field)),
              "each instance leaves its value in every thread that used it", "make it static final, or use leaksafe.resource.ThreadValues"));
        }
      } else if (!field.sets.isEmpty() && !field.escapes
          && field.removals.stream().noneMatch(place -> program.isReached(place.method()))) {
        String reason = field.removals.isEmpty() ? "set is called, remove is not" : "only " + field.removals.get(0).method() + " removes, and nobody calls it";
        findings.accept(new Finding("LS021", Severity.WARNING, field.member(), Check.typeOf(field), sites.stream().distinct().sorted().toList(),
            reason, "call remove() in a finally block, or use leaksafe.resource.ThreadValues"));
      }
    }
  }
}
