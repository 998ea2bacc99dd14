package leaksafe.heap;

import java.util.List;

/**
 * A structural path that has more objects, or larger ones, in each dump than in the one before.
 *
 * @param path the fields and classes from a root on, for example {@code Cache.SESSIONS -> HashMap.table -> HashMap$Node[][*] -> HashMap$Node}
 * @param counts how many objects the path had in each dump
 * @param bytes what they and everything first reached through them took in each dump
 */
public record GrownPath(String path, List<Long> counts, List<Long> bytes) {
  /** Copies the lists. */
  public GrownPath {
    counts = List.copyOf(counts);
    bytes = List.copyOf(bytes);
  }

  /** Returns by how many objects the path grew from the first dump to the last. */
  public long grownBy() {
    return counts.get(counts.size() - 1) - counts.get(0);
  }

  /** Returns by how many bytes the path grew from the first dump to the last. */
  public long grownBytes() {
    return bytes.get(bytes.size() - 1) - bytes.get(0);
  }
}
