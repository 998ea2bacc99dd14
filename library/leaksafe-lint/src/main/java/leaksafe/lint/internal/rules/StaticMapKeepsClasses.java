package leaksafe.lint.internal.rules;

import java.util.function.Consumer;
import leaksafe.lint.Finding;
import leaksafe.lint.Rule;
import leaksafe.lint.Severity;
import leaksafe.lint.internal.rules.GrowingField.Life;
import leaksafe.lint.internal.rules.Keys.Domain;
import leaksafe.lint.internal.solve.Program;

/** A static map whose keys are classes, class loaders or threads, which it keeps from being unloaded (LS003). */
final class StaticMapKeepsClasses implements Check {

  @Override
  public Rule rule() {
    return new Rule("LS003", "StaticMapKeepsClasses", "A static map keeps classes, class loaders or threads as keys");
  }

  @Override
  public void check(Program program, Consumer<Finding> findings) {
    for (GrowingField growing : GrowingField.in(program)) {
      if (growing.lives() == Life.STATIC && growing.removal() != Removal.UNCALLED && growing.domain() == Domain.CLASSES) {
        growing.report("LS003", Severity.WARNING, growing.nothingRemoves() + ", and its keys keep class loaders alive",
            "use a leaksafe.registry.WeakRegistry or a ClassValue", findings);
      }
    }
  }
}
