package leaksafe.heap.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * The structural paths of a heap: a node is all objects that are reached by the same fields through the same classes (by name) from the
 * same kind of root. Nodes are numbered from 1, parents before children. Recursion is folded: where up to six steps would
 * come again right after themselves the path goes back to their first coming, so a list of a million cells is one node or two.
 */
final class PathTree {
  private static final int LONGEST_PERIOD = 6;
  private static final int DEEPEST = 400;
  /** Added to a class for the class object itself. */
  private static final int CLASS_OBJECT = 1 << 30;

  private final HeapGraph graph;
  private int size = 1;
  private int[] parents = new int[1024];
  private int[] labels = new int[1024];
  private int[] types = new int[1024];
  private short[] depths = new short[1024];
  /** The label of the root; those of roots are numbered in the order of the search. */
  private int[] roots = new int[1024];
  private long[] counts = new long[1024];
  private long[] bytes = new long[1024];

  // Open addressing from (parent, label, type) to node.
  private int[] slotParents = new int[2048];
  private int[] slotLabels = new int[2048];
  private int[] slotTypes = new int[2048];
  private int[] slotNodes = new int[2048];
  private int used;

  PathTree(HeapGraph graph) {
    this.graph = graph;
  }

  /** Returns the node for one step further. All objects of a node are of its class, by stable name. */
  int child(int from, int label, ClassInfo type, boolean classObject) {
    // Steps beyond the deepest are siblings there.
    int parent = from > 0 && depths[from] >= DEEPEST ? parents[from] : from;
    int typeKey = type.canonical | (classObject ? CLASS_OBJECT : 0);
    int mask = slotNodes.length - 1;
    int slot = hash(parent, label, typeKey) & mask;
    while (slotNodes[slot] != 0) {
      if (slotParents[slot] == parent && slotLabels[slot] == label && slotTypes[slot] == typeKey) {
        return slotNodes[slot];
      }
      slot = (slot + 1) & mask;
    }
    int node = fold(parent, label, typeKey);
    if (node == 0) {
      node = append(parent, label, typeKey);
    }
    slotParents[slot] = parent;
    slotLabels[slot] = label;
    slotTypes[slot] = typeKey;
    slotNodes[slot] = node;
    if (++used * 2 > slotNodes.length) {
      rehash();
    }
    return node;
  }

  /** Returns the ancestor of which the step is a repetition: the last steps, this one included, are those before them once more. */
  private int fold(int parent, int label, int type) {
    int start = parent;
    for (int period = 1; period <= LONGEST_PERIOD && start != 0; period++) {
      if (types[start] == type && labels[start] == label && repeats(parent, start, period)) {
        return start;
      }
      start = parents[start];
    }
    return 0;
  }

  /** Whether the {@code period - 1} steps from the parent upwards equal those above the start. */
  private boolean repeats(int parent, int start, int period) {
    int late = parent;
    int early = parents[start];
    for (int i = 1; i < period; i++) {
      if (early == 0 || types[late] != types[early] || labels[late] != labels[early]) {
        return false;
      }
      late = parents[late];
      early = parents[early];
    }
    return true;
  }

  private int append(int parent, int label, int type) {
    if (size == parents.length) {
      int grown = size * 2;
      parents = Arrays.copyOf(parents, grown);
      labels = Arrays.copyOf(labels, grown);
      types = Arrays.copyOf(types, grown);
      depths = Arrays.copyOf(depths, grown);
      roots = Arrays.copyOf(roots, grown);
      counts = Arrays.copyOf(counts, grown);
      bytes = Arrays.copyOf(bytes, grown);
    }
    parents[size] = parent;
    labels[size] = label;
    types[size] = type;
    depths[size] = (short) (parent == 0 ? 0 : depths[parent] + 1);
    roots[size] = parent == 0 ? label : roots[parent];
    return size++;
  }

  private static int hash(int parent, int label, int type) {
    return IdMap.hash(parent * 0x1F1F1F1FL + label * 0x9E3779B1L + ((long) type << 32));
  }

  private void rehash() {
    int[] oldParents = slotParents;
    int[] oldLabels = slotLabels;
    int[] oldTypes = slotTypes;
    int[] oldNodes = slotNodes;
    int grown = oldNodes.length * 2;
    slotParents = new int[grown];
    slotLabels = new int[grown];
    slotTypes = new int[grown];
    slotNodes = new int[grown];
    for (int i = 0; i < oldNodes.length; i++) {
      if (oldNodes[i] != 0) {
        int slot = hash(oldParents[i], oldLabels[i], oldTypes[i]) & grown - 1;
        while (slotNodes[slot] != 0) {
          slot = (slot + 1) & grown - 1;
        }
        slotParents[slot] = oldParents[i];
        slotLabels[slot] = oldLabels[i];
        slotTypes[slot] = oldTypes[i];
        slotNodes[slot] = oldNodes[i];
      }
    }
  }

  /**
   * Whether, of two steps on from nodes to an object that is equally far by both, the first is the one to tell of: that whose root comes first,
   * else that whose path is shorter since it was folded, else that whose path comes first by its names. So it does not depend on addresses, and
   * two dumps of a program have the same paths.
   */
  boolean isBefore(int node, int label, int other, int otherLabel) {
    return (node == other ? compareLabels(label, otherLabel) : compare(node, other)) < 0;
  }

  private int compare(int node, int other) {
    if (roots[node] != roots[other]) {
      return Integer.compare(roots[node], roots[other]);
    }
    if (depths[node] != depths[other]) {
      return Integer.compare(depths[node], depths[other]);
    }
    int left = node;
    int right = other;
    while (parents[left] != parents[right]) {
      left = parents[left];
      right = parents[right];
    }
    int byLabel = compareLabels(labels[left], labels[right]);
    int byType = byLabel != 0 ? byLabel : type(left).compareTo(type(right));
    return byType != 0 ? byType : Boolean.compare(isClassObject(right), isClassObject(left));
  }

  /** By their texts: labels are numbered by chance, but for those of roots. */
  private int compareLabels(int label, int other) {
    return graph.classes.labels.text(label).compareTo(graph.classes.labels.text(other));
  }

  /** Counts an object to a node. */
  void count(int node, long size) {
    counts[node]++;
    bytes[node] += size;
  }

  /** Drops what only building needs. */
  void freeze() {
    slotParents = new int[0];
    slotLabels = new int[0];
    slotTypes = new int[0];
    slotNodes = new int[0];
  }

  /** Returns one more than the largest node. */
  int size() {
    return size;
  }

  int parent(int node) {
    return parents[node];
  }

  long count(int node) {
    return counts[node];
  }

  /** Returns what the objects of the node take themselves. */
  long bytes(int node) {
    return bytes[node];
  }

  /** Returns for each node what its objects and all below take. */
  long[] subtreeBytes() {
    long[] all = Arrays.copyOf(bytes, size);
    for (int i = size - 1; i > 0; i--) {
      all[parents[i]] += all[i];
    }
    return all;
  }

  String label(int node) {
    return graph.classes.labels.text(labels[node]);
  }

  boolean isClassObject(int node) {
    return (types[node] & CLASS_OBJECT) != 0;
  }

  /** Whether the node is for instances of the classes with the given {@link ClassInfo#canonical} number. */
  boolean isOf(int node, int canonical) {
    return types[node] == canonical;
  }

  String type(int node) {
    return graph.type(types[node] & ~CLASS_OBJECT).stableName;
  }

  /** Returns the path as one line, for example {@code com.acme.Cache.SESSIONS -> HashMap.table -> HashMap$Node[][*] -> HashMap$Node}. */
  String text(int node) {
    List<Step> steps = new ArrayList<>();
    for (int at = node; at != 0; at = parents[at]) {
      steps.add(new Step(label(at), type(at), isClassObject(at)));
    }
    Collections.reverse(steps);
    return Step.text(steps);
  }
}
