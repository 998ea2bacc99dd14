package leaksafe.lint.internal.rules;

import java.util.List;
import java.util.function.Consumer;
import leaksafe.lint.Finding;
import leaksafe.lint.Rule;
import leaksafe.lint.Severity;
import leaksafe.lint.internal.facts.MethodFacts;
import leaksafe.lint.internal.facts.Vocabulary.Category;
import leaksafe.lint.internal.solve.FieldStory;
import leaksafe.lint.internal.solve.Program;

/** A static ThreadLocal that is set, or makes its own first value, and that nothing removes (LS021). */
final class ThreadLocalNeverRemoved implements Check {
  private static final String ADVICE = "call remove() in a finally block, or use leaksafe.resource.ThreadValues";

  @Override
  public Rule rule() {
    return new Rule("LS021", "ThreadLocalNeverRemoved", "A ThreadLocal is set and never removed");
  }

  @Override
  public void check(Program program, Consumer<Finding> findings) {
    for (FieldStory field : ThreadLocals.in(program)) {
      // Netty's end with their thread, which removes all of them; what each of them costs besides is for LS020 to say.
      if (!field.facts.isStatic() || ThreadLocals.isNumbered(field) || field.escapes || ThreadLocals.isRemoved(program, field)) {
        continue;
      }
      if (!field.sets.isEmpty()) {
        boolean cleared = field.clears.stream().anyMatch(place -> program.isReached(place.method()));
        String reason = cleared ? "what was set is set back, to null or to what it was, and the entry stays"
            : field.removals.isEmpty() ? "set is called, remove is not"
            : "only " + field.removals.iterator().next().method() + " removes, and nobody calls it";
        report(program, field, cleared ? Severity.INFO : Severity.WARNING, reason, findings);
      } else if (field.removals.isEmpty() && makesItsFirstValue(program, field) && !ThreadLocals.holdsJdkObject(program, field)) {
        report(program, field, Severity.WARNING, "every thread that asks gets a value of its own, and nothing removes it", findings);
      }
    }
  }

  private static boolean makesItsFirstValue(Program program, FieldStory field) {
    return field.madeByCall.contains("withInitial") || field.allocations.stream().anyMatch(type -> program.classes.containsKey(type)
        && program.classes.get(type).methods().stream().anyMatch(method -> method.name().equals("initialValue") || setsItself(program, type, method)));
  }

  /** Returns whether a method of a kind of ThreadLocal sets its own value, as an overridden {@code get()} may do. */
  private static boolean setsItself(Program program, String type, MethodFacts method) {
    return method.callees().stream().anyMatch(callee -> callee.name().equals("set") && callee.desc().equals("(Ljava/lang/Object;)V")
        && program.types.category(callee.owner()) == Category.THREAD_LOCAL
        && (callee.owner().equals(type) || callee.owner().startsWith("java/lang/")));
  }

  private static void report(Program program, FieldStory field, Severity severity, String reason, Consumer<Finding> findings) {
    boolean emptied = ThreadLocals.isEmptiedCollection(program, field);
    boolean note = emptied || ThreadLocals.holdsJdkObject(program, field);
    findings.accept(new Finding("LS021", note ? Severity.INFO : severity, field.member(), Check.typeOf(field),
        field.sets.isEmpty() ? List.of(Check.site(field)) : ThreadLocals.sites(field.sets),
        emptied ? reason + "; but what is put into it is taken out again" : reason, ADVICE));
  }
}
