package leaksafe.lint.internal.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import leaksafe.lint.Finding;
import leaksafe.lint.Rule;
import leaksafe.lint.Severity;
import leaksafe.lint.internal.facts.CallFact;
import leaksafe.lint.internal.facts.LambdaFact;
import leaksafe.lint.internal.facts.MethodFacts;
import leaksafe.lint.internal.facts.Origin;
import leaksafe.lint.internal.facts.Origin.Kind;
import leaksafe.lint.internal.facts.StoreFact;
import leaksafe.lint.internal.facts.Vocabulary.Category;
import leaksafe.lint.internal.solve.FieldStory;
import leaksafe.lint.internal.solve.Method;
import leaksafe.lint.internal.solve.Program;

/** A lease, a scope or an unowned subscription that is neither closed, returned nor handed on (LS050). */
final class LeaseNeverClosed implements Check {

  @Override
  public Rule rule() {
    return new Rule("LS050", "LeaseNeverClosed", "A lease, scope or subscription of leaksafe is neither closed nor owned");
  }

  @Override
  public void check(Program program, Consumer<Finding> findings) {
    for (FieldStory field : program.fields()) {
      String type = field.facts.type();
      if (program.types.category(type) == Category.OWNED && field.closes.isEmpty() && !field.escapes && !field.facts.isSynthetic()
          && !type.endsWith("/Subscription")) {
        findings.accept(new Finding("LS050", Severity.ERROR, field.member(), Check.typeOf(field), List.of(Check.site(field)),
            "nothing closes the field", "close it where its owner ends"));
      }
    }
    for (Method method : program.methods()) {
      MethodFacts facts = method.facts;
      for (int i = 0; i < facts.origins().size(); i++) {
        Origin origin = facts.origins().get(i);
        if (origin.kind() != Kind.CALL) {
          continue;
        }
        CallFact call = facts.calls().get(origin.index());
        if (makesOwned(program, call) && !isHandedOn(program, facts, i)) {
          findings.accept(new Finding("LS050", Severity.ERROR, method.owner.name().replace('/', '.') + "#" + facts.name(), "",
              List.of(Check.site(method, call.line())), "what " + call.callee().name() + " returns is neither closed, kept nor returned",
              "write try (var it = " + call.callee().name() + "(...)) { ... }"));
        }
      }
    }
  }

  private static boolean makesOwned(Program program, CallFact call) {
    String desc = call.callee().desc();
    String result = desc.substring(desc.indexOf(')') + 1);
    if (program.types.categoryOf(result) != Category.OWNED) {
      return false;
    }
    String name = call.callee().name();
    if (result.endsWith("/Subscription;")) {
      return name.equals("subscribeForever");
    }
    return name.equals("open") || name.startsWith("acquire") || name.startsWith("tryAcquire") || name.equals("lease") || name.equals("handOver");
  }

  private static boolean isHandedOn(Program program, MethodFacts facts, int origin) {
    List<int[]> uses = new ArrayList<>(List.of(facts.returned(), facts.passed()));
    for (StoreFact store : facts.stores()) {
      uses.add(store.value());
    }
    for (LambdaFact lambda : facts.lambdas()) {
      uses.addAll(lambda.captures());
    }
    for (CallFact call : facts.calls()) {
      boolean receiver = !call.isStatic() && !call.arguments().isEmpty();
      boolean closes = call.callee().name().equals("close") || call.callee().name().startsWith("close") || call.callee().name().equals("handOver");
      uses.addAll(receiver && !closes ? call.arguments().subList(1, call.arguments().size()) : call.arguments());
    }
    return uses.stream().anyMatch(use -> contains(use, origin));
  }

  private static boolean contains(int[] use, int origin) {
    for (int each : use) {
      if (each == origin) {
        return true;
      }
    }
    return false;
  }
}
