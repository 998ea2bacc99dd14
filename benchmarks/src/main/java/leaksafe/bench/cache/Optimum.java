package leaksafe.bench.cache;

import java.util.Arrays;
import java.util.TreeSet;

/**
 * The hits that a cache could have had that knew the future: Belady's rule, which evicts what is needed last ("A study of replacement
 * algorithms for a virtual-storage computer", IBM Systems Journal 5(2), 1966).
 */
final class Optimum {

  private Optimum() {}

  static long hits(Trace trace, int maximum) {
    int[] ids = trace.ids();
    int[] nextUse = new int[ids.length];
    int[] last = new int[trace.distinct()];
    Arrays.fill(last, Integer.MAX_VALUE);
    for (int i = ids.length - 1; i >= 0; i--) {
      nextUse[i] = last[ids[i]];
      last[ids[i]] = i;
    }
    // The residents by the time of their next use; those that are never used again are never let in.
    TreeSet<Integer> uses = new TreeSet<>();
    boolean[] resident = new boolean[trace.distinct()];
    long hits = 0;
    for (int i = 0; i < ids.length; i++) {
      int id = ids[i];
      if (resident[id]) {
        hits++;
        uses.remove(i);
        resident[id] = false;
      }
      if (nextUse[i] == Integer.MAX_VALUE) {
        continue;
      }
      resident[id] = true;
      uses.add(nextUse[i]);
      if (uses.size() > maximum) {
        resident[ids[uses.pollLast()]] = false;
      }
    }
    return hits;
  }
}
