package leaksafe.lint.internal.solve;

import java.util.regex.Pattern;
import leaksafe.lint.internal.facts.CallFact;
import leaksafe.lint.internal.facts.ClassFacts;
import leaksafe.lint.internal.facts.FieldRef;
import leaksafe.lint.internal.facts.Origin;
import leaksafe.lint.internal.facts.Origin.Kind;
import leaksafe.lint.internal.solve.FieldStory.Growth;
import leaksafe.lint.internal.solve.FieldStory.Key;
import org.jspecify.annotations.Nullable;

/** What a call that adds to a collection adds, and under which key: where both come from, as far as the class set tells. */
final class Additions {
  private static final Pattern UNKEYED = Pattern.compile(".*(List|Queue|Deque|Vector|Stack|Collection|Builder|Buffer)");

  private final Program program;

  Additions(Program program) {
    this.program = program;
  }

  /** Returns what is known of a call that adds; its receiver is known to be the collection. */
  Growth read(Method method, CallFact call) {
    boolean keyed = !UNKEYED.matcher(call.callee().owner()).matches();
    Key key = keyed ? key(method, call) : null;
    return new Growth(method, call.line(), key, isHandedIn(method, call), made(method, call.argument(0)), made(method, call.argument(1)),
        isMarker(method, call.argument(1)));
  }

  private Key key(Method method, CallFact call) {
    boolean constant = true;
    boolean outside = false;
    boolean built = false;
    boolean ofClass = true;
    for (int index : call.argument(0)) {
      Origin origin = method.facts.origins().get(index);
      constant &= isConstant(method, origin, 0);
      ofClass &= origin.kind() == Kind.CLASS_NAME;
      built |= origin.kind() == Kind.COMPUTED_TEXT || origin.kind() == Kind.CALL
          && program.targets(method.facts.calls().get(origin.index()).callee(), false).stream().anyMatch(target -> target.facts.buildsText());
      outside |= origin.kind() == Kind.COUNTED || origin.kind() == Kind.PARAMETER && !method.facts.name().startsWith("lambda$");
    }
    return new Key(constant, call.keyType(), outside || built, built, ofClass && !constant, made(method, call.argument(0)));
  }

  /** Returns whether it is a constant, or an argument of a method that only the package can call and that gets only constants from it. */
  private boolean isConstant(Method method, Origin origin, int depth) {
    if (origin.kind() == Kind.CONSTANT || origin.kind() == Kind.CLASS_LITERAL) {
      return true;
    }
    if (origin.kind() == Kind.FIELD) {
      return origin.field() != null && isFixed(origin.field());
    }
    if (origin.kind() != Kind.PARAMETER || method.facts.isApi() || method.facts.isSynthetic() || method.callers.isEmpty() || depth > 2) {
      return false;
    }
    for (Method caller : method.callers) {
      boolean seen = false;
      for (CallFact call : caller.facts.calls()) {
        if (call.callee().signature().equals(method.facts.name() + method.facts.desc()) && program.targets(call.callee(), true).contains(method)) {
          seen = true;
          for (int index : call.arguments().get(origin.index())) {
            if (!isConstant(caller, caller.facts.origins().get(index), depth + 1)) {
              return false;
            }
          }
        }
      }
      if (!seen) {
        return false;
      }
    }
    return true;
  }

  /** Returns whether it is a number that another class holds and cannot change: that class is not in the set, or has it final. */
  private boolean isFixed(FieldRef number) {
    boolean isNumber = number.isStatic() && (number.desc().length() == 1 && !number.desc().equals("Z") || number.desc().startsWith("Ljava/lang/"));
    ClassFacts owner = program.classes.get(number.owner());
    return isNumber && (owner == null || owner.fields().stream().anyMatch(field -> field.name().equals(number.name()) && field.isFinal()));
  }

  /** Returns whether the method, which is open to other packages, adds nothing but what it is given. */
  private static boolean isHandedIn(Method method, CallFact call) {
    if (!method.facts.isApi()) {
      return false;
    }
    for (int[] argument : call.arguments().subList(Math.min(1, call.arguments().size()), call.arguments().size())) {
      for (int index : argument) {
        Origin origin = method.facts.origins().get(index);
        if (origin.kind() != Kind.PARAMETER || origin.index() == 0 && !method.facts.isStatic()) {
          return false;
        }
      }
    }
    return true;
  }

  private static boolean isMarker(Method method, int[] origins) {
    Kind kind = origins.length == 1 ? method.facts.origins().get(origins[0]).kind() : Kind.OTHER;
    return kind == Kind.CONSTANT || kind == Kind.COUNTED || kind == Kind.NEW || kind == Kind.PARAMETER;
  }

  private static @Nullable String made(Method method, int[] origins) {
    Origin only = origins.length == 1 ? method.facts.origins().get(origins[0]) : Origin.OTHER;
    return only.kind() == Kind.NEW ? only.type() : null;
  }
}
