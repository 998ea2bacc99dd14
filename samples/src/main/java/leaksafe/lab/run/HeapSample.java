package leaksafe.lab.run;

/**
 * The heap right after a collection.
 *
 * @param millis since the work began
 * @param bytes in use in all pools of the heap when the collection ended
 * @param operations done until then
 * @param kind what the figure means
 */
public record HeapSample(long millis, long bytes, long operations, Kind kind) {

  /** What a collection looked at. */
  public enum Kind {
    /** Only young objects: garbage in the old generation is still counted. */
    YOUNG,
    /** Everything: what is left is reachable. */
    FULL
  }
}
