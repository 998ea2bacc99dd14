package leaksafe.heap.internal;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import leaksafe.heap.HeapDumpException;
import org.jspecify.annotations.Nullable;

/**
 * Breadth-first search from the roots, level by level: assigns each reachable object to a node of the path tree, and remembers whence it was
 * reached.
 *
 * <p>The classes of the built-in loaders come first, then threads, JNI globals, stack frames and the rest, so that among paths of equal
 * length the one that says who owns an object wins; among those of one root the one that {@link PathTree#isBefore} says, in whichever order a
 * level is visited. What is on stacks, and only as long as calls last, comes after all that the others reach. Classes of other loaders are no
 * roots: they live as long as their loader, which is how class-loader leaks show.
 */
final class PathWalk {
  private static final int BATCH = 64;

  private final HeapGraph graph;
  private final Labels labels;
  final PathTree tree;
  /** Of each object its node, 0 if it has not been reached; while it has not been visited the complement of the step by which it was. */
  private final IntTable nodes;
  /** Of each object the one from which it was reached first, null if nobody asks. */
  private final @Nullable IntTable parents;
  private final BitSet blocked;
  /** The roots and their labels. */
  private final Map<Integer, Integer> rootLabels = new LinkedHashMap<>();
  private long reached;
  private long reachedBytes;

  /**
   * Walks the graph and remembers the node and the parent of each object.
   *
   * @param blocked objects (as positive ints) that are counted but not walked through
   */
  PathWalk(HeapGraph graph, BitSet blocked) throws HeapDumpException {
    this(graph, blocked, table(graph));
  }

  private PathWalk(HeapGraph graph, BitSet blocked, @Nullable IntTable parents) throws HeapDumpException {
    this.graph = graph;
    this.blocked = blocked;
    this.parents = parents;
    nodes = table(graph);
    labels = graph.classes.labels;
    tree = new PathTree(graph);
    List<Seed> all = seedsOf(graph);
    all.forEach(seed -> rootLabels.putIfAbsent(seed.object, seed.label));
    Ticks ticks = new Ticks(graph.file.options().progress(), "paths", graph.count);
    Front front = new Front(graph, tree);
    walkFrom(all, false, front, ticks);
    walkFrom(all, true, front, ticks);
    front.frontier.release(graph.file.budget);
    ticks.end();
    tree.freeze();
  }

  /** Walks the graph for the tree and the nodes of objects, in 4 bytes an object less; parents are not kept. */
  static PathWalk nodesOf(HeapGraph graph) throws HeapDumpException {
    return new PathWalk(graph, new BitSet(), null);
  }

  private static IntTable table(HeapGraph graph) throws HeapDumpException {
    return new IntTable(graph.count + 1, graph.file.budget, "the paths of objects");
  }

  /** Where a search begins, under which label, and whether only for the time of a call. */
  record Seed(int object, int label, boolean passing) {}

  private void walkFrom(List<Seed> all, boolean passing, Front front, Ticks ticks) throws HeapDumpException {
    for (Seed seed : all) {
      if (seed.passing == passing && front.frontier.meet(seed.object) == Frontier.FIRST) {
        note(seed.object, 0, front.steps.of(0, seed.label));
      }
    }
    while (front.frontier.next()) {
      for (int count = front.frontier.poll(front.batch); count > 0; count = front.frontier.poll(front.batch)) {
        visit(front, count);
        ticks.at(reached);
      }
    }
  }

  /** Returns where searches of the graph begin, in order; an object may come twice. */
  static List<Seed> seedsOf(HeapGraph graph) {
    List<Seed> all = new ArrayList<>();
    Labels labels = graph.classes.labels;
    int classRoot = labels.of(Step.CLASS_ROOT);
    for (int i = 1; i < graph.classes.size(); i++) {
      ClassInfo info = graph.classes.at(i);
      if (info.ordinal != 0 && isBuiltIn(graph, info.loaderId)) {
        all.add(new Seed(info.ordinal, classRoot, false));
      }
    }
    for (int kind : Roots.ORDER) {
      int label = labels.of("<" + Roots.name(kind) + ">");
      for (int i = 0; i < graph.roots.size(); i++) {
        int object = graph.roots.kind(i) == kind ? graph.index.ordinal(graph.roots.id(i)) : 0;
        if (object != 0) {
          all.add(new Seed(object, label, Roots.isPassing(kind)));
        }
      }
    }
    return all;
  }

  /** Returns the objects where searches of the graph begin, in order, each once. */
  static List<Integer> rootsOf(HeapGraph graph) {
    return seedsOf(graph).stream().map(Seed::object).distinct().toList();
  }

  private static boolean isBuiltIn(HeapGraph graph, long loader) {
    if (loader == 0) {
      return true;
    }
    int object = graph.index.ordinal(loader);
    if (object == 0) {
      return false;
    }
    String type = graph.typeOf(object).name;
    return type.startsWith("jdk.internal.loader.ClassLoaders$") || type.startsWith("sun.misc.Launcher$");
  }

  /** Apart from the loop around it, so that it is compiled as a whole, and not again in the midst of that loop for each branch that is new. */
  private void visit(Front front, int count) {
    // Loads that do not depend on each other wait for memory together.
    for (int i = 0; i < count; i++) {
      front.records[i] = graph.record(front.batch[i]);
    }
    for (int i = 0; i < count; i++) {
      visit(front.batch[i], front.records[i], front);
    }
  }

  private void visit(int object, long record, Front front) {
    int index = HeapGraph.classOf(record);
    int node = front.steps.node(~nodes.get(object), graph.type(index < 0 ? ~index : index), index < 0);
    nodes.set(object, node);
    long size = graph.size(record);
    reached++;
    reachedBytes += size;
    tree.count(node, size);
    if (!blocked.isEmpty() && object > 0 && blocked.get(object)) {
      return;
    }
    if (graph.onlyClass(record) == HeapGraph.NO_LEAF) {
      HeapGraph.Cursor cursor = front.cursor;
      graph.open(record, cursor);
      int[] targets = cursor.targets;
      for (int i = cursor.from; i < cursor.to; i++) {
        if (targets[i] != 0) {
          meet(targets[i], object, node, cursor.pathLabel(i, labels), front);
        }
      }
    }
    if (index > 0 && !front.isPast[index]) {
      meetClass(index, object, node, front);
    }
  }

  /** Apart: the classes of most objects are roots, and of all others that is so from their second level on. */
  private void meetClass(int index, int object, int node, Front front) {
    int classObject = graph.type(index).ordinal;
    front.isPast[index] = classObject == 0 || meet(classObject, object, node, labels.type, front) == Frontier.PAST;
  }

  /** Follows a reference. If it is the first to an object or a better one than another from this level, it is noted. */
  private int meet(int target, int from, int node, int label, Front front) {
    int met = front.frontier.meet(target);
    if (met != Frontier.PAST) {
      int step = front.steps.of(node, label);
      if (met == Frontier.FIRST || front.steps.isBefore(step, ~nodes.get(target))) {
        note(target, from, step);
      }
    }
    return met;
  }

  private void note(int object, int from, int step) {
    nodes.set(object, ~step);
    if (parents != null) {
      parents.set(object, from);
    }
  }

  /** How far the search is. */
  private static final class Front {
    final Steps steps;
    final HeapGraph.Cursor cursor = new HeapGraph.Cursor();
    final Frontier frontier;
    /** Of each class, whether its class object has been visited. */
    final boolean[] isPast;
    /** Of the level that is visited the next objects, and their records. */
    final int[] batch = new int[BATCH];
    final long[] records = new long[BATCH];

    Front(HeapGraph graph, PathTree tree) throws HeapDumpException {
      steps = new Steps(tree);
      frontier = new Frontier(graph.count, graph.file.budget);
      isPast = new boolean[graph.classes.size()];
    }
  }

  /** Returns the node of an object in the tree, 0 if it is not reachable. */
  int node(int object) {
    return nodes.get(object);
  }

  boolean isReachable(int object) {
    return nodes.get(object) != 0;
  }

  long reached() {
    return reached;
  }

  long reachedBytes() {
    return reachedBytes;
  }

  /** Returns the roots. */
  List<Integer> seeds() {
    return List.copyOf(rootLabels.keySet());
  }

  boolean isRoot(int object) {
    return rootLabels.containsKey(object);
  }

  /** Returns the object from which the given one was reached first, 0 for a root. */
  int parent(int object) {
    if (parents == null) {
      throw new IllegalStateException("this walk was made for less: ask a PathWalk that keeps the parents of objects");
    }
    return parents.get(object);
  }

  /** Returns the objects from a root to the given one, which must be reachable. */
  List<Integer> pathTo(int object) {
    List<Integer> path = new ArrayList<>();
    for (int at = object; at != 0; at = parent(at)) {
      path.add(at);
    }
    Collections.reverse(path);
    return path;
  }

  /** Returns the steps from a root to the object along the given objects, each of which refers to the next. */
  static List<Step> steps(HeapGraph graph, List<Integer> path, String rootLabel) {
    List<Step> steps = new ArrayList<>();
    HeapGraph.Cursor cursor = new HeapGraph.Cursor();
    for (int i = 0; i < path.size(); i++) {
      int object = path.get(i);
      String label = i == 0 ? rootLabel : label(graph, path.get(i - 1), object, cursor);
      steps.add(new Step(label, graph.typeOf(object).name, graph.isClass(object)));
    }
    return steps;
  }

  private static String label(HeapGraph graph, int from, int to, HeapGraph.Cursor cursor) {
    graph.open(from, cursor);
    for (int i = cursor.from; i < cursor.to; i++) {
      if (cursor.targets[i] == to) {
        return cursor.isArray ? "[" + (i - cursor.from) + "]" : graph.classes.labels.text(cursor.label(i, graph.classes.labels));
      }
    }
    return graph.classes.labels.text(graph.classes.labels.type);
  }

  /** Returns what kind of root the root of a path is. */
  String rootLabel(int root) {
    Integer label = rootLabels.get(root);
    return labels.text(label == null ? labels.type : label);
  }
}
