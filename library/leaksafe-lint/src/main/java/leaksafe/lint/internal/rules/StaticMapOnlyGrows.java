package leaksafe.lint.internal.rules;

import java.util.function.Consumer;
import leaksafe.lint.Finding;
import leaksafe.lint.Rule;
import leaksafe.lint.Severity;
import leaksafe.lint.internal.rules.GrowingField.KeyDomain;
import leaksafe.lint.internal.rules.GrowingField.Life;
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
      if (growing.lives() == Life.STATIC && !growing.manual() && growing.domain() != KeyDomain.NONE
          && growing.domain() != KeyDomain.CLASSES) {
        growing.report("LS002", severity(growing), "nothing removes from it",
            "use a leaksafe.cache.Cache with a maximumSize or an expiry, or leaksafe.memo.Memo", findings);
      }
    }
  }

  private static Severity severity(GrowingField growing) {
    if (growing.isRegistration()) {
      return Severity.INFO;
    }
    return growing.domain() == KeyDomain.OUTSIDE ? Severity.ERROR : Severity.WARNING;
  }
}
