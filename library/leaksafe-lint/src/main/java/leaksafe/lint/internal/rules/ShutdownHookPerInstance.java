package leaksafe.lint.internal.rules;

import java.util.List;
import java.util.function.Consumer;
import leaksafe.lint.Finding;
import leaksafe.lint.Rule;
import leaksafe.lint.Severity;
import leaksafe.lint.internal.facts.CallFact;
import leaksafe.lint.internal.solve.Method;
import leaksafe.lint.internal.solve.Program;

/** A shutdown hook that outlives the object it is for (LS031). */
final class ShutdownHookPerInstance implements Check {

  @Override
  public Rule rule() {
    return new Rule("LS031", "ShutdownHookPerInstance", "A shutdown hook is added and never removed");
  }

  @Override
  public void check(Program program, Consumer<Finding> findings) {
    for (Method method : program.methods()) {
      for (CallFact call : method.facts.calls()) {
        boolean once = method.isInitOnly() || method.facts.name().equals("main");
        if (call.callee().name().equals("addShutdownHook") && !once && !removes(program, method)) {
          findings.accept(new Finding("LS031", Severity.WARNING, method.owner.name().replace('/', '.') + "#" + method.facts.name(), "",
              List.of(Check.site(method, call.line())), "nothing in the class removes the hook, which keeps all that it reaches until the JVM ends", "remove the hook where its owner is closed, or have one hook close one leaksafe.resource.Scope"));
        }
      }
    }
  }

  /** Returns whether the class, or what it calls, removes a hook. */
  private static boolean removes(Program program, Method adder) {
    return program.methodsUnder(adder.owner.host()).stream().anyMatch(method -> removes(program, method, 0));
  }

  private static boolean removes(Program program, Method method, int depth) {
    return method.facts.callees().stream().anyMatch(callee -> callee.name().equals("removeShutdownHook")
        || depth < 2 && callee.name().contains("emove") && program.targets(callee, false).stream().anyMatch(target -> removes(program, target, depth + 1)));
  }
}
