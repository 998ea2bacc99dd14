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
  private static final int WORD_SHIFT = 6;
  private static final int BATCH = 64;
  private static final int FOUND = 256;

  private final HeapGraph graph;
  private final Labels labels;
  final PathTree tree;
  /** One bit an object, 64 in a word: whether it has been reached. */
  private final LongTable reachable;
  /** Of each object its node, null if only the tree is wanted. */
  private final @Nullable IntTable nodes;
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
    this(graph, blocked, table(graph), table(graph));
  }

  private PathWalk(HeapGraph graph, BitSet blocked, @Nullable IntTable nodes, @Nullable IntTable parents) throws HeapDumpException {
    this.graph = graph;
    this.blocked = blocked;
    this.nodes = nodes;
    this.parents = parents;
    labels = graph.classes.labels;
    tree = new PathTree(graph);
    reachable = new LongTable((graph.count >>> WORD_SHIFT) + 1, graph.file.budget, "the reachable objects");
    List<Seed> all = seedsOf(graph);
    all.forEach(seed -> rootLabels.putIfAbsent(seed.object, seed.label));
    Ticks ticks = new Ticks(graph.file.options().progress(), "paths", graph.count);
    Front front = new Front(graph.file.budget);
    walkFrom(all, false, front, ticks);
    walkFrom(all, true, front, ticks);
    front.queue.release();
    ticks.end();
    tree.freeze();
  }

  /** Walks the graph for the tree and what is reachable alone, in less time and 8 bytes an object less; nodes and parents are not kept. */
  static PathWalk treeOf(HeapGraph graph) throws HeapDumpException {
    return new PathWalk(graph, new BitSet(), null, null);
  }

  /** Walks the graph for the tree and the nodes of objects, in 4 bytes an object less; parents are not kept. */
  static PathWalk nodesOf(HeapGraph graph) throws HeapDumpException {
    return new PathWalk(graph, new BitSet(), table(graph), null);
  }

  private static IntTable table(HeapGraph graph) throws HeapDumpException {
    return new IntTable(graph.count + 1, graph.file.budget, "the paths of objects");
  }

  /** Where a search begins, under which label, and whether only for the time of a call. */
  record Seed(int object, int label, boolean passing) {}

  private void walkFrom(List<Seed> all, boolean passing, Front front, Ticks ticks) throws HeapDumpException {
    for (Seed seed : all) {
      if (seed.passing == passing && reach(seed.object)) {
        visit(seed.object, graph.record(seed.object), 0, ROOT, 0, seed.label, front.queue);
      }
    }
    walk(front, ticks);
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

  private void walk(Front front, Ticks ticks) throws HeapDumpException {
    while (front.next()) {
      expand(front);
      visitFound(front);
      ticks.at(reached);
    }
  }

  /** Apart from the loop around it, so that it is compiled as a whole, and not again in the midst of that loop for each branch that is new. */
  private void expand(Front front) throws HeapDumpException {
    // Loads that do not depend on each other wait for memory together.
    for (int i = 0; i < front.size; i++) {
      front.records[i] = graph.record((int) front.batch[i]);
    }
    for (int i = 0; i < front.size; i++) {
      int object = (int) front.batch[i];
      if (blocked.isEmpty() || object < 0 || !blocked.get(object)) {
        graph.open(front.records[i], front.cursor);
        expand(object, (int) (front.batch[i] >>> NODE_SHIFT), front);
      }
    }
  }

  private void expand(int object, int node, Front front) throws HeapDumpException {
    HeapGraph.Cursor cursor = front.cursor;
    int[] targets = cursor.targets;
    int canonical = cursor.isClass ? -1 : cursor.type.canonical;
    for (int i = cursor.from; i < cursor.to; i++) {
      int target = targets[i];
      if (target != 0 && reach(target)) {
        find(target, object, canonical, node, cursor.pathLabel(i, labels), front);
      }
    }
    if (cursor.classObject != 0 && reach(cursor.classObject)) {
      find(cursor.classObject, object, canonical, node, labels.type, front);
    }
  }

  private void find(int object, int from, int canonical, int node, int label, Front front) throws HeapDumpException {
    if (front.found.size == FOUND) {
      visitFound(front);
    }
    front.found.add(object, from, canonical, node, label);
  }

  private void visitFound(Front front) throws HeapDumpException {
    Found found = front.found;
    long[] records = found.records;
    for (int i = 0; i < found.size; i++) {
      records[i] = graph.record(found.objects[i]);
    }
    for (int i = 0; i < found.size; i++) {
      visit(found.objects[i], records[i], found.from[i], found.canonicals[i], found.nodes[i], found.labels[i], front.queue);
    }
    found.size = 0;
  }

  private void visit(int object, long record, int from, int fromCanonical, int fromNode, int label, LongQueue queue) throws HeapDumpException {
    int index = HeapGraph.classOf(record);
    ClassInfo type = graph.type(index < 0 ? ~index : index);
    // A cell that refers to a cell of its own class belongs to the same structure.
    int node = index >= 0 && type.canonical == fromCanonical ? fromNode : tree.child(fromNode, label, type, index < 0);
    if (nodes != null) {
      nodes.set(object, node);
    }
    if (parents != null) {
      parents.set(object, from);
    }
    long size = graph.size(record);
    reached++;
    reachedBytes += size;
    tree.count(node, size);
    int classObject = graph.onlyClass(record);
    if (classObject == HeapGraph.NO_LEAF || classObject != 0 && !isReachable(classObject)) {
      queue.add((long) node << NODE_SHIFT | object & 0xFFFF_FFFFL);
    }
  }

  /** Marks an object as reached; returns whether it was not before. */
  private boolean reach(int object) {
    long word = reachable.get(object >>> WORD_SHIFT);
    long bit = 1L << object;
    if ((word & bit) != 0) {
      return false;
    }
    reachable.set(object >>> WORD_SHIFT, word | bit);
    return true;
  }

  /** How far the search is. */
  private static final class Front {
    /** Objects to walk on from, with their nodes above {@link #NODE_SHIFT}. */
    final LongQueue queue;
    final Found found = new Found();
    final HeapGraph.Cursor cursor = new HeapGraph.Cursor();
    /** The first of the queue, and their records. */
    final long[] batch = new long[BATCH];
    final long[] records = new long[BATCH];
    int size;

    Front(MemoryBudget budget) throws HeapDumpException {
      queue = new LongQueue(budget);
    }

    boolean next() {
      size = queue.poll(batch);
      return size > 0;
    }
  }

  /** What was reached and is still to be visited, in order. */
  private static final class Found {
    final int[] objects = new int[FOUND];
    final int[] from = new int[FOUND];
    final int[] canonicals = new int[FOUND];
    final int[] nodes = new int[FOUND];
    final int[] labels = new int[FOUND];
    final long[] records = new long[FOUND];
    int size;

    void add(int object, int source, int canonical, int node, int label) {
      int place = size++;
      objects[place] = object;
      from[place] = source;
      canonicals[place] = canonical;
      nodes[place] = node;
      labels[place] = label;
    }
  }

  private static IntTable kept(@Nullable IntTable table) {
    if (table == null) {
      throw new IllegalStateException("this walk was made for less: ask a PathWalk that keeps the nodes and parents of objects");
    }
    return table;
  }

  /** Returns the node of an object in the tree, 0 if it is not reachable. */
  int node(int object) {
    return kept(nodes).get(object);
  }

  boolean isReachable(int object) {
    return (reachable.get(object >>> WORD_SHIFT) & 1L << object) != 0;
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
    return kept(parents).get(object);
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
