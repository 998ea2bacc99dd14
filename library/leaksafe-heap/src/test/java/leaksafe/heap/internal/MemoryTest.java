package leaksafe.heap.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import leaksafe.heap.HeapDump;
import leaksafe.heap.HeapOptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an analysis takes by its own account, and that the account is true: in a VM with no more heap than that. */
class MemoryTest {
  private static final int ENTRIES = 200_000;
  /** A node, its key, the text of the key. */
  private static final int OBJECTS = 3 * ENTRIES;
  private static final long FIRST_ID = 0x1_0000_0000L;
  private static final int OBJECT = 8;
  private static final int NODE = 16;
  private static final int KEY = 24;
  private static final int NODES = 32;
  private static final int INTS = 40;
  private static final int HOLDER = 48;

  private static final long MB = 1 << 20;
  private static final int TREE_BYTES = 24;
  private static final int PATH_BYTES = 32;
  private static final int RETAINED_BYTES = 58;
  /** What a VM has beside the tables: classes, buffers of 1 MB a thread, the report. */
  private static final long VM = 10 * MB;
  private static final String ANSWER = "the table";

  @TempDir
  static Path directory;

  private static Path dump;

  /** A map like those of HashMap, 32 bytes a node and 24 a key and its text, as a heap has them: one object behind the other. */
  @BeforeAll
  static void writes_a_dump() {
    HprofBytes bytes = new HprofBytes(8).type(OBJECT, "java.lang.Object", 0, 0, Map.of())
        .type(NODE, "acme.Node", OBJECT, 0, Map.of(), "key", "value", "next").type(KEY, "acme.Key", OBJECT, 0, Map.of(), "text")
        .type(NODES, "[Lacme.Node;", OBJECT, 0, Map.of()).type(INTS, "[I", OBJECT, 0, Map.of());
    long id = FIRST_ID;
    long[] nodes = new long[ENTRIES];
    for (int i = 0; i < ENTRIES; i++, id += 88) {
      nodes[i] = id;
      bytes.instance(id, NODE, id + 32, id + 32, i % 4 == 0 || i == 1 ? 0 : nodes[i - 1]).instance(id + 32, KEY, id + 56).ints(id + 56, i, i, i, i);
      if (i % 10_000 == 0) {
        bytes.segment();
      }
    }
    bytes.array(id, NODES, nodes).type(HOLDER, "acme.Holder", OBJECT, 0, Map.of("TABLE", id));
    dump = bytes.write(directory, "map.hprof");
  }

  /** By one thread: with several it is chance how full the last chunk of each is. */
  private static HeapGraph read() throws IOException {
    HeapGraph graph = GraphBuilder.read(dump, HeapOptions.builder().parallelism(1).build());
    assertThat(graph.count).isBetween((long) OBJECTS, OBJECTS + 10L);
    return graph;
  }

  private static double bytesAnObject(HeapGraph graph) {
    return (double) graph.file.budget.peak() / OBJECTS;
  }

  @Test
  void paths_take_24_bytes_an_object_and_32_if_each_can_be_asked_for() throws Exception {
    HeapGraph graph = read();
    PathWalk.nodesOf(graph);
    assertThat(bytesAnObject(graph)).isBetween(TREE_BYTES - 2.0, (double) TREE_BYTES);
    PathWalk walk = new PathWalk(graph, new BitSet());
    assertThat(walk.reached()).isGreaterThanOrEqualTo(OBJECTS);
    assertThat(bytesAnObject(graph)).isBetween(PATH_BYTES - 2.0, (double) PATH_BYTES);
  }

  @Test
  void retained_sizes_take_58_bytes_an_object() throws Exception {
    HeapGraph graph = read();
    PathWalk walk = PathWalk.nodesOf(graph);
    Dominators dominators = new Dominators(graph, walk.seeds());
    new RetainedQuestion(graph, walk, dominators).sections(1);
    assertThat(dominators.count()).isGreaterThanOrEqualTo(OBJECTS);
    assertThat(bytesAnObject(graph)).isBetween(RETAINED_BYTES - 2.0, (double) RETAINED_BYTES);
  }

  @Test
  void what_was_claimed_is_what_the_VM_needs() throws Exception {
    assertThat(ask("why", VM + OBJECTS * PATH_BYTES)).isEqualTo(ANSWER);
    assertThat(ask("retained", VM + OBJECTS * RETAINED_BYTES)).isEqualTo(ANSWER);
    assertThat(ask("retained", VM + OBJECTS * TREE_BYTES)).contains("-Xmx");
  }

  /**
   * To half a byte an object, for each kind of table: a VM that has room for what was claimed, and some, would not notice small differences.
   */
  @Test
  void what_was_claimed_is_what_the_heap_holds() throws Exception {
    List<String> weighed = run(List.of("-Xmx512m", "-XX:+UseSerialGC", "-XX:MarkSweepDeadRatio=0"), Weighing.class, dump.toString()).lines().toList();
    assertThat(weighed).hasSize(Weighing.TABLES.size());
    for (int i = 0; i < weighed.size(); i++) {
      String[] claimedAndHeld = weighed.get(i).split(" ");
      assertThat(Double.parseDouble(claimedAndHeld[0])).as(Weighing.TABLES.get(i)).isGreaterThan(1)
          .isCloseTo(Double.parseDouble(claimedAndHeld[1]), within(0.5));
    }
  }

  /** In the VM in which paths find no room, so that the bound does not come from the dump being small. */
  @Test
  void the_census_takes_no_more_for_more_objects() throws Exception {
    assertThat(ask("why", VM)).contains("-Xmx");
    assertThat(ask("containers", VM)).isEqualTo(ANSWER);
  }

  private static String ask(String question, long heap) throws IOException, InterruptedException {
    return run(List.of("-Xmx" + heap / MB + "m", "-XX:+UseSerialGC", "-Xmn4m", "-XX:TieredStopAtLevel=1"), Asking.class, question, dump.toString());
  }

  private static String run(List<String> options, Class<?> main, String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(Arrays.asList(arguments));
    Process child = new ProcessBuilder(command).redirectErrorStream(true).start();
    String answer = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    child.waitFor();
    return answer;
  }

  /** Says of each kind of table how many bytes an object it claims, and how many more the heap has in use for it. */
  static final class Weighing {
    static final List<String> TABLES = List.of("graph", "paths", "queue", "references off the tree", "dominators");

    private final MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
    private final List<Object> kept = new ArrayList<>();
    private long claimed;
    private long used;

    private Weighing() {}

    public static void main(String[] args) throws Exception {
      HeapGraph loading = GraphBuilder.read(Path.of(args[0]), HeapOptions.defaults());
      new Dominators(loading, PathWalk.nodesOf(loading).seeds());
      loading = null;
      new Weighing().weigh(Path.of(args[0]));
    }

    private void weigh(Path dump) throws Exception {
      used(); // What the bean itself loads is in the heap only from here on.
      used = used();
      HeapGraph graph = GraphBuilder.read(dump, HeapOptions.builder().parallelism(2).build());
      MemoryBudget budget = graph.file.budget;
      say(graph, budget);
      PathWalk walk = new PathWalk(graph, new BitSet());
      say(walk, budget);
      LongQueue queue = new LongQueue(budget);
      CrossEdges edges = new CrossEdges(OBJECTS + 1, budget);
      used = used();
      claimed = budget.claimed();
      for (int i = 1; i <= OBJECTS; i++) {
        queue.add(i);
      }
      say(queue, budget);
      for (int i = 1; i <= OBJECTS; i++) {
        edges.add(i, i);
      }
      say(edges, budget);
      say(new Dominators(graph, walk.seeds()), budget);
      Reference.reachabilityFence(kept);
    }

    private void say(Object table, MemoryBudget budget) throws InterruptedException {
      kept.add(table);
      long nowUsed = used();
      long nowClaimed = budget.claimed();
      System.out.println((double) (nowClaimed - claimed) / OBJECTS + " " + (double) (nowUsed - used) / OBJECTS);
      used = nowUsed;
      claimed = nowClaimed;
    }

    /** As soon as it falls no more: a thread that has read the dump may hold its buffers until it has quite ended. */
    private long used() throws InterruptedException {
      long least = Long.MAX_VALUE;
      for (int stays = 0; stays < 3; ) {
        System.gc();
        long now = memory.getHeapMemoryUsage().getUsed();
        stays = now < least ? 0 : stays + 1;
        least = Math.min(least, now);
        Thread.sleep(10);
      }
      return least;
    }
  }

  /** Asks one question about a dump, and says what of the map is in the answer, or else why there is none. */
  static final class Asking {
    private Asking() {}

    public static void main(String[] args) {
      HeapDump dump = HeapDump.open(Path.of(args[1]), HeapOptions.builder().parallelism(2).build());
      try {
        String text = switch (args[0]) {
          case "why" -> dump.why("acme.Node", 1).toText();
          case "retained" -> dump.retained(5).toText();
          default -> dump.containers(5).toText();
        };
        System.out.println(text.contains("acme.Holder.TABLE") || text.contains("TABLE: acme.Node[]") ? ANSWER : text);
      } catch (IOException | RuntimeException e) {
        System.out.println(e.getMessage());
      }
    }
  }
}
