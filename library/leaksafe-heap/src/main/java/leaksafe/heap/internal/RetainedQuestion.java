package leaksafe.heap.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.IntFunction;
import java.util.function.IntUnaryOperator;
import leaksafe.heap.HeapDumpException;
import leaksafe.heap.Report;

/** What holds most, by exact retained size: objects, classes, paths, loaders, and the tree of dominators. */
final class RetainedQuestion {
  private static final double SMALLEST_SHARE = 0.002;
  private static final int MOST_NODES = 3000;
  private static final int DEEPEST = 40;

  private final HeapGraph graph;
  private final PathWalk walk;
  private final Dominators dominators;
  private final IntTable firstChild;
  private final IntTable nextSibling;
  private int nodesLeft = MOST_NODES;

  RetainedQuestion(HeapGraph graph, PathWalk walk, Dominators dominators) throws HeapDumpException {
    this.graph = graph;
    this.walk = walk;
    this.dominators = dominators;
    firstChild = new IntTable(dominators.count() + 1, graph.file.budget, "the dominator tree");
    nextSibling = new IntTable(dominators.count() + 1, graph.file.budget, "the dominator tree");
    for (long v = dominators.count(); v >= 1; v--) {
      int vertex = (int) v;
      int above = dominators.dominator(vertex);
      nextSibling.set(vertex, firstChild.get(above));
      firstChild.set(above, vertex);
    }
  }

  List<Report.Section> sections(int top) {
    Report.Column retained = new Report.Column("retained", Report.Unit.BYTES);
    Report.Column count = new Report.Column("objects", Report.Unit.COUNT);
    int[] loaders = loaderOf();
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
            groups(o -> graph.isClass(o) ? -1 : graph.typeOf(o).canonical, graph.classes.size(), top, g -> graph.type(g).stableName)),
        new Report.Table("By path", List.of(retained, count, new Report.Column("path", Report.Unit.TEXT)),
            groups(walk.nodes::get, walk.tree.size(), top, walk.tree::text)),
        new Report.Table("By class loader", List.of(retained, count, new Report.Column("loader", Report.Unit.TEXT)),
            groups(o -> loaders[graph.typeOf(o).index], graph.classes.size() + 1, top, g -> loaderNames.getOrDefault(g, "?"))));
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
    for (int v = firstChild.get(0); v != 0; v = nextSibling.get(v)) {
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
      rows.add(List.of(dominators.retained(v), graph.describe(object), walk.tree.text(walk.nodes.get(object))));
    }
    return rows;
  }

  /** Sums retained sizes by group; an object below another of its group is counted there already. */
  private List<List<Object>> groups(IntUnaryOperator group, int groups, int top, IntFunction<String> name) {
    long[] bytes = new long[groups];
    long[] counts = new long[groups];
    int[] open = new int[groups];
    int v = firstChild.get(0);
    // Depth first without a stack: down to the first child, right to the next sibling, up by the dominator.
    while (v != 0) {
      int g = group.applyAsInt(dominators.object(v));
      if (g >= 0) {
        counts[g]++;
        if (open[g]++ == 0) {
          bytes[g] += dominators.retained(v);
        }
      }
      int next = firstChild.get(v);
      while (next == 0 && v != 0) {
        int left = group.applyAsInt(dominators.object(v));
        if (left >= 0) {
          open[left]--;
        }
        next = nextSibling.get(v);
        v = dominators.dominator(v);
      }
      v = next;
    }
    Integer[] order = new Integer[groups];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, (a, b) -> Long.compare(bytes[b], bytes[a]));
    List<List<Object>> rows = new ArrayList<>();
    for (int i = 0; i < Math.min(top, groups) && bytes[order[i]] > 0; i++) {
      rows.add(List.of(bytes[order[i]], counts[order[i]], name.apply(order[i])));
    }
    return rows;
  }

  private List<Report.Node> tree() {
    nodesLeft = MOST_NODES;
    return below(0, 0, (long) (dominators.retained(0) * SMALLEST_SHARE));
  }

  /** The large children one by one, the small ones of a class together. */
  private List<Report.Node> below(int vertex, int depth, long smallest) {
    List<Integer> large = new ArrayList<>();
    Map<Integer, long[]> small = new HashMap<>();
    for (int v = firstChild.get(vertex); v != 0; v = nextSibling.get(v)) {
      if (dominators.retained(v) > smallest && large.size() < nodesLeft) {
        large.add(v);
      } else {
        long[] sum = small.computeIfAbsent(graph.typeOf(dominators.object(v)).canonical, c -> new long[2]);
        sum[0]++;
        sum[1] += dominators.retained(v);
      }
    }
    nodesLeft -= large.size();
    large.sort(Comparator.<Integer>comparingLong(dominators::retained).reversed());
    List<Report.Node> nodes = new ArrayList<>();
    for (int v : large) {
      List<Report.Node> children = depth < DEEPEST ? below(v, depth + 1, smallest) : List.of();
      nodes.add(new Report.Node(graph.describe(dominators.object(v)), 0, dominators.retained(v), children));
    }
    small.forEach((canonical, sum) -> {
      if (sum[1] > smallest) {
        nodes.add(new Report.Node(graph.type(canonical).stableName, sum[0], sum[1], List.of()));
      }
    });
    nodes.sort(Comparator.comparingLong(Report.Node::bytes).reversed());
    return nodes;
  }
}
