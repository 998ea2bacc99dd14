package leaksafe.lint.internal.rules;

import java.util.function.Consumer;
import leaksafe.lint.Finding;
import leaksafe.lint.Rule;
import leaksafe.lint.Severity;
import leaksafe.lint.internal.rules.GrowingField.Life;
import leaksafe.lint.internal.rules.Keys.Domain;
import leaksafe.lint.internal.solve.Program;

/** A static map that is filled under keys of run time and never shrinks (LS002). */
final class StaticMapOnlyGrows implements Check {

  @Override
  public Rule rule() {
    return new Rule("LS002", "StaticMapOnlyGrows", "A static map is filled under run-time keys and never shrinks");
  }

  @Override
  public void check(Program program, Consumer<Finding> findings) {
    for (GrowingField growing : GrowingField.in(program)) {
      if (growing.lives() == Life.STATIC && growing.removal() != Removal.UNCALLED && growing.domain() != Domain.NONE
          && growing.domain() != Domain.CLASSES) {
        boolean endless = growing.domain() == Domain.OUTSIDE || growing.domain() == Domain.FRESH;
        growing.report("LS002", endless ? Severity.ERROR : Severity.WARNING, growing.nothingRemoves(),
            "use a leaksafe.cache.Cache with a maximumSize or an expiry, or leaksafe.memo.Memo", findings);
      }
    }
  }
}
