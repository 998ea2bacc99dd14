package leaksafe.internal;

import java.lang.System.Logger.Level;
import leaksafe.Failure;
import leaksafe.FailureListener;
import leaksafe.Leak;
import leaksafe.LeakListener;

/** Tells listeners, and the logger where there is none or where the listener itself fails. */
public final class Reports {

  private Reports() {}

  /** Tells the listener of a failure; if it throws, both are logged. */
  public static void tell(FailureListener listener, Failure failure) {
    try {
      listener.onFailure(failure);
    } catch (Throwable e) {
      if (e != failure.cause()) { // a listener may throw what it was told of, and nothing can suppress itself
        e.addSuppressed(failure.cause());
      }
      log(failure + "; and the failure listener failed", e);
    }
  }

  /** Tells the listener of a leak; if it throws, both are logged. */
  public static void tell(LeakListener listener, Leak leak) {
    RecentLeaks.add(leak);
    FlightEvents.leak(leak);
    try {
      listener.onLeak(leak);
    } catch (Throwable e) {
      log(leak + "; and the leak listener failed", e);
    }
  }

  /** Logs a failure. */
  public static void log(Failure failure) {
    log(failure.toString(), failure.cause());
  }

  /** Logs a leak. */
  public static void log(Leak leak) {
    logger().log(Level.WARNING, leak.toString());
  }

  /** Logs a message with its cause. */
  public static void log(String message, Throwable cause) {
    logger().log(Level.WARNING, message, cause);
  }

  // Looked up each time: a logger in a static field would keep the logging system of the first caller's class loader alive.
  private static System.Logger logger() {
    return System.getLogger("leaksafe");
  }
}
