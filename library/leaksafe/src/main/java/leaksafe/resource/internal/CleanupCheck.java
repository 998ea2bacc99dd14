package leaksafe.resource.internal;

import java.util.concurrent.atomic.AtomicInteger;
import leaksafe.internal.Reachability;

/**
 * Finds cleanup actions that would keep alive what they wait to see die. The walk costs up to microseconds, and whether an action
 * captures its object is nearly always a property of its class; so the first actions of each class are looked at and those whose
 * call site is sampled.
 */
final class CleanupCheck {
  private static final int FIRST = 16;

  // The value is of a class of the JDK: on a class that outlives the library's loader it keeps nothing of ours.
  private static final ClassValue<AtomicInteger> CHECKED = new ClassValue<>() {
    @Override
    protected AtomicInteger computeValue(Class<?> type) {
      return new AtomicInteger();
    }
  };

  private CleanupCheck() {}

  /**
   * Checks an action, if it is one of the first of its class or if told to.
   *
   * @throws IllegalArgumentException if the object is reachable from the action, with the path
   */
  static void refuseIfItReaches(String tracker, Runnable cleanup, Object object, boolean always) {
    if (!always) {
      AtomicInteger checked = CHECKED.get(cleanup.getClass());
      // Plain: a race checks one more or less.
      if (checked.getPlain() >= FIRST) {
        return;
      }
      checked.incrementAndGet();
    }
    String path = Reachability.path(cleanup, object);
    if (path != null) {
      throw new IllegalArgumentException(tracker + ": the cleanup action captures the " + object.getClass().getName()
          + " that it cleans up after (" + path + "), so it would never run; let it capture what it has to free instead, in a static"
          + " nested class or record");
    }
  }
}
