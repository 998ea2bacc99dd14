package leaksafe.lint.internal.rules;

import java.util.List;
import java.util.function.Consumer;
import leaksafe.lint.Finding;
import leaksafe.lint.Rule;
import leaksafe.lint.Severity;
import leaksafe.lint.internal.facts.CallFact;
import leaksafe.lint.internal.solve.Method;
import leaksafe.lint.internal.solve.Program;

/** A file that is to be deleted at exit: its path is kept until then (LS032). */
final class DeleteOnExit implements Check {

  @Override
  public Rule rule() {
    return new Rule("LS032", "DeleteOnExit", "File.deleteOnExit keeps the path until the JVM ends");
  }

  @Override
  public void check(Program program, Consumer<Finding> findings) {
    for (Method method : program.methods()) {
      for (CallFact call : method.facts.calls()) {
        boolean once = method.isInitOnly() || method.facts.name().equals("main");
        if (call.callee().name().equals("deleteOnExit") && !once) {
          findings.accept(new Finding("LS032", Severity.WARNING, method.owner.name().replace('/', '.') + "#" + method.facts.name(), "",
              List.of(Check.site(method, call.line())), "the JVM keeps the path until it ends, even if the file is deleted before", "delete it in a finally block, or defer that to a leaksafe.resource.Scope"));
        }
      }
    }
  }
}
