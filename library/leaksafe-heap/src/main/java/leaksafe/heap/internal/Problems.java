package leaksafe.heap.internal;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What was wrong with a dump, for its report: the first few in words, the rest counted. Thread-safe. */
final class Problems {
  private static final int SHOWN = 20;

  private final Set<String> shown = new LinkedHashSet<>();
  private long more;

  void add(String problem, long offset) {
    add(problem + " (at byte " + offset + ")");
  }

  synchronized void add(String text) {
    if (shown.contains(text)) {
      return; // A later pass met the same damage.
    }
    if (shown.size() < SHOWN) {
      shown.add(text);
    } else {
      more++;
    }
  }

  synchronized List<String> list() {
    List<String> all = new ArrayList<>(shown);
    if (more > 0) {
      all.add("and " + more + " more problems");
    }
    return all;
  }
}
