package leaksafe.heap;

import java.io.IOException;

/** The shortest way to an answer. */
public final class Leaks {
  private Leaks() {}

  /**
   * Returns what keeps the object in memory: dumps this VM, finds the object in the dump, and deletes the dump. Takes seconds and stops
   * the VM while dumping: a tool for tests and for trouble.
   *
   * @throws IOException if the disk has no room for a dump, or the analysis fails
   */
  public static Report why(Object object) throws IOException, InterruptedException {
    return new HeapInspector().why(object);
  }
}
