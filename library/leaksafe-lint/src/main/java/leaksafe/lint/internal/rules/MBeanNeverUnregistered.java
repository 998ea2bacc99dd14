package leaksafe.lint.internal.rules;

import java.lang.reflect.Modifier;
import java.util.List;
import java.util.function.Consumer;
import leaksafe.lint.Finding;
import leaksafe.lint.Rule;
import leaksafe.lint.Severity;
import leaksafe.lint.internal.facts.CallFact;
import leaksafe.lint.internal.facts.MethodFacts;
import leaksafe.lint.internal.facts.MethodRef;
import leaksafe.lint.internal.solve.Method;
import leaksafe.lint.internal.solve.Program;

/** A management bean that stays registered, with its object and class loader, after what it manages has ended (LS035). */
final class MBeanNeverUnregistered implements Check {

  @Override
  public Rule rule() {
    return new Rule("LS035", "MBeanNeverUnregistered", "A management bean is registered and never unregistered");
  }

  @Override
  public void check(Program program, Consumer<Finding> findings) {
    for (Method method : program.methods()) {
      for (CallFact call : method.facts.calls()) {
        boolean once = method.isInitOnly() || method.facts.name().equals("main");
        if (call.callee().name().equals("registerMBean") && !once && !unregisters(program, method)) {
          String doubt = doubt(program, method);
          findings.accept(new Finding("LS035", doubt.isEmpty() ? Severity.WARNING : Severity.INFO,
              method.owner.name().replace('/', '.') + "#" + method.facts.name(), "", List.of(Check.site(method, call.line())),
              "nothing in the class unregisters the bean, and the server keeps it until the JVM ends" + doubt,
              "unregister it where its owner is closed, or have a leaksafe.resource.Scope do so"));
        }
      }
    }
  }

  private static String doubt(Program program, Method method) {
    boolean single = method.facts.isStatic()
        || method.owner.methods().stream().filter(MethodFacts::isConstructor).allMatch(each -> Modifier.isPrivate(each.access()));
    if (single) {
      return "; but it may be one for each class loader";
    }
    String folder = folder(method);
    return program.methods().stream().anyMatch(other -> folder(other).equals(folder) && unregisters(program, other, 2))
        ? "; but another class of its package unregisters beans" : "";
  }

  private static String folder(Method method) {
    return method.owner.name().substring(0, method.owner.name().lastIndexOf('/') + 1);
  }

  /** Returns whether the class, or what it calls to take something back, unregisters a bean. */
  private static boolean unregisters(Program program, Method adder) {
    return program.methodsUnder(adder.owner.host()).stream().anyMatch(method -> unregisters(program, method, 0));
  }

  private static boolean unregisters(Program program, Method method, int depth) {
    return method.facts.callees().stream().anyMatch(callee -> callee.name().equals("unregisterMBean")
        || depth < 2 && takesBack(callee) && program.targets(callee, false).stream().anyMatch(target -> unregisters(program, target, depth + 1)));
  }

  private static boolean takesBack(MethodRef callee) {
    return callee.name().contains("nregister") || callee.name().contains("eregister") || callee.name().contains("emove");
  }
}
