package leaksafe.lint.internal.rules;

import java.util.List;
import java.util.function.Consumer;
import leaksafe.lint.Finding;
import leaksafe.lint.Rule;
import leaksafe.lint.Severity;
import leaksafe.lint.internal.facts.CallFact;
import leaksafe.lint.internal.facts.ClassFacts;
import leaksafe.lint.internal.facts.Origin;
import leaksafe.lint.internal.facts.Origin.Kind;
import leaksafe.lint.internal.facts.Watch;
import leaksafe.lint.internal.solve.Method;
import leaksafe.lint.internal.solve.Program;

/** A listener that holds its maker, given to something that lives longer, and never taken back (LS040). */
final class ListenerNeverRemoved implements Check {

  @Override
  public Rule rule() {
    return new Rule("LS040", "ListenerNeverRemoved", "A listener that holds this object is added to a global and never removed");
  }

  @Override
  public void check(Program program, Consumer<Finding> findings) {
    for (Method method : program.methods()) {
      for (CallFact call : method.facts.calls()) {
        if (!method.facts.isStatic() && Watch.isListenerRegistration(call.callee().name(), call.callee().desc())
            && isGlobal(method, call.receiver()) && holdsThis(program, method, call) && !removes(program, method)) {
          findings.accept(new Finding("LS040", Severity.INFO, method.owner.name().replace('/', '.') + "#" + method.facts.name(), "",
              List.of(Check.site(method, call.line())), "the listener holds this object, and nothing in the class removes it",
              "remove it where this object ends, or use leaksafe.event.EventBus, which lets go of it with its owner"));
        }
      }
    }
  }

  private static boolean isGlobal(Method method, int[] receiver) {
    for (int index : receiver) {
      Origin origin = method.facts.origins().get(index);
      if (origin.kind() == Kind.CONSTANT
          || origin.kind() == Kind.CALL && method.facts.calls().get(origin.index()).arguments().isEmpty()) {
        return true;
      }
    }
    return false;
  }

  private static boolean holdsThis(Program program, Method method, CallFact call) {
    for (int[] argument : call.arguments().subList(Math.min(1, call.arguments().size()), call.arguments().size())) {
      for (int index : argument) {
        Origin origin = method.facts.origins().get(index);
        ClassFacts type = origin.type() == null ? null : program.classes.get(origin.type());
        if (isThis(origin) || origin.kind() == Kind.LAMBDA && method.facts.lambdas().get(origin.index()).captures().stream()
            .anyMatch(captured -> captured.length == 1 && isThis(method.facts.origins().get(captured[0])))
            || type != null && type.fields().stream().anyMatch(field -> !field.isStatic() && field.type().equals(method.owner.name()))) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean isThis(Origin origin) {
    return origin.kind() == Kind.PARAMETER && origin.index() == 0;
  }

  private static boolean removes(Program program, Method adder) {
    return program.methods().stream().filter(method -> method.owner.host().equals(adder.owner.host()))
        .flatMap(method -> method.facts.callees().stream())
        .anyMatch(callee -> callee.name().matches("(remove|unregister|unsubscribe|deregister|detach)\\w+"));
  }
}
