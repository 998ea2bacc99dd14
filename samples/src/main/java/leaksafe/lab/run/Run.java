package leaksafe.lab.run;

import java.util.List;
import java.util.OptionalLong;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How one child fared.
 *
 * @param samples the heap after its collections, in order
 * @param named what the growth monitor said that grows, in order; nothing where it did not run
 * @param baseBytes the heap before the work, 0 if it did not get so far
 * @param settled the heap after the work, or null if the child did not get so far
 * @param operations how many it did
 * @param millis how long it ran, start and end included
 * @param exitCode of the process
 * @param cause why it ended before its time, or null if it did not
 */
public record Run(List<HeapSample> samples, List<Named> named, long baseBytes, @Nullable HeapSample settled, long operations, long millis,
    int exitCode, @Nullable String cause) {
  /** The exit code of a JVM under {@code -XX:+ExitOnOutOfMemoryError}. */
  static final int OUT_OF_MEMORY = 3;

  /** Copies the lists. */
  public Run {
    samples = List.copyOf(samples);
    named = List.copyOf(named);
  }

  /** Returns whether it died of its memory. */
  public boolean outOfMemory() {
    return exitCode == OUT_OF_MEMORY;
  }

  /** Returns whether it did its work to the end and was measured. */
  public boolean ended() {
    return exitCode == 0 && settled != null;
  }

  /** Returns what the work left behind, in bytes of heap; empty if the child died. */
  public OptionalLong retainedBytes() {
    return settled == null ? OptionalLong.empty() : OptionalLong.of(settled.bytes() - baseBytes);
  }

  /** Returns the largest heap after a full collection, in bytes; the largest after any if there was no full one. */
  public long peakBytes() {
    long full = samples.stream().filter(sample -> sample.kind() == HeapSample.Kind.FULL).mapToLong(HeapSample::bytes).max().orElse(0);
    return full > 0 ? full : samples.stream().mapToLong(HeapSample::bytes).max().orElse(baseBytes);
  }

  /** Returns in words how it ended. */
  public String ending() {
    String work = String.format(Locale.ROOT, " after %,d operations and %.1f s", operations, millis / 1000.0);
    if (cause != null) {
      return cause + work;
    }
    return String.format(Locale.ROOT, "retained %.1f MB", retainedBytes().orElse(0) / 1_048_576.0) + work;
  }
}
