package leaksafe.heap.internal;

import java.util.Arrays;

/**
 * The ways on from the nodes of a path tree: a node and the label of a reference, as one number from 0 on. Where a way leads depends on the class
 * of the object that is found there; mostly it is the same as that of the last one.
 */
final class Steps {
  private final PathTree tree;
  private int size;
  private int[] nodes = new int[1024];
  private int[] labels = new int[1024];
  /** The class (as {@link #key}) of the object that was found last, and its node. */
  private int[] lastKeys = new int[1024];
  private int[] lastNodes = new int[1024];
  /** From node and label to the number. */
  private final IdMap numbers = new IdMap();

  Steps(PathTree tree) {
    this.tree = tree;
  }

  /** Returns the number of the step from a node, or 0 for a root, by a reference of the given label. */
  int of(int node, int label) {
    int step = numbers.get(id(node, label));
    return step == IdMap.ABSENT ? append(node, label) : step;
  }

  private int append(int node, int label) {
    if (size == nodes.length) {
      nodes = Arrays.copyOf(nodes, size * 2);
      labels = Arrays.copyOf(labels, size * 2);
      lastKeys = Arrays.copyOf(lastKeys, size * 2);
      lastNodes = Arrays.copyOf(lastNodes, size * 2);
    }
    nodes[size] = node;
    labels[size] = label;
    numbers.putIfAbsent(id(node, label), size);
    return size++;
  }

  private static long id(int node, int label) {
    return (long) node << 32 | label;
  }

  /** Returns the node to which a step leads where it finds an object of the given class, or the class object of that class. */
  int node(int step, ClassInfo type, boolean classObject) {
    int key = key(type, classObject);
    if (lastNodes[step] == 0 || lastKeys[step] != key) {
      int from = nodes[step];
      // A cell that refers to a cell of its own class belongs to the same structure.
      lastNodes[step] = !classObject && from != 0 && tree.isOf(from, type.canonical) ? from : tree.child(from, labels[step], type, classObject);
      lastKeys[step] = key;
    }
    return lastNodes[step];
  }

  private static int key(ClassInfo type, boolean classObject) {
    return classObject ? ~type.canonical : type.canonical;
  }

  /** Whether, of two steps to the same object from equally far, the first is the one to tell of. */
  boolean isBefore(int step, int other) {
    return tree.isBefore(nodes[step], labels[step], nodes[other], labels[other]);
  }
}
