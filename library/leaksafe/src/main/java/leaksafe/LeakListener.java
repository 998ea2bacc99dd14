package leaksafe;

import leaksafe.internal.Reports;

/** Is told of what leaked. What it throws is logged with its cause. */
@FunctionalInterface
public interface LeakListener {

  /** Called once for each leak that was found, on a thread of the library's choosing, never under a lock. */
  void onLeak(Leak leak);

  /** Returns the listener that writes each leak to the {@link System.Logger} named {@code leaksafe}, at level {@code WARNING}. */
  static LeakListener logging() {
    return Reports::log;
  }
}
