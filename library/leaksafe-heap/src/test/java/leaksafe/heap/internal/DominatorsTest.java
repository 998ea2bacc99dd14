package leaksafe.heap.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import leaksafe.heap.HeapOptions;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.io.TempDir;

class DominatorsTest {
  private static final int TYPE = 100;
  private static final int ARRAYS = 200;

  @TempDir
  Path directory;

  /** Naive: an object is dominated by all whose removal makes it unreachable, and retains what its removal makes so. */
  @RepeatedTest(40)
  void equal_a_naive_computation_on_small_random_graphs(RepetitionInfo run) throws Exception {
    long seed = Long.getLong("seed", System.nanoTime() + run.getCurrentRepetition());
    Random random = new Random(seed);
    int count = 2 + random.nextInt(30);
    long[][] targets = new long[count][];
    HprofBytes dump = new HprofBytes(random.nextBoolean() ? 4 : 8);
    dump.type(TYPE, "java.lang.Object", 0, 0, Map.of()).type(ARRAYS, "[Ljava/lang/Object;", 0, 0, Map.of());
    for (int i = 0; i < count; i++) {
      targets[i] = random.longs(random.nextInt(4), 0, count).map(t -> random.nextInt(6) == 0 ? 0 : 8 * (t + 1000)).toArray();
      dump.array(8L * (i + 1000), ARRAYS, targets[i]);
      if (random.nextInt(8) == 0) {
        dump.segment();
      }
    }
    int roots = 1 + random.nextInt(3);
    List<Integer> rootObjects = new ArrayList<>();
    for (int i = 0; i < roots; i++) {
      rootObjects.add(random.nextInt(count));
      dump.root(8L * (rootObjects.get(i) + 1000));
    }
    HeapGraph graph = GraphBuilder.read(dump.write(directory, "random.hprof"), HeapOptions.defaults());
    PathWalk walk = new PathWalk(graph, new BitSet());
    Dominators dominators = new Dominators(graph, walk.seeds());

    Map<Integer, Integer> vertices = new HashMap<>();
    for (int v = 1; v <= dominators.count(); v++) {
      vertices.put(dominators.object(v), v);
    }
    BitSet all = reachable(targets, rootObjects, -1);
    long total = 0;
    for (int i = 0; i < count; i++) {
      int vertex = vertices.getOrDefault(graph.index.ordinal(8L * (i + 1000)), 0);
      assertThat(vertex != 0).as("seed %d: object %d is reachable", seed, i).isEqualTo(all.get(i));
      if (vertex == 0) {
        continue;
      }
      long size = graph.size(graph.index.ordinal(8L * (i + 1000)));
      total += size;
      BitSet kept = reachable(targets, rootObjects, i);
      long retained = size;
      for (int j = 0; j < count; j++) {
        if (j != i && all.get(j) && !kept.get(j)) {
          retained += graph.size(graph.index.ordinal(8L * (j + 1000)));
        }
      }
      assertThat(dominators.retained(vertex)).as("seed %d: retained by %d", seed, i).isEqualTo(retained);
      int above = dominators.dominator(vertex);
      if (above != 0) {
        int holder = (int) (graph.index.id(dominators.object(above)) / 8 - 1000);
        assertThat(reachable(targets, rootObjects, holder).get(i)).as("seed %d: %d without %d", seed, i, holder).isFalse();
      }
    }
    // The array class object hangs from the first array; it is reachable too.
    assertThat(dominators.retained(0)).isGreaterThanOrEqualTo(total);
  }

  private static BitSet reachable(long[][] targets, List<Integer> roots, int removed) {
    BitSet seen = new BitSet();
    ArrayDeque<Integer> queue = new ArrayDeque<>();
    for (int root : roots) {
      if (root != removed && !seen.get(root)) {
        seen.set(root);
        queue.add(root);
      }
    }
    while (!queue.isEmpty()) {
      for (long target : targets[queue.remove()]) {
        int t = (int) (target / 8 - 1000);
        if (target != 0 && t != removed && !seen.get(t)) {
          seen.set(t);
          queue.add(t);
        }
      }
    }
    return seen;
  }
}
