package leaksafe.heap.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import leaksafe.heap.HeapOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which of several paths to an object is told. */
class PathOrderTest {
  /** So few objects that they are visited as they are met, and so many that they are visited by address. */
  private static final int FEW = 3;
  private static final int MANY = 20_000;
  private static final long OBJECT = 0x100;
  private static final long OBJECTS = 0x108;
  private static final long LEFT = 0x110;
  private static final long RIGHT = 0x118;
  private static final long VALUE = 0x120;
  private static final long HOLDER = 0x128;

  @TempDir
  Path directory;

  /** Two arrays of holders of either class, one of them at the lower addresses, whose i-th holders have the same i-th value. */
  private PathTree pathsOf(int count, boolean leftIsLower) throws IOException {
    long left = leftIsLower ? 0x100_0000 : 0x900_0000;
    long right = leftIsLower ? 0x900_0000 : 0x100_0000;
    long values = 0x1100_0000;
    HprofBytes dump = new HprofBytes(8).type(OBJECT, "java.lang.Object", 0, 0, Map.of())
        .type(OBJECTS, "[Ljava/lang/Object;", OBJECT, 0, Map.of())
        .type(LEFT, "com.acme.Left", OBJECT, 0, Map.of(), "value")
        .type(RIGHT, "com.acme.Right", OBJECT, 0, Map.of(), "value")
        .type(VALUE, "com.acme.Value", OBJECT, 0, Map.of())
        .type(HOLDER, "com.acme.Holder", OBJECT, 0, leftIsLower ? Map.of("A", left, "B", right) : Map.of("B", right, "A", left));
    dump.array(left, OBJECTS, ids(left + 0x10_0000, count)).array(right, OBJECTS, ids(right + 0x10_0000, count));
    for (int i = 0; i < count; i++) {
      dump.instance(left + 0x10_0000 + 16L * i, LEFT, values + 16L * i).instance(right + 0x10_0000 + 16L * i, RIGHT, values + 16L * i)
          .instance(values + 16L * i, VALUE);
    }
    HeapGraph graph = GraphBuilder.read(dump.write(directory, count + "-" + leftIsLower + ".hprof"), HeapOptions.defaults());
    return new PathWalk(graph, new BitSet()).tree;
  }

  private static long[] ids(long first, int count) {
    long[] ids = new long[count];
    Arrays.setAll(ids, i -> first + 16L * i);
    return ids;
  }

  private static long count(PathTree tree, String path) {
    for (int node = 1; node < tree.size(); node++) {
      if (tree.text(node).equals(path)) {
        return tree.count(node);
      }
    }
    return 0;
  }

  @ParameterizedTest
  @ValueSource(ints = {FEW, MANY})
  void of_paths_of_one_length_the_first_by_name_is_told_wherever_objects_lie(int count) throws Exception {
    for (boolean leftIsLower : List.of(true, false)) {
      PathTree tree = pathsOf(count, leftIsLower);
      assertThat(count(tree, "com.acme.Holder.A -> Object[][*] -> Left.value -> Value")).as("left is lower: %s", leftIsLower).isEqualTo(count);
      assertThat(count(tree, "com.acme.Holder.B -> Object[][*] -> Right.value -> Value")).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {FEW, MANY})
  void a_root_that_owns_comes_before_one_that_just_refers_whatever_the_names(int count) throws Exception {
    long held = 0x100_0000;
    long byRoot = 0x900_0000;
    long values = 0x1100_0000;
    HprofBytes dump = new HprofBytes(8).type(OBJECT, "java.lang.Object", 0, 0, Map.of())
        .type(OBJECTS, "[Ljava/lang/Object;", OBJECT, 0, Map.of())
        .type(LEFT, "com.acme.Left", OBJECT, 0, Map.of(), "value")
        .type(VALUE, "com.acme.Value", OBJECT, 0, Map.of())
        .type(HOLDER, "zzz.Holder", OBJECT, 0, Map.of("Z", held));
    // From the static field of a class it is as far as from a JNI global to an array of arrays.
    dump.array(held, OBJECTS, ids(held + 0x10_0000, count)).array(byRoot, OBJECTS, byRoot + 16)
        .array(byRoot + 16, OBJECTS, ids(byRoot + 0x10_0000, count)).root(byRoot);
    for (int i = 0; i < count; i++) {
      dump.instance(held + 0x10_0000 + 16L * i, LEFT, values + 16L * i).instance(byRoot + 0x10_0000 + 16L * i, LEFT, values + 16L * i)
          .instance(values + 16L * i, VALUE);
    }
    HeapGraph graph = GraphBuilder.read(dump.write(directory, "roots.hprof"), HeapOptions.defaults());
    PathTree tree = new PathWalk(graph, new BitSet()).tree;
    assertThat(count(tree, "zzz.Holder.Z -> Object[][*] -> Left.value -> Value")).isEqualTo(count);
  }

  /** Beside a search that could not be simpler. */
  @ParameterizedTest
  @ValueSource(ints = {100, 100_000})
  void the_path_to_each_object_is_a_shortest_one(int count) throws Exception {
    long seed = Long.getLong("seed", System.nanoTime());
    Random random = new Random(seed);
    HprofBytes dump = new HprofBytes(8).type(OBJECT, "java.lang.Object", 0, 0, Map.of())
        .type(LEFT, "com.acme.Left", OBJECT, 0, Map.of("FIRST", 0x10_000L), "left", "right")
        .type(RIGHT, "com.acme.Right", OBJECT, 0, Map.of(), "left", "right");
    int[][] edges = new int[count][];
    for (int i = 0; i < count; i++) {
      edges[i] = new int[] {random.nextInt(count), random.nextInt(count)};
      dump.instance(0x10_000 + 16L * i, random.nextBoolean() ? LEFT : RIGHT, 0x10_000 + 16L * edges[i][0], 0x10_000 + 16L * edges[i][1]);
    }
    int[] distances = new int[count];
    distances[0] = 1;
    ArrayDeque<Integer> queue = new ArrayDeque<>(List.of(0));
    while (!queue.isEmpty()) {
      int from = queue.remove();
      for (int to : edges[from]) {
        if (distances[to] == 0) {
          distances[to] = distances[from] + 1;
          queue.add(to);
        }
      }
    }
    HeapGraph graph = GraphBuilder.read(dump.write(directory, "random.hprof"), HeapOptions.defaults());
    PathWalk walk = new PathWalk(graph, new BitSet());
    for (int i = 0; i < count; i++) {
      int object = graph.index.ordinal(0x10_000 + 16L * i);
      assertThat(walk.isReachable(object)).as("seed %d", seed).isEqualTo(distances[i] > 0);
      if (distances[i] > 0) {
        // The first of the path is the class.
        assertThat(walk.pathTo(object)).as("seed %d", seed).hasSize(distances[i] + 1);
      }
    }
  }

  @Test
  void a_path_that_ends_sooner_comes_first_where_recursion_made_two_equally_far() throws Exception {
    // FIRST -> Cell -> next -> Cell is one node, so that its value is reached by a path of three; the other way round is one of four as long.
    HprofBytes dump = new HprofBytes(8).type(OBJECT, "java.lang.Object", 0, 0, Map.of())
        .type(LEFT, "com.acme.Cell", OBJECT, 0, Map.of("ZZZ", 0x1000L), "next", "value")
        .type(RIGHT, "com.acme.Box", OBJECT, 0, Map.of("AAA", 0x2000L), "content")
        .type(HOLDER, "com.acme.Crate", OBJECT, 0, Map.of(), "content")
        .type(VALUE, "com.acme.Value", OBJECT, 0, Map.of());
    dump.instance(0x1000, LEFT, 0x1010, 0).instance(0x1010, LEFT, 0, 0x3000).instance(0x2000, RIGHT, 0x2010).instance(0x2010, HOLDER, 0x3000)
        .instance(0x3000, VALUE);
    HeapGraph graph = GraphBuilder.read(dump.write(directory, "folded.hprof"), HeapOptions.defaults());
    PathWalk walk = new PathWalk(graph, new BitSet());
    assertThat(walk.tree.text(walk.node(graph.index.ordinal(0x3000)))).isEqualTo("com.acme.Cell.ZZZ -> Cell.value -> Value");
  }
}
