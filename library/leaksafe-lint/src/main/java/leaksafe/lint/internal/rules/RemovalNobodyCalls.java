package leaksafe.lint.internal.rules;

import java.util.function.Consumer;
import leaksafe.lint.Finding;
import leaksafe.lint.Rule;
import leaksafe.lint.Severity;
import leaksafe.lint.internal.rules.GrowingField.Life;
import leaksafe.lint.internal.solve.Program;

/** A static collection that can be removed from, by methods that nobody calls (LS004). */
final class RemovalNobodyCalls implements Check {

  @Override
  public Rule rule() {
    return new Rule("LS004", "RemovalNobodyCalls", "The only methods that remove are called by nobody");
  }

  @Override
  public void check(Program program, Consumer<Finding> findings) {
    for (GrowingField growing : GrowingField.in(program)) {
      if (growing.lives() == Life.STATIC && growing.removal() == Removal.UNCALLED) {
        growing.report("LS004", Severity.WARNING, "only methods that nobody calls remove from it: " + growing.removers(),
            "call one of them when the entry has served, or keep the entries in a leaksafe.cache.Cache with a maximumSize", findings);
      }
    }
  }
}
