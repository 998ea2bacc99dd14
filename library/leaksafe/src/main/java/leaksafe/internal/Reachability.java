package leaksafe.internal;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Looks for a strong path from one object to another, breadth first and within a budget: a value that reaches its weakly held key, a
 * handler that reaches its owner, a clean-up action that reaches what it is to clean up after.
 *
 * <p>Followed are the fields of objects, with them the captures of lambdas and inner classes, elements of arrays, and what the JDK's
 * own containers hold, though their fields are encapsulated. Not followed are the referents of weak, soft and phantom references, static
 * fields (what they hold is reachable anyway), enum constants, and whatever is {@link Opaque}. If the target is a class or a class
 * loader, every object whose class was loaded by it or by a child of it reaches it.
 *
 * <p>No users' code runs: no {@code equals}, {@code hashCode}, {@code toString}, iterator or comparator of theirs. No lock is taken that
 * users' code can hold. Objects that other threads change meanwhile are seen in one state or another. Nothing is thrown for odd classes.
 *
 * <p><b>Not promised.</b> That a path is found: the budget may be too small, the classes may be encapsulated in modules that are not
 * open to the library, and wrappers of the JDK around users' collections ({@code Collections.unmodifiableList} and the like) cannot be
 * looked into without running users' code. A path that is returned exists, at least at the time of the search.
 *
 * <p><b>Cost.</b> About 10 ns for an object without references, such as a lambda that captures nothing; else about 40 ns for each edge
 * that is looked at, hence up to 20 us; and 1 us for the text of a path.
 */
public final class Reachability {
  /** The longest path looked for, in edges, unless said otherwise. */
  public static final int DEPTH = 8;

  /** How many edges are looked at, at most, unless said otherwise. */
  public static final int EDGES = 500;

  private static final Pattern HIDDEN_NAME = Pattern.compile("(\\$\\$Lambda)?(\\$\\d+)?/.*");

  private Reachability() {}

  /** An object that is not looked into, because it holds what it holds only for as long as something else lives. */
  public interface Opaque {}

  /** Looks for a path within the usual budget. */
  public static @Nullable String path(@Nullable Object from, Object target) {
    return path(from, target, DEPTH, EDGES);
  }

  /**
   * Returns a shortest strong path as text, such as {@code CartView$$Lambda.arg$1.items[3].owner}, or null if none was found. The path
   * from the target to itself is the name of its class.
   *
   * @param depth the longest path looked for, in edges; at least 1
   * @param edges how many edges are looked at, at most; at least 1. No more than a quarter of them is spent on one container
   */
  public static @Nullable String path(@Nullable Object from, Object target, int depth, int edges) {
    if (from == null) {
      return null;
    }
    return from == target ? nameOf(from.getClass()) : new Search(target, depth, edges).from(from);
  }

  /** Returns the name of the class without its package, and without the numbers that the JVM gives to lambdas. */
  private static String nameOf(Class<?> type) {
    if (type.isArray()) {
      return type.getSimpleName();
    }
    String name = HIDDEN_NAME.matcher(type.getName()).replaceFirst("$1");
    return name.substring(name.lastIndexOf('.') + 1);
  }

  /** An object that was reached, and how. */
  private static final class Step {
    final Object object;
    final @Nullable Step previous;
    final String label;
    final int index;
    final int depth;

    Step(Object object, @Nullable Step previous, String label, int index) {
      this.object = object;
      this.previous = previous;
      this.label = label;
      this.index = index;
      this.depth = previous == null ? 0 : previous.depth + 1;
    }

    @Override
    public String toString() {
      if (previous == null) {
        return nameOf(object.getClass());
      }
      String own = index < 0 ? label : label + "[" + index + "]";
      return previous + (own.startsWith("[") ? "" : ".") + own;
    }
  }

  /** One search: the queue of what is to be looked into, and the budget left. */
  private static final class Search implements Edges.Visitor {
    private final Object target;
    private final @Nullable ClassLoader targetLoader;
    private final int maximumDepth;
    private final int edgesOfOne;
    private int edgesLeft;
    private int edgesLeftOfOne;
    private @Nullable Step current;
    private @Nullable Step found;

    // Made when there is something to put in: most lambdas capture nothing, or what is looked for.
    private @Nullable ArrayDeque<Step> queue;
    private @Nullable Set<Object> seen;

    Search(Object target, int depth, int edges) {
      this.target = target;
      this.targetLoader = loaderMeantBy(target);
      this.maximumDepth = depth;
      this.edgesLeft = edges;
      this.edgesOfOne = Math.max(16, edges / 4);
    }

    @Nullable String from(Object start) {
      if (isOfTargetLoader(start)) {
        return nameOf(start.getClass()) + ".getClass()";
      }
      Step step = Edges.isLeaf(start) ? null : new Step(start, null, "", -1);
      while (step != null && edgesLeft > 0) {
        current = step;
        edgesLeftOfOne = edgesOfOne;
        Edges.visit(step.object, this);
        if (found != null) {
          return isOfTargetLoader(found.object) ? found + ".getClass()" : found.toString();
        }
        step = queue == null ? null : queue.poll();
      }
      return null;
    }

    @Override
    public boolean edge(@Nullable Object to, String label, int index) {
      if (found != null || to == null) {
        return found == null;
      }
      if (to == target || isOfTargetLoader(to)) {
        found = new Step(to, current, label, index);
        return false;
      }
      edgesLeft--;
      edgesLeftOfOne--;
      Step step = current;
      if (step != null && step.depth + 1 < maximumDepth && !Edges.isLeaf(to)) {
        enqueue(to, step, label, index);
      }
      return edgesLeft > 0 && (index < 0 || edgesLeftOfOne > 0);
    }

    private void enqueue(Object to, Step step, String label, int index) {
      if (queue == null || seen == null) {
        queue = new ArrayDeque<>();
        seen = Collections.newSetFromMap(new IdentityHashMap<>());
      }
      if (seen.add(to)) {
        queue.add(new Step(to, step, label, index));
      }
    }

    private static @Nullable ClassLoader loaderMeantBy(Object target) {
      return target instanceof ClassLoader loader ? loader : target instanceof Class<?> type ? type.getClassLoader() : null;
    }

    private boolean isOfTargetLoader(Object object) {
      if (targetLoader != null && object != target) {
        for (ClassLoader parent = object.getClass().getClassLoader(); parent != null; parent = parent.getParent()) {
          if (parent == targetLoader) {
            return true;
          }
        }
      }
      return false;
    }
  }
}
