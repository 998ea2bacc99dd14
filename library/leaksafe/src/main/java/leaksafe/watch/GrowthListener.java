package leaksafe.watch;

import java.lang.System.Logger.Level;

/** Is told of what grows. What it throws goes to the monitor's failure listener. */
@FunctionalInterface
public interface GrowthListener {

  /** Called once when a figure begins to grow steadily, and once when it has stopped, on a thread of the library's choosing, never under a lock. */
  void onGrowth(GrowthAlert alert);

  /**
   * Returns the listener that writes each alert to the {@link System.Logger} named {@code leaksafe}: at level {@code WARNING} what grows,
   * at {@code INFO} what has stopped.
   */
  static GrowthListener logging() {
    return alert -> System.getLogger("leaksafe").log(alert.ended() ? Level.INFO : Level.WARNING, alert.toString());
  }
}
