package leaksafe.lint.internal.rules;

import java.util.List;
import java.util.function.Consumer;
import leaksafe.lint.Finding;
import leaksafe.lint.Rule;
import leaksafe.lint.Severity;
import leaksafe.lint.internal.facts.CallFact;
import leaksafe.lint.internal.facts.ClassFacts;
import leaksafe.lint.internal.facts.LambdaFact;
import leaksafe.lint.internal.facts.Origin;
import leaksafe.lint.internal.facts.Origin.Kind;
import leaksafe.lint.internal.solve.Method;
import leaksafe.lint.internal.solve.Program;

/** A cleaning action that holds the object it waits for, which is then never collected (LS033). */
final class CleanerCapturesReferent implements Check {

  @Override
  public Rule rule() {
    return new Rule("LS033", "CleanerCapturesReferent", "A cleaning action holds the object whose end it waits for");
  }

  @Override
  public void check(Program program, Consumer<Finding> findings) {
    for (Method method : program.methods()) {
      for (CallFact call : method.facts.calls()) {
        if (call.callee().is("java/lang/ref/Cleaner", "register") && captures(program, method, call)) {
          findings.accept(new Finding("LS033", Severity.ERROR, method.owner.name().replace('/', '.') + "#" + method.facts.name(), "",
              List.of(Check.site(method, call.line())), "the action holds the object, so the object is never collected and the action never runs",
              "make the action a static nested class or record that has only what it cleans"));
        }
      }
    }
  }

  private static boolean captures(Program program, Method method, CallFact call) {
    for (int index : call.argument(1)) {
      Origin action = method.facts.origins().get(index);
      if (action.kind() == Kind.LAMBDA) {
        LambdaFact lambda = method.facts.lambdas().get(action.index());
        for (int[] captured : lambda.captures()) {
          if (meet(method, captured, call.argument(0))) {
            return true;
          }
        }
      } else if (action.kind() == Kind.NEW && action.type() != null) {
        ClassFacts type = program.classes.get(action.type());
        if (type != null && type.fields().stream().anyMatch(field -> !field.isStatic() && field.type().equals(method.owner.name()))) {
          return isThis(method, call.argument(0));
        }
      } else if (action.kind() == Kind.PARAMETER && meet(method, call.argument(1), call.argument(0))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isThis(Method method, int[] origins) {
    return !method.facts.isStatic() && origins.length == 1 && method.facts.origins().get(origins[0]).kind() == Kind.PARAMETER
        && method.facts.origins().get(origins[0]).index() == 0;
  }

  /** Returns whether two values have an origin in common that stands for one object. */
  private static boolean meet(Method method, int[] some, int[] others) {
    for (int one : some) {
      for (int other : others) {
        Kind kind = method.facts.origins().get(one).kind();
        if (one == other && (kind == Kind.PARAMETER || kind == Kind.NEW || kind == Kind.CALL)) {
          return true;
        }
      }
    }
    return false;
  }
}
