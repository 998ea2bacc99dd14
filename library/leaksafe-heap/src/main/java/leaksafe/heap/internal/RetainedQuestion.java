package leaksafe.heap.internal;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import leaksafe.heap.HeapDumpException;
import leaksafe.heap.Report;

/** What holds most, by exact retained size: objects, classes, paths, loaders, and the tree of dominators. */
final class RetainedQuestion {
  private static final double SMALLEST_SHARE = 0.002;
  private static final int MOST_NODES = 3000;
  private static final int DEEPEST = 40;
  private static final int SHORTEST_CHAIN = 4;

  private final HeapGraph graph;
  private final PathWalk walk;
  private final Dominators dominators;
  /** Of each class, what is below one vertex and too small for a node of its own; zero in between. */
  private final long[] smallCounts;
  private final long[] smallBytes;
  private int nodesLeft = MOST_NODES;

  RetainedQuestion(HeapGraph graph, PathWalk walk, Dominators dominators) {
    this.graph = graph;
    this.walk = walk;
    this.dominators = dominators;
    smallCounts = new long[graph.classes.size()];
    smallBytes = new long[graph.classes.size()];
  }

  List<Report.Section> sections(int top) throws HeapDumpException {
    Report.Column retained = new Report.Column("retained", Report.Unit.BYTES);
    Report.Column count = new Report.Column("objects", Report.Unit.COUNT);
    int[] loaders = loaderOf();
    RetainedGroups groups = new RetainedGroups(graph, walk, dominators, loaders);
    Map<Integer, String> loaderNames = new HashMap<>();
    for (int i = 1; i < graph.classes.size(); i++) {
      ClassInfo info = graph.classes.at(i);
      loaderNames.putIfAbsent(loaders[i], info.loaderId == 0 ? "boot loader" : loaderName(info));
    }
    return List.of(
        new Report.Tree("Dominator tree", tree(), true),
        new Report.Table("Objects that hold most", List.of(retained, new Report.Column("object", Report.Unit.TEXT),
            new Report.Column("path", Report.Unit.TEXT)), objects(top)),
        new Report.Table("By class", List.of(retained, count, new Report.Column("class", Report.Unit.TEXT)),
            groups.byClass.rows(top, g -> graph.type(g).stableName)),
        new Report.Table("By path", List.of(retained, count, new Report.Column("path", Report.Unit.TEXT)),
            groups.byPath.rows(top, walk.tree::text)),
        new Report.Table("By class loader", List.of(retained, count, new Report.Column("loader", Report.Unit.TEXT)),
            groups.byLoader.rows(top, g -> loaderNames.getOrDefault(g, "?"))));
  }

  private String loaderName(ClassInfo info) {
    int loader = graph.index.ordinal(info.loaderId);
    return loader == 0 ? "loader 0x" + Long.toHexString(info.loaderId) : graph.describe(loader);
  }

  /** Returns for each class the number of its loader. */
  private int[] loaderOf() {
    int[] loaders = new int[graph.classes.size()];
    IdMap numbers = new IdMap();
    for (int i = 0; i < loaders.length; i++) {
      long id = graph.classes.at(i).loaderId;
      numbers.putIfAbsent(id, numbers.size());
      loaders[i] = numbers.get(id);
    }
    return loaders;
  }

  private List<List<Object>> objects(int top) {
    PriorityQueue<Integer> best = new PriorityQueue<>(Comparator.comparingLong(dominators::retained));
    for (int v = dominators.firstChild(0); v != 0; v = dominators.nextSibling(v)) {
      best.add(v);
      if (best.size() > top) {
        best.poll();
      }
    }
    List<Integer> sorted = new ArrayList<>(best);
    sorted.sort(Comparator.<Integer>comparingLong(dominators::retained).reversed());
    List<List<Object>> rows = new ArrayList<>();
    for (int v : sorted) {
      int object = dominators.object(v);
      rows.add(List.of(dominators.retained(v), graph.describe(object), walk.tree.text(walk.node(object))));
    }
    return rows;
  }

  private List<Report.Node> tree() {
    nodesLeft = MOST_NODES;
    return below(0, 1, 0, (long) (dominators.retained(0) * SMALLEST_SHARE));
  }

  /** The large children of so many links of a chain one by one, the small ones of a class together. */
  private List<Report.Node> below(int first, long links, int depth, long smallest) {
    List<Integer> large = new ArrayList<>();
    List<Integer> small = new ArrayList<>();
    int at = first;
    for (long left = links; left > 0; left--) {
      int next = left > 1 ? nextLink(at) : 0;
      for (int v = dominators.firstChild(at); v != 0; v = dominators.nextSibling(v)) {
        if (v != next && dominators.retained(v) > smallest && large.size() < nodesLeft) {
          large.add(v);
        } else if (v != next) {
          int canonical = graph.typeOf(dominators.object(v)).canonical;
          if (smallCounts[canonical]++ == 0) {
            small.add(canonical);
          }
          smallBytes[canonical] += dominators.retained(v);
        }
      }
      at = next;
    }
    nodesLeft -= large.size();
    large.sort(Comparator.<Integer>comparingLong(dominators::retained).reversed());
    List<Report.Node> nodes = new ArrayList<>();
    for (int canonical : small) {
      if (smallBytes[canonical] > smallest) {
        nodes.add(new Report.Node(graph.type(canonical).stableName, smallCounts[canonical], smallBytes[canonical], List.of()));
      }
      smallCounts[canonical] = 0;
      smallBytes[canonical] = 0;
    }
    for (int v : large) {
      long chain = chain(v);
      List<Report.Node> children = depth < DEEPEST ? below(v, chain, depth + 1, smallest) : List.of();
      String label = graph.describe(dominators.object(v));
      nodes.add(new Report.Node(chain > 1 ? label + " and the chain behind it" : label, chain > 1 ? chain : 0, dominators.retained(v), children));
    }
    nodes.sort(Comparator.comparingLong(Report.Node::bytes).reversed());
    return nodes;
  }

  /** Returns how many vertices are one node of the tree: of a linked list all, which one by one would be nothing but indentation. */
  private long chain(int first) {
    long links = 1;
    for (int v = nextLink(first); v != 0; v = nextLink(v)) {
      links++;
    }
    return links < SHORTEST_CHAIN ? 1 : links;
  }

  /** Returns the only child that is of the vertex's class, or 0. */
  private int nextLink(int vertex) {
    int object = dominators.object(vertex);
    int next = 0;
    for (int v = dominators.firstChild(vertex); v != 0; v = dominators.nextSibling(v)) {
      int below = dominators.object(v);
      if (!graph.isClass(object) && !graph.isClass(below) && graph.typeOf(below).canonical == graph.typeOf(object).canonical) {
        if (next != 0) {
          return 0;
        }
        next = v;
      }
    }
    return next;
  }
}
