package leaksafe.lint.internal.rules;

import java.util.List;
import java.util.function.Consumer;
import leaksafe.lint.Finding;
import leaksafe.lint.Rule;
import leaksafe.lint.Severity;
import leaksafe.lint.internal.facts.Vocabulary.Category;
import leaksafe.lint.internal.solve.FieldStory;
import leaksafe.lint.internal.solve.Program;
import org.jspecify.annotations.Nullable;

/** An executor or timer that its class makes, keeps in a field and never ends (LS030). */
final class ExecutorNeverShutDown implements Check {

  @Override
  public Rule rule() {
    return new Rule("LS030", "ExecutorNeverShutDown", "An executor or timer in a field is never shut down");
  }

  @Override
  public void check(Program program, Consumer<Finding> findings) {
    for (FieldStory field : program.fields()) {
      if (program.types.categoryOf(field.facts.desc()) == Category.EXECUTOR && field.madeHere && field.closes.isEmpty() && !field.escapes
          && !field.facts.isSynthetic()) {
        String doubt = doubt(program, field);
        findings.accept(new Finding("LS030", doubt == null ? Severity.WARNING : Severity.INFO, field.member(), Check.typeOf(field),
            List.of(Check.site(field)), "nothing shuts it down, and its threads keep all that they reach" + (doubt == null ? "" : "; but " + doubt),
            "shut it down where its owner ends, or have a leaksafe.resource.Scope adopt it"));
      }
    }
  }

  private static @Nullable String doubt(Program program, FieldStory field) {
    if (field.facts.isStatic() && field.facts.isFinal()) {
      return "it is one for each class loader, and may be meant to last as long";
    }
    // Daemons or not: what its owner makes and does not end is left behind by each owner that is closed, or made for one piece of work.
    boolean leftBehind = !field.facts.isStatic()
        && (LongLivedObjectOnlyGrows.isService(program, field.owner) || program.isMadeOften(field.owner.name()));
    return field.daemon && !leftBehind ? "its threads are daemons, and may be meant to last" : null;
  }
}
