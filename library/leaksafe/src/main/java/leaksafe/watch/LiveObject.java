package leaksafe.watch;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * An object that was allocated while an {@link AllocationRecorder} ran and is still there, and what holds it. Text and numbers alone.
 *
 * @param className its class
 * @param age how long ago it was allocated
 * @param stack the lines that allocated it, innermost first
 * @param chain what holds it, from the object to the root: {@code Session <- HashMap$Node.value <- HashMap$Node[17] <- ...}; only the object
 *     itself if the JVM did not find the way in time
 * @param root what kind of root that is; empty if it is not known
 */
public record LiveObject(String className, Duration age, List<String> stack, String chain, String root) {

  /** Checks that nothing is null, and copies the stack. */
  public LiveObject {
    Objects.requireNonNull(className, "className");
    Objects.requireNonNull(age, "age");
    Objects.requireNonNull(chain, "chain");
    Objects.requireNonNull(root, "root");
    stack = List.copyOf(stack);
  }

  /** Returns the object as one line. */
  @Override
  public String toString() {
    return className + ", " + age.toMillis() + " ms old, allocated at " + (stack.isEmpty() ? "an unknown line" : stack.get(0)) + ", held by " + chain
        + (root.isEmpty() ? "" : " (" + root + ")");
  }
}
