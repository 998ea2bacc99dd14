package leaksafe.internal;

import java.lang.System.Logger.Level;
import java.util.function.Supplier;
import leaksafe.Failure;
import leaksafe.FailureListener;
import leaksafe.Leak;
import leaksafe.LeakListener;
import org.jspecify.annotations.Nullable;

/**
 * Tells listeners, and the logger where there is none or where the listener itself fails. Throws nothing: whoever reports a failure is putting
 * something in order.
 */
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
      log(() -> failure + "; and the failure listener failed", e);
    }
  }

  /** Tells the listener of a leak; if it throws, both are logged. */
  public static void tell(LeakListener listener, Leak leak) {
    RecentLeaks.add(leak);
    FlightEvents.leak(leak);
    try {
      listener.onLeak(leak);
    } catch (Throwable e) {
      log(() -> leak + "; and the leak listener failed", e);
    }
  }

  /** Returns what was thrown as its {@code toString} says it, or, if that fails, what is known without it. */
  public static String line(Throwable thrown) {
    try {
      return thrown.toString();
    } catch (Throwable e) {
      return thrown.getClass().getName() + " (whose text cannot be had: a " + e.getClass().getName() + " was thrown)";
    }
  }

  /** Logs a failure. */
  public static void log(Failure failure) {
    log(failure::toString, failure.cause());
  }

  /** Logs a leak. */
  public static void log(Leak leak) {
    log(leak::toString, null);
  }

  /** Logs a message with its cause. */
  public static void log(String message, Throwable cause) {
    log(() -> message, cause);
  }

  private static void log(Supplier<String> message, @Nullable Throwable cause) {
    try {
      logger().log(Level.WARNING, message, cause);
    } catch (Throwable e) { // of the logging system's
      System.err.println("leaksafe: a warning could not be logged for " + e.getClass().getName() + ": " + message.get());
    }
  }

  // Looked up each time: a logger in a static field would keep the logging system of the first caller's class loader alive.
  private static System.Logger logger() {
    return System.getLogger("leaksafe");
  }
}
