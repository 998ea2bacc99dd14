package leaksafe.cache;

/**
 * What {@link MemoryPressure} did to a maximum so far.
 *
 * @param configured the maximum that the user set last
 * @param maximum the maximum now
 * @param shrinkCount how often it was lowered
 * @param growthCount how often it was raised again
 */
public record PressureStats(long configured, long maximum, long shrinkCount, long growthCount) {}
