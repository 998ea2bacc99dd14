package leaksafe.heap.internal;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import leaksafe.heap.HeapDumpException;
import leaksafe.heap.Report;

/** Entries of weak maps that keep their own key, by the map that they are in. */
final class EphemeronsQuestion {
  private final HeapGraph graph;
  private final PathWalk walk;

  EphemeronsQuestion(HeapGraph graph, PathWalk walk) {
    this.graph = graph;
    this.walk = walk;
  }

  List<Report.Section> sections(int top) throws HeapDumpException {
    EphemeronWalk ephemerons = new EphemeronWalk(graph, walk.seeds(), new BitSet());
    Map<String, long[]> byPath = new HashMap<>();
    for (int entry : ephemerons.keepers()) {
      if (walk.isReachable(entry) && walk.isReachable(graph.referent(entry))) {
        String text = walk.tree.text(walk.node(entry)) + " keeps its key " + graph.typeOf(graph.referent(entry)).name;
        byPath.computeIfAbsent(text, t -> new long[1])[0]++;
      }
    }
    ephemerons.release();
    List<List<Object>> rows = new ArrayList<>();
    byPath.entrySet().stream()
        .sorted(Comparator.comparingLong((Map.Entry<String, long[]> e) -> e.getValue()[0]).reversed().thenComparing(Map.Entry::getKey)).limit(top)
        .forEach(e -> rows.add(List.of(e.getValue()[0], e.getKey())));
    return List.of(new Report.Table("Weak entries whose value keeps their key",
        List.of(new Report.Column("entries", Report.Unit.COUNT), new Report.Column("path", Report.Unit.TEXT)), rows));
  }
}
