package leaksafe.census;

/**
 * Containers that have something in common, summed up.
 *
 * @param key what they have in common
 * @param containers how many they are; in a difference, by how many they became more
 * @param size how many entries they hold together; in a difference, by how many they grew
 */
public record CensusGroup(String key, long containers, long size) {

  /** Returns one line. */
  @Override
  public String toString() {
    return key + ": " + containers + (containers == 1 ? " container, " : " containers, ") + size + (size == 1 ? " entry" : " entries");
  }
}
