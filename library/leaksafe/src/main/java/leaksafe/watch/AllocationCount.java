package leaksafe.watch;

import java.util.Objects;

/**
 * What was allocated under one key: by one class, line or stack.
 *
 * @param key the class, the line, or the lines of the stack separated by {@code " < "}; {@value AllocationSnapshot#OTHER} for what there was no
 *     room for
 * @param samples how many objects were sampled
 * @param bytes about how many bytes were allocated
 */
public record AllocationCount(String key, long samples, long bytes) {

  /** Checks that the key is not null. */
  public AllocationCount {
    Objects.requireNonNull(key, "key");
  }

  /** Returns the count as one line. */
  @Override
  public String toString() {
    return key + ": about " + bytes + " bytes (" + samples + " samples)";
  }
}
