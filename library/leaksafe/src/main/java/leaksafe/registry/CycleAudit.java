package leaksafe.registry;

import java.io.IOException;
import java.util.BitSet;

/** Finds out, by looking at the whole heap, which entries of a weak registry keep their own key. */
@FunctionalInterface
public interface CycleAudit {
  /**
   * Returns the places of those entries whose referents can be reached through them, and entries like them, alone.
   *
   * @param entries weak references with their value in a field
   * @throws IOException if the heap cannot be dumped or analysed
   */
  BitSet selfKeeping(Object[] entries) throws IOException, InterruptedException;
}
