package leaksafe.heap.internal;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import leaksafe.heap.HeapDumpException;

/**
 * Breadth-first search from the roots: assigns each reachable object to a node of the path tree, and remembers whence it was reached.
 *
 * <p>The classes of the built-in loaders come first, then threads, JNI globals, stack frames and the rest, so that among paths of equal
 * length the one that says who owns an object wins. What is on stacks, and only as long as calls last, comes after all that the others
 * reach. Classes of other loaders are no roots: they live as long as their loader, which is how
 * class-loader leaks show.
 */
final class PathWalk {
  private static final int ROOT = -1;
  private static final int NODE_SHIFT = 32;

  private final HeapGraph graph;
  private final Labels labels;
  final PathTree tree;
  /** Of each object its node, 0 if it is not reachable, and below {@link #NODE_SHIFT} the object from which it was reached first. */
  private final LongTable visits;
  private final BitSet blocked;
  private final IntQueue queue = new IntQueue();
  /** The roots and their labels. */
  private final Map<Integer, Integer> rootLabels = new LinkedHashMap<>();
  private long reached;
  private long reachedBytes;

  /**
   * Walks the graph.
   *
   * @param blocked objects (as positive ints) that are counted but not walked through
   */
  PathWalk(HeapGraph graph, BitSet blocked) throws HeapDumpException {
    this.graph = graph;
    this.blocked = blocked;
    labels = graph.classes.labels;
    tree = new PathTree(graph);
    visits = new LongTable(graph.count + 1, graph.file.budget, "the paths of objects");
    List<Seed> all = seedsOf(graph);
    all.forEach(seed -> rootLabels.putIfAbsent(seed.object, seed.label));
    Ticks ticks = new Ticks(graph.file.options().progress(), "paths", graph.count);
    walkFrom(all, false, ticks);
    walkFrom(all, true, ticks);
    ticks.end();
    tree.freeze();
  }

  /** Where a search begins, under which label, and whether only for the time of a call. */
  record Seed(int object, int label, boolean passing) {}

  private void walkFrom(List<Seed> all, boolean passing, Ticks ticks) {
    for (Seed seed : all) {
      if (seed.passing == passing && !isReachable(seed.object)) {
        visit(seed.object, 0, ROOT, 0, seed.label);
      }
    }
    walk(ticks);
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

  private void walk(Ticks ticks) {
    HeapGraph.Cursor cursor = new HeapGraph.Cursor();
    for (int object = queue.poll(); object != 0; object = queue.poll()) {
      if ((++reached & 0xFFFF) == 0) {
        ticks.at(reached);
      }
      if (!blocked.isEmpty() && object > 0 && blocked.get(object)) {
        continue;
      }
      int node = node(object);
      graph.open(object, cursor);
      int[] targets = cursor.targets;
      int canonical = cursor.isClass ? -1 : cursor.type.canonical;
      for (int i = cursor.from; i < cursor.to; i++) {
        int target = targets[i];
        if (target != 0 && !isReachable(target)) {
          visit(target, object, canonical, node, cursor.pathLabel(i, labels));
        }
      }
      if (cursor.classObject != 0 && !isReachable(cursor.classObject)) {
        visit(cursor.classObject, object, canonical, node, labels.type);
      }
    }
  }

  private void visit(int object, int from, int fromCanonical, int fromNode, int label) {
    int index = graph.classOf(object);
    ClassInfo type = graph.type(index < 0 ? ~index : index);
    // A cell that refers to a cell of its own class belongs to the same structure.
    int node = index >= 0 && type.canonical == fromCanonical ? fromNode : tree.child(fromNode, label, type, index < 0);
    visits.set(object, (long) node << NODE_SHIFT | from & 0xFFFF_FFFFL);
    long size = graph.size(object);
    reachedBytes += size;
    tree.count(node, size);
    int classObject = graph.onlyClass(object);
    if (classObject == 0 || classObject != HeapGraph.NO_LEAF && isReachable(classObject)) {
      reached++; // Nothing is beyond it.
    } else {
      queue.add(object);
    }
  }

  /** Returns the node of an object in the tree, 0 if it is not reachable. */
  int node(int object) {
    return (int) (visits.get(object) >> NODE_SHIFT);
  }

  boolean isReachable(int object) {
    return visits.get(object) != 0;
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
    return (int) visits.get(object);
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
