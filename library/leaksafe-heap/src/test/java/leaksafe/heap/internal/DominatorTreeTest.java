package leaksafe.heap.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import leaksafe.heap.HeapDump;
import leaksafe.heap.Report;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the dominator tree shows of the heap. */
@Timeout(60)
class DominatorTreeTest {
  private static final int NODES = 1000;
  /** A tree of four levels, deep enough for a chain. */
  private static final int TREE_NODES = 15;
  private static final long PAYLOAD_BYTES = 32;

  @TempDir
  Path directory;

  private static HprofBytes classes(String first) {
    return new HprofBytes(4).type(0x100, "java.lang.Object", 0, 0, Map.of())
        .type(0x108, "com.acme.Node", 0x100, 0, Map.of(), "next", "data")
        .type(0x110, "com.acme.Holder", 0x100, 0, Map.of(first, 0x1000L))
        .type(0x118, "[I", 0x100, 0, Map.of());
  }

  private Report.Tree tree(HprofBytes dump) throws Exception {
    return (Report.Tree) HeapDump.open(dump.write(directory, "tree.hprof")).retained(5).sections().get(0);
  }

  @Test
  void a_linked_list_is_one_node_with_all_that_its_links_hold() throws Exception {
    HprofBytes dump = classes("FIRST");
    for (int i = 0; i < NODES; i++) {
      dump.instance(0x1000 + 16L * i, 0x108, i + 1 < NODES ? 0x1000 + 16L * (i + 1) : 0, 0x9000 + 64L * i).ints(0x9000 + 64 * i, 1, 2, 3, 4, 5);
    }
    Report.Node holder = tree(dump).roots().get(0);
    assertThat(holder.children()).hasSize(1);
    Report.Node chain = holder.children().get(0);
    assertThat(chain.label()).isEqualTo("com.acme.Node@0x1000 and the chain behind it");
    assertThat(chain.count()).isEqualTo(NODES);
    assertThat(chain.bytes()).isEqualTo(NODES * (16 + PAYLOAD_BYTES));
    assertThat(chain.children()).containsExactly(new Report.Node("int[]", NODES, NODES * PAYLOAD_BYTES, java.util.List.of()));
  }

  @Test
  void a_tree_of_nodes_is_no_chain_and_neither_are_a_few() throws Exception {
    // The node with the number n has those with 2n and 2n + 1 below it.
    HprofBytes dump = classes("ROOT");
    for (int n = 1; n <= TREE_NODES; n++) {
      boolean isLeaf = 2 * n > TREE_NODES;
      dump.instance(0x1000 + 16L * (n - 1), 0x108, isLeaf ? 0 : 0x1000 + 16L * (2 * n - 1), isLeaf ? 0 : 0x1000 + 16L * (2 * n));
    }
    Report.Node root = tree(dump).roots().get(0).children().get(0);
    assertThat(root.label()).isEqualTo("com.acme.Node@0x1000");
    assertThat(root.children()).extracting(Report.Node::label).containsExactlyInAnyOrder("com.acme.Node@0x1010", "com.acme.Node@0x1020");
    HprofBytes few = classes("FIRST").instance(0x1000, 0x108, 0x1010, 0).instance(0x1010, 0x108, 0x1020, 0).instance(0x1020, 0x108, 0, 0);
    assertThat(tree(few).roots().get(0).children().get(0).children()).extracting(Report.Node::label).containsExactly("com.acme.Node@0x1010");
  }
}
