package leaksafe.lint.internal.rules;

import java.util.List;
import java.util.function.Consumer;
import leaksafe.lint.Finding;
import leaksafe.lint.Rule;
import leaksafe.lint.Severity;
import leaksafe.lint.internal.facts.MethodFacts;
import leaksafe.lint.internal.solve.FieldStory;
import leaksafe.lint.internal.solve.Program;

/** A ThreadLocal in an instance field that is never removed: one entry for each object in each thread (LS020). */
final class ThreadLocalPerInstance implements Check {

  @Override
  public Rule rule() {
    return new Rule("LS020", "ThreadLocalPerInstance", "A ThreadLocal in an instance field leaves an entry in every thread");
  }

  @Override
  public void check(Program program, Consumer<Finding> findings) {
    for (FieldStory field : ThreadLocals.in(program)) {
      boolean single = program.isEnum(field.owner.name())
          || field.owner.methods().stream().filter(MethodFacts::isConstructor).allMatch(method -> (method.access() & 2) != 0);
      boolean removed = ThreadLocals.isRemoved(program, field);
      if (!field.facts.isStatic() && !single && field.madeHere && (!removed || ThreadLocals.isNumbered(field))) {
        boolean note = removed ? !program.isMadeOften(field.owner.name()) : ThreadLocals.holdsPlainValue(program, field);
        findings.accept(new Finding("LS020", note ? Severity.INFO : Severity.WARNING, field.member(), Check.typeOf(field),
            List.of(Check.site(field)), removed ? "each instance takes a place in the table of every thread, and nothing gives it back"
                : "each instance leaves its value in every thread that used it, and nothing removes it",
            "make it static final, or use leaksafe.resource.ThreadValues"));
      }
    }
  }
}
