package leaksafe.testing;

import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.ObjectName;

/** What the current thread allocates. */
public final class Allocation {
  private static final int TIMES = 20_000;

  private Allocation() {}

  /** Returns how many bytes a run of the action allocates on this thread, on average over many, after as many to warm up. */
  public static double bytesOf(Runnable action) {
    repeat(action);
    allocated();
    long before = allocated();
    repeat(action);
    return (double) (allocated() - before) / TIMES;
  }

  private static void repeat(Runnable action) {
    for (int i = 0; i < TIMES; i++) {
      action.run();
    }
  }

  // By name, since the interface that has it is in a module that nothing else needs.
  private static long allocated() {
    try {
      return (Long) ManagementFactory.getPlatformMBeanServer().getAttribute(new ObjectName(ManagementFactory.THREAD_MXBEAN_NAME),
          "CurrentThreadAllocatedBytes");
    } catch (JMException e) {
      throw new AssertionError(e);
    }
  }
}
