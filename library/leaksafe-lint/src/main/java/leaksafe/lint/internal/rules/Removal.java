package leaksafe.lint.internal.rules;

import java.util.regex.Pattern;
import leaksafe.lint.internal.solve.FieldStory;
import leaksafe.lint.internal.solve.FieldStory.Place;
import leaksafe.lint.internal.solve.Method;
import leaksafe.lint.internal.solve.Program;

/** What the code that removes from a collection is good for. */
enum Removal {
  /** There is none. */
  NONE,
  /** Nobody calls it, nor what calls it. */
  UNCALLED,
  /** It empties the collection when its owner ends, and lets it grow until then. */
  AT_END,
  /** It takes out what has served, as far as anybody can tell. */
  SERVES;

  private static final Pattern ENDS = Pattern.compile("^(do|on|_|internal)?(close|shutdown|shutDown|stop|destroy|dispose|terminate|tearDown|preDestroy)"
      + "(Now|Internal|Quietly|All|Async|Gracefully|0)?$", Pattern.CASE_INSENSITIVE);

  private static final Pattern EMPTIES = Pattern.compile("^(clear|flush|reset|purge|invalidate|evict)(All|Cache|Caches|Statistics)?$");

  static Removal of(Program program, FieldStory field) {
    Removal best = NONE;
    for (Place place : field.removals) {
      Removal one = !isCalled(program, field, place.method()) ? UNCALLED : isAtEnd(field, place.method(), 0) ? AT_END : SERVES;
      best = one.compareTo(best) > 0 ? one : best;
    }
    return best;
  }

  /** Returns whether somebody can reach a method; in an object, other than through a method of its class that nobody calls. */
  private static boolean isCalled(Program program, FieldStory field, Method method) {
    // Who adds, or has another method add, and removes in one go, removes as often as it adds.
    if (field.growths.stream().anyMatch(growth -> growth.method() == method || growth.method().callers().contains(method))) {
      return true;
    }
    // What empties the whole for users to call, as a cache's or a counter's clear does, takes out nothing by itself.
    if (!field.facts.isStatic() && method.callers().stream().allMatch(caller -> caller.facts.isConstructor())
        && method.owner == field.owner && EMPTIES.matcher(method.facts.name()).find()) {
      return false;
    }
    return program.isReached(method) && (field.facts.isStatic() || method.callers().isEmpty() || program.isReachedFromOutside(method)
        || method.callers().stream().anyMatch(program::isReached));
  }

  private static boolean isAtEnd(FieldStory field, Method method, int depth) {
    boolean own = method.owner == field.owner && method.facts.isStatic() == field.facts.isStatic();
    return own && (ENDS.matcher(method.facts.name()).find() && method.facts.desc().startsWith("()")
        || depth < 4 && !method.facts.isApi() && !method.callers().isEmpty()
            && method.callers().stream().allMatch(caller -> caller == method || isAtEnd(field, caller, depth + 1)));
  }
}
