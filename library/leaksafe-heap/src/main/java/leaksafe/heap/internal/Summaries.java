package leaksafe.heap.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Makes the path table of a heap. */
final class Summaries {
  private static final int LONGEST = 16_000;

  private final List<String> texts = new ArrayList<>();
  private final Map<String, Integer> numbers = new HashMap<>();

  private Summaries() {}

  static PathTable of(HeapGraph graph, PathWalk walk) {
    return new Summaries().make(graph, walk);
  }

  private PathTable make(HeapGraph graph, PathWalk walk) {
    PathTree tree = walk.tree;
    int size = tree.size();
    int[] parents = new int[size];
    int[] labels = new int[size];
    int[] types = new int[size];
    boolean[] classObjects = new boolean[size];
    long[] counts = new long[size];
    long[] ownBytes = new long[size];
    for (int i = 1; i < size; i++) {
      parents[i] = tree.parent(i);
      labels[i] = number(tree.label(i));
      types[i] = number(tree.type(i));
      classObjects[i] = tree.isClassObject(i);
      counts[i] = tree.count(i);
      ownBytes[i] = tree.bytes(i);
    }
    return new PathTable(String.valueOf(graph.file.file().getFileName()), walk.reached(), graph.file.problems.list(), texts, parents, labels,
        types, classObjects, counts, ownBytes, tree.subtreeBytes());
  }

  private int number(String full) {
    String text = full.length() <= LONGEST ? full : full.substring(0, LONGEST);
    Integer known = numbers.putIfAbsent(text, texts.size());
    if (known == null) {
      texts.add(text);
      return texts.size() - 1;
    }
    return known;
  }
}
