package leaksafe.heap.internal;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import leaksafe.heap.HeapDumpException;
import leaksafe.heap.Report;
import leaksafe.heap.ReferenceKind;

/**
 * Entries of weak maps that keep their own key: a weak reference object with fields of its own (an entry) whose referent is reachable
 * only through entries of that sort. Candidates are entries on the shortest path to their referent; a second search that goes through
 * none of the candidates tells which referents are held by something else too.
 */
final class EphemeronsQuestion {
  /** Farther up nobody looks, lest a long list of entries takes quadratic time. */
  private static final int LONGEST_PATH = 10_000;

  private final HeapGraph graph;
  private final PathWalk walk;

  EphemeronsQuestion(HeapGraph graph, PathWalk walk) {
    this.graph = graph;
    this.walk = walk;
  }

  List<Report.Section> sections(int top) throws HeapDumpException {
    Analysis.checkPositive(graph);
    BitSet candidates = new BitSet();
    for (int object = 1; object > 0 && object <= graph.count; object++) {
      if (isEntry(object) && leadsToItsKey(object)) {
        candidates.set(object);
      }
    }
    Map<String, long[]> byPath = new HashMap<>();
    if (!candidates.isEmpty()) {
      PathWalk without = new PathWalk(graph, false, candidates);
      for (int entry = candidates.nextSetBit(0); entry >= 0; entry = candidates.nextSetBit(entry + 1)) {
        if (!without.isReachable(graph.referent(entry))) {
          String text = walk.tree.text(walk.nodes.get(entry)) + " keeps its key " + graph.typeOf(graph.referent(entry)).name;
          byPath.computeIfAbsent(text, t -> new long[1])[0]++;
        }
      }
      without.nodes.release(graph.file.budget);
    }
    List<List<Object>> rows = new ArrayList<>();
    byPath.entrySet().stream().sorted(Comparator.comparingLong((Map.Entry<String, long[]> e) -> e.getValue()[0]).reversed()).limit(top)
        .forEach(e -> rows.add(List.of(e.getValue()[0], e.getKey())));
    return List.of(new Report.Table("Weak entries whose value keeps their key",
        List.of(new Report.Column("entries", Report.Unit.COUNT), new Report.Column("path", Report.Unit.TEXT)), rows));
  }

  private boolean isEntry(int object) {
    if (graph.isClass(object)) {
      return false;
    }
    ClassInfo info = graph.typeOf(object);
    // The referent, the queue and the link of the queue are those of every reference; an entry has a value beside them.
    return info.referenceKind == ReferenceKind.WEAK && info.referenceOffsets.length > 3 && walk.isReachable(object)
        && graph.referent(object) != 0 && walk.isReachable(graph.referent(object));
  }

  private boolean leadsToItsKey(int entry) {
    int at = walk.parent(graph.referent(entry));
    for (int steps = 0; at != 0 && steps < LONGEST_PATH; steps++) {
      if (at == entry) {
        return true;
      }
      at = walk.parent(at);
    }
    return false;
  }
}
