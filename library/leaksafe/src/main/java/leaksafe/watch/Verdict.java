package leaksafe.watch;

/** What {@link GrowthMonitor} thinks of a figure, from the least to the most alarming. */
public enum Verdict {
  /** There are too few samples to tell. */
  GATHERING,

  /** It does not grow steadily. */
  QUIET,

  /** It grows steadily, but was not watched for a whole {@linkplain GrowthMonitorBuilder#cycle cycle}: it may come down by itself. */
  SUSPECTED,

  /** It grows steadily. */
  GROWING
}
