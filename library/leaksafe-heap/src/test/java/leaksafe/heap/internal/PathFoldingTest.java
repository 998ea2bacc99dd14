package leaksafe.heap.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.BitSet;
import java.util.Map;
import java.util.Random;
import leaksafe.heap.HeapOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PathFoldingTest {
  private static final int CELLS = 3000;

  @TempDir
  Path directory;

  @Test
  void a_long_chain_of_two_alternating_classes_is_a_few_paths() throws Exception {
    HprofBytes dump = new HprofBytes(8).type(0x100, "java.lang.Object", 0, 0, Map.of())
        .type(0x108, "com.acme.Odd", 0x100, 0, Map.of(), "next")
        .type(0x110, "com.acme.Even", 0x100, 0, Map.of(), "next")
        .type(0x118, "com.acme.Holder", 0x100, 0, Map.of("FIRST", 0x1000L));
    for (int i = 0; i < CELLS; i++) {
      dump.instance(0x1000 + 16L * i, i % 2 == 0 ? 0x108 : 0x110, i + 1 < CELLS ? 0x1000 + 16L * (i + 1) : 0);
    }
    HeapGraph graph = GraphBuilder.read(dump.write(directory, "chain.hprof"), HeapOptions.defaults());
    PathWalk walk = new PathWalk(graph, new BitSet());
    assertThat(walk.reached()).isEqualTo(CELLS + 4);
    assertThat(walk.tree.size()).isLessThan(20);
  }

  @Test
  void an_array_within_an_array_of_the_same_class_through_other_fields_is_another_path() throws Exception {
    HprofBytes dump = new HprofBytes(8).type(0x100, "java.lang.Object", 0, 0, Map.of())
        .type(0x108, "com.acme.Plugin", 0x100, 0, Map.of(), "loader")
        .type(0x110, "com.acme.List", 0x100, 0, Map.of(), "table")
        .type(0x118, "[Ljava/lang/Object;", 0x100, 0, Map.of())
        .type(0x120, "com.acme.Plugins", 0x100, 0, Map.of("LOADED", 0x200L))
        .instance(0x200, 0x110, 0x210).array(0x210, 0x118, 0x230).instance(0x230, 0x108, 0x240)
        .instance(0x240, 0x110, 0x250).array(0x250, 0x118);
    HeapGraph graph = GraphBuilder.read(dump.write(directory, "nested.hprof"), HeapOptions.defaults());
    PathWalk walk = new PathWalk(graph, new BitSet());
    assertThat(walk.node(graph.index.ordinal(0x250))).isNotEqualTo(walk.node(graph.index.ordinal(0x210)));
    assertThat(walk.tree.text(walk.node(graph.index.ordinal(0x250))))
        .isEqualTo("com.acme.Plugins.LOADED -> List.table -> Object[][*] -> Plugin.loader -> List.table -> Object[]");
  }

  @Test
  void paths_deeper_than_the_deepest_still_count_each_class_for_itself() throws Exception {
    int classes = 500;
    HprofBytes dump = new HprofBytes(8).type(0x100, "java.lang.Object", 0, 0, Map.of())
        .type(0x108, "com.acme.Holder", 0x100, 0, Map.of("FIRST", 0x100_000L));
    for (int i = 0; i < classes; i++) {
      dump.type(0x1000 + 8L * i, "com.acme.Type" + i, 0x100, 0, Map.of(), "next");
      dump.instance(0x100_000 + 16L * i, 0x1000 + 8L * i, i + 1 < classes ? 0x100_000 + 16L * (i + 1) : 0);
    }
    HeapGraph graph = GraphBuilder.read(dump.write(directory, "deep.hprof"), HeapOptions.defaults());
    PathWalk walk = new PathWalk(graph, new BitSet());
    for (int i = 0; i < classes; i++) {
      int object = graph.index.ordinal(0x100_000 + 16L * i);
      assertThat(walk.tree.type(walk.node(object))).isEqualTo("com.acme.Type" + i);
      assertThat(walk.tree.count(walk.node(object))).isEqualTo(1);
    }
  }

  @Test
  void a_walk_that_keeps_no_parents_finds_the_same_paths() throws Exception {
    long seed = Long.getLong("seed", System.nanoTime());
    Random random = new Random(seed);
    HprofBytes dump = new HprofBytes(8).type(0x100, "java.lang.Object", 0, 0, Map.of())
        .type(0x108, "com.acme.A", 0x100, 0, Map.of("FIRST", 0x10_000L), "left", "right")
        .type(0x110, "com.acme.B", 0x100, 0, Map.of("FIRST", 0x10_010L), "left", "right");
    for (int i = 0; i < CELLS; i++) {
      dump.instance(0x10_000 + 16L * i, random.nextBoolean() ? 0x108 : 0x110, 0x10_000 + 16L * random.nextInt(CELLS), 0x10_000 + 16L * random.nextInt(CELLS));
    }
    HeapGraph graph = GraphBuilder.read(dump.write(directory, "random.hprof"), HeapOptions.defaults());
    PathWalk all = new PathWalk(graph, new BitSet());
    PathWalk nodes = PathWalk.nodesOf(graph);
    assertThat(nodes.reached()).as("seed %d", seed).isEqualTo(all.reached());
    assertThat(nodes.reachedBytes()).as("seed %d", seed).isEqualTo(all.reachedBytes());
    for (int object = 1; object <= CELLS; object++) {
      assertThat(nodes.node(object)).as("seed %d", seed).isEqualTo(all.node(object));
    }
    assertThatThrownBy(() -> nodes.parent(1)).isInstanceOf(IllegalStateException.class).hasMessageContaining("made for less");
  }
}
