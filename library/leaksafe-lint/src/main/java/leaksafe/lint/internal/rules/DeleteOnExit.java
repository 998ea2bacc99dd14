package leaksafe.lint.internal.rules;

import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import leaksafe.lint.Finding;
import leaksafe.lint.Rule;
import leaksafe.lint.Severity;
import leaksafe.lint.internal.facts.CallFact;
import leaksafe.lint.internal.facts.MethodRef;
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
          String doubt = doubt(program, method);
          findings.accept(new Finding("LS032", doubt.isEmpty() ? Severity.WARNING : Severity.INFO,
              method.owner.name().replace('/', '.') + "#" + method.facts.name(), "", List.of(Check.site(method, call.line())),
              "the JVM keeps the path until it ends, even if the file is deleted before" + doubt, "delete it in a finally block, or defer that to a leaksafe.resource.Scope"));
        }
      }
    }
  }

  private static String doubt(Program program, Method method) {
    return method.facts.name().toLowerCase(Locale.ROOT).contains("onexit") ? "; but who calls it asks for that"
        : SetUp.isStart(method) ? "; but it is one path for each start"
        : makesFolder(method) ? "; but it is a folder, of which there are few"
        : loadsLibrary(program, method, 0) ? "; but it is one path for each native library" : "";
  }

  private static boolean makesFolder(Method method) {
    return method.facts.callees().stream().anyMatch(callee -> callee.owner().equals("java/io/File") && callee.name().startsWith("mkdir")
        || callee.owner().equals("java/nio/file/Files") && callee.name().startsWith("create") && callee.name().contains("Director"));
  }

  /** Returns whether a method, or one that it calls, loads a native library, which has to lie in a file. */
  private static boolean loadsLibrary(Program program, Method method, int depth) {
    for (MethodRef callee : method.facts.callees()) {
      boolean loads = callee.name().equals("load") || callee.name().equals("loadLibrary");
      if (loads && (callee.owner().equals("java/lang/System") || callee.owner().equals("java/lang/Runtime"))
          || depth < 3 && program.targets(callee, false).stream().anyMatch(target -> target != method && loadsLibrary(program, target, depth + 1))) {
        return true;
      }
    }
    return false;
  }
}
