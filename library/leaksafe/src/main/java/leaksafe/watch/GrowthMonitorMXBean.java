package leaksafe.watch;

/** A {@link GrowthMonitor} as JMX sees it. Emits notifications of the types {@code leaksafe.growth} and {@code leaksafe.growth.ended}. */
public interface GrowthMonitorMXBean {

  /** Returns the name of the monitor. */
  String getName();

  /** Returns a line for each figure, the most alarming first. */
  String[] getReport();

  /** Returns a line for each figure that grows, the fastest first. */
  String[] getGrowing();

  /** Takes a sample now. */
  void sample();
}
