package leaksafe.lint.internal.rules;

import java.util.function.Consumer;
import leaksafe.lint.Finding;
import leaksafe.lint.Rule;
import leaksafe.lint.Severity;
import leaksafe.lint.internal.rules.GrowingField.Life;
import leaksafe.lint.internal.rules.Keys.Domain;
import leaksafe.lint.internal.solve.Program;

/** A static list, queue or text that is appended to and never shrinks (LS001). */
final class StaticCollectionOnlyGrows implements Check {

  @Override
  public Rule rule() {
    return new Rule("LS001", "StaticCollectionOnlyGrows", "A static collection is appended to and never shrinks");
  }

  @Override
  public void check(Program program, Consumer<Finding> findings) {
    for (GrowingField growing : GrowingField.in(program)) {
      if (growing.lives() == Life.STATIC && growing.removal() != Removal.UNCALLED && growing.domain() == Domain.NONE) {
        growing.report("LS001", Severity.ERROR, growing.nothingRemoves(), "keep the last N in a bounded queue or a ring", findings);
      }
    }
  }
}
