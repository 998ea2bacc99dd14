package leaksafe;

import leaksafe.internal.Reports;

/** Is told of what users' callbacks threw. What it throws itself is logged together with the failure that it was told of. */
@FunctionalInterface
public interface FailureListener {

  /** Called once for each failure, on the thread that called the failing callback, never under a lock. */
  void onFailure(Failure failure);

  /**
   * Returns the listener that writes each failure with its stack trace to the {@link System.Logger} named {@code leaksafe}, at level
   * {@code WARNING}. It is the default of every container.
   */
  static FailureListener logging() {
    return Reports::log;
  }
}
