package leaksafe.heap.internal;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import leaksafe.heap.HeapDumpException;

/**
 * Sums of retained sizes by class, path and loader. An object below another of its group is counted there already.
 *
 * <p>Objects that are of one class, path and loader have one key. The keys are found first, vertex by vertex, since looks at objects that do
 * not depend on each other wait for memory together; the walk of the tree then needs only what lies side by side.
 */
final class RetainedGroups {
  /** Sums over the objects of each group. */
  static final class Sums {
    private final long[] bytes;
    private final long[] counts;
    /** How many objects of each group are above the one that is looked at. */
    private final int[] open;

    Sums(int groups) {
      bytes = new long[groups];
      counts = new long[groups];
      open = new int[groups];
    }

    private void add(int group, long retained) {
      if (open[group] == 0) {
        bytes[group] += retained;
      }
    }

    /** Returns the largest groups: bytes, objects, name. */
    List<List<Object>> rows(int top, IntFunction<String> name) {
      Integer[] order = new Integer[bytes.length];
      Arrays.setAll(order, i -> i);
      Arrays.sort(order, (a, b) -> Long.compare(bytes[b], bytes[a]));
      return Arrays.stream(order).limit(top).filter(group -> bytes[group] > 0)
          .map(group -> List.<Object>of(bytes[group], counts[group], name.apply(group))).toList();
    }
  }

  private static final int NO_KEY = 0;
  private static final int NO_CLASS = -1;

  final Sums byClass;
  final Sums byPath;
  final Sums byLoader;
  private final Dominators dominators;
  private final IntTable keys;
  // Of each key, from 1 on: its groups, class objects having no class, and the next key of the same path.
  private int[] classes = new int[1024];
  private int[] paths = new int[1024];
  private int[] loaders = new int[1024];
  private int[] nextKeys = new int[1024];
  private int size = 1;

  /**
   * Sums up.
   *
   * @param loaderOf of each class the number of its loader, less than the number of classes
   */
  RetainedGroups(HeapGraph graph, PathWalk walk, Dominators dominators, int[] loaderOf) throws HeapDumpException {
    this.dominators = dominators;
    byClass = new Sums(graph.classes.size());
    byPath = new Sums(walk.tree.size());
    byLoader = new Sums(graph.classes.size() + 1);
    keys = new IntTable(dominators.count() + 1, graph.file.budget, "the groups of objects");
    int[] firstKeys = new int[walk.tree.size()];
    for (long v = 1; v <= dominators.count(); v++) {
      int object = dominators.object((int) v);
      int index = graph.classOf(object);
      int path = walk.node(object);
      int key = key(firstKeys, path, index < 0 ? NO_CLASS : graph.type(index).canonical, loaderOf[index < 0 ? ~index : index]);
      keys.set((int) v, key);
      byPath.counts[path]++;
      byLoader.counts[loaders[key]]++;
      if (index >= 0) {
        byClass.counts[classes[key]]++;
      }
    }
    sum();
    keys.release(graph.file.budget);
  }

  private int key(int[] firstKeys, int path, int canonical, int loader) {
    for (int key = firstKeys[path]; key != NO_KEY; key = nextKeys[key]) {
      if (loaders[key] == loader && classes[key] == canonical) {
        return key;
      }
    }
    if (size == paths.length) {
      classes = Arrays.copyOf(classes, size * 2);
      paths = Arrays.copyOf(paths, size * 2);
      loaders = Arrays.copyOf(loaders, size * 2);
      nextKeys = Arrays.copyOf(nextKeys, size * 2);
    }
    classes[size] = canonical;
    paths[size] = path;
    loaders[size] = loader;
    nextKeys[size] = firstKeys[path];
    firstKeys[path] = size;
    return size++;
  }

  /** Depth first without a stack: down to the first child, right to the next sibling, up by the dominator. */
  private void sum() {
    int v = dominators.firstChild(0);
    while (v != 0) {
      int key = keys.get(v);
      long retained = dominators.retained(v);
      byPath.add(paths[key], retained);
      byLoader.add(loaders[key], retained);
      if (classes[key] != NO_CLASS) {
        byClass.add(classes[key], retained);
      }
      int next = dominators.firstChild(v);
      if (next != 0) {
        open(key, 1);
      } else {
        next = dominators.nextSibling(v);
        v = dominators.dominator(v);
        while (next == 0 && v != 0) {
          open(keys.get(v), -1);
          next = dominators.nextSibling(v);
          v = dominators.dominator(v);
        }
      }
      v = next;
    }
  }

  private void open(int key, int change) {
    byPath.open[paths[key]] += change;
    byLoader.open[loaders[key]] += change;
    if (classes[key] != NO_CLASS) {
      byClass.open[classes[key]] += change;
    }
  }
}
