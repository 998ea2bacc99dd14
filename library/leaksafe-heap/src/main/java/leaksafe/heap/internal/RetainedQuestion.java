package leaksafe.heap.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.IntFunction;
import leaksafe.heap.HeapDumpException;
import leaksafe.heap.Report;

/** What holds most, by exact retained size: objects, classes, paths, loaders, and the tree of dominators. */
final class RetainedQuestion {
  private static final double SMALLEST_SHARE = 0.002;
  private static final int MOST_NODES = 3000;
  private static final int DEEPEST = 40;
  private static final int SHORTEST_CHAIN = 4;
  private static final int FIRST_SHIFT = 32;

  private final HeapGraph graph;
  private final PathWalk walk;
  private final Dominators dominators;
  /** Of each vertex the first below it, and below {@link #FIRST_SHIFT} the next beside it. */
  private final LongTable links;
  private int nodesLeft = MOST_NODES;

  RetainedQuestion(HeapGraph graph, PathWalk walk, Dominators dominators) throws HeapDumpException {
    this.graph = graph;
    this.walk = walk;
    this.dominators = dominators;
    links = new LongTable(dominators.count() + 1, graph.file.budget, "the dominator tree");
    for (long v = dominators.count(); v >= 1; v--) {
      int vertex = (int) v;
      int above = dominators.dominator(vertex);
      links.add(vertex, firstChild(above) & 0xFFFF_FFFFL);
      links.set(above, v << FIRST_SHIFT);
    }
  }

  private int firstChild(int vertex) {
    return (int) (links.get(vertex) >>> FIRST_SHIFT);
  }

  private int nextSibling(int vertex) {
    return (int) links.get(vertex);
  }

  List<Report.Section> sections(int top) {
    Report.Column retained = new Report.Column("retained", Report.Unit.BYTES);
    Report.Column count = new Report.Column("objects", Report.Unit.COUNT);
    int[] loaders = loaderOf();
    Groups byClass = new Groups(graph.classes.size());
    Groups byPath = new Groups(walk.tree.size());
    Groups byLoader = new Groups(graph.classes.size() + 1);
    sum(byClass, byPath, byLoader, loaders);
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
            byClass.rows(top, g -> graph.type(g).stableName)),
        new Report.Table("By path", List.of(retained, count, new Report.Column("path", Report.Unit.TEXT)),
            byPath.rows(top, walk.tree::text)),
        new Report.Table("By class loader", List.of(retained, count, new Report.Column("loader", Report.Unit.TEXT)),
            byLoader.rows(top, g -> loaderNames.getOrDefault(g, "?"))));
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
    for (int v = firstChild(0); v != 0; v = nextSibling(v)) {
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

  /** Sums of retained sizes by group; an object below another of its group is counted there already. */
  private static final class Groups {
    private final long[] bytes;
    private final long[] counts;
    /** How many objects of each group are above the one that is looked at. */
    private final int[] open;

    Groups(int groups) {
      bytes = new long[groups];
      counts = new long[groups];
      open = new int[groups];
    }

    void add(int group, long retained) {
      counts[group]++;
      if (open[group] == 0) {
        bytes[group] += retained;
      }
    }

    List<List<Object>> rows(int top, IntFunction<String> name) {
      Integer[] order = new Integer[bytes.length];
      Arrays.setAll(order, i -> i);
      Arrays.sort(order, (a, b) -> Long.compare(bytes[b], bytes[a]));
      List<List<Object>> rows = new ArrayList<>();
      for (int i = 0; i < Math.min(top, order.length) && bytes[order[i]] > 0; i++) {
        rows.add(List.of(bytes[order[i]], counts[order[i]], name.apply(order[i])));
      }
      return rows;
    }
  }

  /** Depth first without a stack: down to the first child, right to the next sibling, up by the dominator. */
  private void sum(Groups byClass, Groups byPath, Groups byLoader, int[] loaders) {
    int v = firstChild(0);
    while (v != 0) {
      int object = dominators.object(v);
      int index = graph.classOf(object);
      int path = walk.node(object);
      int loader = loaders[index < 0 ? ~index : index];
      int canonical = index < 0 ? 0 : graph.type(index).canonical;
      long retained = dominators.retained(v);
      byPath.add(path, retained);
      byLoader.add(loader, retained);
      if (index >= 0) {
        byClass.add(canonical, retained);
      }
      int next = firstChild(v);
      if (next != 0) {
        byPath.open[path]++;
        byLoader.open[loader]++;
        byClass.open[canonical] += index < 0 ? 0 : 1;
      } else {
        next = nextSibling(v);
        v = dominators.dominator(v);
        while (next == 0 && v != 0) {
          leave(v, byClass, byPath, byLoader, loaders);
          next = nextSibling(v);
          v = dominators.dominator(v);
        }
      }
      v = next;
    }
  }

  private void leave(int vertex, Groups byClass, Groups byPath, Groups byLoader, int[] loaders) {
    int object = dominators.object(vertex);
    int index = graph.classOf(object);
    byPath.open[walk.node(object)]--;
    byLoader.open[loaders[index < 0 ? ~index : index]]--;
    if (index >= 0) {
      byClass.open[graph.type(index).canonical]--;
    }
  }

  private List<Report.Node> tree() {
    nodesLeft = MOST_NODES;
    return below(0, 1, 0, (long) (dominators.retained(0) * SMALLEST_SHARE));
  }

  /** The large children of so many links of a chain one by one, the small ones of a class together. */
  private List<Report.Node> below(int first, int links, int depth, long smallest) {
    List<Integer> large = new ArrayList<>();
    Map<Integer, long[]> small = new HashMap<>();
    int at = first;
    for (int left = links; left > 0; left--) {
      int next = left > 1 ? nextLink(at) : 0;
      for (int v = firstChild(at); v != 0; v = nextSibling(v)) {
        if (v != next && dominators.retained(v) > smallest && large.size() < nodesLeft) {
          large.add(v);
        } else if (v != next) {
          long[] sum = small.computeIfAbsent(graph.typeOf(dominators.object(v)).canonical, c -> new long[2]);
          sum[0]++;
          sum[1] += dominators.retained(v);
        }
      }
      at = next;
    }
    nodesLeft -= large.size();
    large.sort(Comparator.<Integer>comparingLong(dominators::retained).reversed());
    List<Report.Node> nodes = new ArrayList<>();
    for (int v : large) {
      int chain = chain(v);
      List<Report.Node> children = depth < DEEPEST ? below(v, chain, depth + 1, smallest) : List.of();
      String label = graph.describe(dominators.object(v));
      nodes.add(new Report.Node(chain > 1 ? label + " and the chain behind it" : label, chain > 1 ? chain : 0, dominators.retained(v), children));
    }
    small.forEach((canonical, sum) -> {
      if (sum[1] > smallest) {
        nodes.add(new Report.Node(graph.type(canonical).stableName, sum[0], sum[1], List.of()));
      }
    });
    nodes.sort(Comparator.comparingLong(Report.Node::bytes).reversed());
    return nodes;
  }

  /** Returns how many vertices are one node of the tree: of a linked list all, which one by one would be nothing but indentation. */
  private int chain(int first) {
    int links = 1;
    for (int v = nextLink(first); v != 0; v = nextLink(v)) {
      links++;
    }
    return links < SHORTEST_CHAIN ? 1 : links;
  }

  /** Returns the only child that is of the vertex's class, or 0. */
  private int nextLink(int vertex) {
    int object = dominators.object(vertex);
    int next = 0;
    for (int v = firstChild(vertex); v != 0; v = nextSibling(v)) {
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
