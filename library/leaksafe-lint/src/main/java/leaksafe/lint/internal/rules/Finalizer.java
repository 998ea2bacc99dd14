package leaksafe.lint.internal.rules;

import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import leaksafe.lint.Finding;
import leaksafe.lint.Rule;
import leaksafe.lint.Severity;
import leaksafe.lint.internal.facts.ClassFacts;
import leaksafe.lint.internal.solve.Method;
import leaksafe.lint.internal.solve.Program;

/** A finalizer: it delays the release of all that its object reaches, and the JDK is about to drop it (LS034). */
final class Finalizer implements Check {

  private static final Set<String> RELEASES = Set.of("close", "dispose", "release", "shutdown", "shutdownNow", "stop", "destroy", "free",
      "disconnect", "cleanup", "terminate");

  private static final Set<String> RELEASED = Set.of("closed", "isClosed", "released", "disposed", "freed", "destroyed", "terminated");

  @Override
  public Rule rule() {
    return new Rule("LS034", "Finalizer", "finalize() delays the release of the object and all that it reaches");
  }

  @Override
  public void check(Program program, Consumer<Finding> findings) {
    for (Method method : program.methods()) {
      if (method.facts.name().equals("finalize") && method.facts.desc().equals("()V") && !method.facts.isStatic()
          && !(method.facts.callees().isEmpty() && (method.facts.access() & 0x10) != 0)) {
        findings.accept(new Finding("LS034", canBeReleased(program, method.owner) ? Severity.INFO : Severity.WARNING,
            method.owner.name().replace('/', '.') + "#finalize", "",
            List.of(Check.site(method, method.facts.line())), "the object lives for at least one more collection, in a queue of one thread",
            "implement AutoCloseable and track it by a leaksafe.resource.Tracker or java.lang.ref.Cleaner"));
      }
    }
  }

  /** Returns whether there is a method to release the object by, or a flag that it was released, so that the finalizer is only the net below it. */
  private static boolean canBeReleased(Program program, ClassFacts type) {
    for (ClassFacts at = type; at != null; at = at.superName() == null ? null : program.classes.get(at.superName())) {
      if (at.methods().stream().anyMatch(method -> RELEASES.contains(method.name()) && !method.isStatic())
          || at.fields().stream().anyMatch(field -> field.desc().equals("Z") && RELEASED.contains(field.name()))) {
        return true;
      }
    }
    return false;
  }
}
