package leaksafe.lint.internal.rules;

import java.util.HashSet;
import java.util.List;
import java.util.function.Consumer;
import leaksafe.lint.Finding;
import leaksafe.lint.Rule;
import leaksafe.lint.Severity;
import java.util.Set;
import leaksafe.lint.internal.facts.CallFact;
import leaksafe.lint.internal.facts.Watch;
import leaksafe.lint.internal.solve.Method;
import leaksafe.lint.internal.solve.Program;

/** A value put into the logging context of a thread that nobody takes out (LS022). */
final class LogContextNeverCleared implements Check {

  @Override
  public Rule rule() {
    return new Rule("LS022", "LogContextNeverCleared", "MDC.put without remove, clear or putCloseable in the class");
  }

  @Override
  public void check(Program program, Consumer<Finding> findings) {
    Set<String> clearing = new HashSet<>();
    for (Method method : program.methods()) {
      if (method.facts.callees().stream().anyMatch(callee -> Watch.isLogContext(callee.owner()) && !callee.name().startsWith("put")
          && !callee.name().startsWith("get"))) {
        clearing.add(method.owner.host());
      }
    }
    for (Method method : program.methods()) {
      for (CallFact call : method.facts.calls()) {
        if (Watch.isLogContext(call.callee().owner()) && call.callee().name().equals("put") && !clearing.contains(method.owner.host())) {
          findings.accept(new Finding("LS022", Severity.WARNING, method.owner.name().replace('/', '.') + "#" + method.facts.name(), "",
              List.of(Check.site(method, call.line())), "nothing in the class removes the value from the thread",
              "write try (var entry = MDC.putCloseable(key, value)) { ... }"));
        }
      }
    }
  }
}
