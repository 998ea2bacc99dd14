package leaksafe.lint.internal.solve;

import java.util.List;
import java.util.Set;
import leaksafe.lint.internal.facts.CallFact;
import leaksafe.lint.internal.facts.MethodRef;
import leaksafe.lint.internal.facts.Origin;
import leaksafe.lint.internal.facts.Origin.Kind;
import leaksafe.lint.internal.facts.Signatures;
import org.jspecify.annotations.Nullable;

/** Calls that remove although their name does not say so, and calls that do not although it does. */
final class Removals {
  /** Final classes, whose objects are equal to none of another class. */
  private static final Set<String> FINAL = Set.of("java/lang/String", "java/lang/Long", "java/lang/Integer", "java/lang/Short", "java/lang/Byte",
      "java/lang/Character", "java/lang/Boolean", "java/lang/Double", "java/lang/Float", "java/lang/Class", "java/util/UUID");

  private final Program program;

  Removals(Program program) {
    this.program = program;
  }

  /** Returns whether it recomputes an entry by a function that can say null, which removes the entry. */
  boolean byFunction(Method method, CallFact call) {
    if (!call.callee().name().equals("compute") && !call.callee().name().equals("merge")) {
      return false;
    }
    for (int index : call.arguments().get(call.arguments().size() - 1)) {
      Origin origin = method.facts.origins().get(index);
      if (origin.kind() == Kind.LAMBDA && program.targets(method.facts.lambdas().get(origin.index()).implementation(), false).stream()
          .anyMatch(target -> target.facts.returnsNull())) {
        return true;
      }
    }
    return false;
  }

  /** Returns whether it removes by something that can be equal to no key: a map from Long to Response, asked to remove a Response. */
  boolean isFutile(Solver.Ref ref, CallFact call) {
    MethodRef callee = call.callee();
    if (ref.field() == null || ref.view() || !callee.name().equals("remove") || !callee.desc().startsWith("(Ljava/lang/Object;)")) {
      return false;
    }
    String key = firstArgument(ref.field().facts.signature());
    String removed = call.keyType();
    return key != null && removed != null && FINAL.contains(key) && !removed.equals(key)
        && (FINAL.contains(removed) || program.classes.containsKey(removed) && !removed.startsWith("java/"));
  }

  /** Returns the class of the first type argument of a field's type, as an internal name; null for wildcards and variables. */
  private static @Nullable String firstArgument(@Nullable String signature) {
    List<String> arguments = Signatures.arguments(signature);
    return arguments.isEmpty() || !arguments.get(0).startsWith("L") ? null : Signatures.erasure(arguments.get(0));
  }
}
