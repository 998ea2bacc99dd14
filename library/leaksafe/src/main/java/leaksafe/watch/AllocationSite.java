package leaksafe.watch;

import java.util.List;
import java.util.Objects;

/**
 * What was allocated of one class by one stack, as sampled.
 *
 * @param className the class of the objects
 * @param stack the lines, innermost first, as in a stack trace: {@code com.acme.OrderDao.find(OrderDao.java:31)}; empty for the objects of all
 *     stacks for which there was no room
 * @param samples how many objects were sampled
 * @param bytes about how many bytes were allocated: each sample stands for those since the one before on its thread
 */
public record AllocationSite(String className, List<String> stack, long samples, long bytes) {

  /** Checks that nothing is null, and copies the stack. */
  public AllocationSite {
    Objects.requireNonNull(className, "className");
    stack = List.copyOf(stack);
  }

  /** Returns the innermost line that is not of the JDK, or the innermost if all are, or {@value AllocationSnapshot#OTHER} if there is none. */
  public String line() {
    return stack.stream().filter(line -> !line.matches("(java|javax|jdk|sun|com\\.sun)\\..*")).findFirst()
        .orElse(stack.isEmpty() ? AllocationSnapshot.OTHER : stack.get(0));
  }
}
