package leaksafe.heap.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import leaksafe.heap.HeapDumpException;
import leaksafe.heap.HeapOptions;
import leaksafe.heap.Report;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Objects with numbers, and references at positions, beyond 2<sup>31</sup>: the numbers of a small real dump begin there. The answers have to
 * be those for the same dump with small numbers. Questions that look at all numbers, of objects that are not there too, take a minute and
 * are asked in the slow build alone.
 */
@Timeout(600)
class LargeNumbersTest {
  private static final boolean SLOW = Integer.getInteger("seeds", 0) >= 5000;
  private static final long HALF = 1L << 31;
  private static final long MOST_OBJECTS = 0xFFFF_FFFDL;
  private static final int CHUNK_SHIFT = 18;
  private static final String KEPT = "leaksafe.heap.forked.Shape$Session";

  @TempDir
  static Path directory;

  private static Path dump;

  @BeforeAll
  static void dump_a_program() throws Exception {
    dump = directory.resolve("first.hprof");
    List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx64m",
        "-XX:TieredStopAtLevel=1", "-cp", Path.of(LargeNumbersTest.class.getProtectionDomain().getCodeSource().getLocation().toURI()).toString(),
        "leaksafe.heap.forked.LeakyProgram", dump.toString(), directory.resolve("second.hprof").toString(), "200", "201"));
    command.addAll(List.of("STATIC_MAP", "THREAD_LOCAL", "CLASS_LOADER", "LINKED_QUEUE", "EPHEMERON"));
    Process child = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    assertThat(child.waitFor()).isZero();
  }

  private static HeapGraph graph(long firstObject, long firstPosition, int threads) throws Exception {
    HeapOptions options = HeapOptions.builder().parallelism(threads).build();
    HeapGraph graph = new HeapGraph(new HeapIndexer(new DumpFile(dump, options, new MemoryBudget(Long.MAX_VALUE, firstObject))));
    graph.edges.filling.addAll(Collections.nCopies((int) (firstPosition >>> CHUNK_SHIFT), new int[0]));
    return GraphBuilder.fill(graph);
  }

  private static HeapGraph graph() throws Exception {
    return graph(1, 0, 2);
  }

  /** The answers that look at what is reachable only. */
  private static List<Object> answers(HeapGraph graph) throws Exception {
    PathWalk walk = new PathWalk(graph, new BitSet());
    List<Object> answers = new ArrayList<>(new RetainedQuestion(graph, walk, new Dominators(graph, walk.seeds())).sections(1000));
    answers.addAll(new EphemeronsQuestion(graph, walk).sections(20));
    ByteArrayOutputStream summary = new ByteArrayOutputStream();
    Summaries.of(graph, PathWalk.nodesOf(graph)).write(new DataOutputStream(summary));
    answers.add(Collections.singletonList(java.util.HexFormat.of().formatHex(summary.toByteArray())));
    return answers;
  }

  /** The answers that look at all objects. */
  private static List<Object> allAnswers(HeapGraph graph) throws Exception {
    PathWalk walk = new PathWalk(graph, new BitSet());
    List<Object> answers = new ArrayList<>();
    answers.addAll(new WhyQuestion(graph, walk, 5, new BitSet()).sections(KEPT));
    answers.addAll(new WhyQuestion(graph, walk, 5, new BitSet()).sections("class:" + KEPT));
    answers.addAll(new LoadersQuestion(graph, walk).sections(20));
    answers.addAll(new ThreadsQuestion(graph, walk).sections(20));
    answers.addAll(new StringsQuestion(graph).sections(20));
    Report.Table classes = Histogram.of(graph).table(1000);
    // The numbers below the first are counted as objects of no class.
    answers.add(classes.rows().stream().filter(row -> !String.valueOf(row.get(2)).contains("missing")).toList());
    return answers;
  }

  @Test
  void answers_do_not_depend_on_the_numbers_of_objects() throws Exception {
    HeapGraph small = graph();
    List<Object> expected = answers(small);
    assertThat(expected.toString()).contains("Shape.SESSIONS", "Shape.EXTRAS");
    HeapGraph half = graph(HALF - small.count / 2, 0, 2);
    assertThat(half.count).isEqualTo(HALF + small.count / 2 + small.count % 2 - 1);
    assertThat(answers(half)).isEqualTo(expected);
    HeapGraph last = graph(MOST_OBJECTS - small.count + 1, 0, 2);
    assertThat(last.count).isEqualTo(MOST_OBJECTS);
    assertThat(answers(last)).isEqualTo(expected);
    assertThatThrownBy(() -> graph(MOST_OBJECTS - small.count + 2, 0, 2)).isInstanceOf(HeapDumpException.class)
        .hasMessage("the dump has 4294967294 objects, more than 4294967293");
  }

  @Test
  void answers_that_look_at_all_objects_do_not_depend_on_their_numbers_either() throws Exception {
    HeapGraph small = graph();
    List<Object> expected = allAnswers(small);
    assertThat(expected.toString()).contains("SESSIONS", "PLUGINS", "thread-locals");
    // A few numbers beyond those that are there, which costs no time, or all.
    assertThat(allAnswers(graph(SLOW ? HALF - small.count / 2 : 1 << 23, 0, 2))).isEqualTo(expected);
  }

  @Test
  void answers_do_not_depend_on_the_positions_of_references() throws Exception {
    List<Object> expected = answers(graph());
    for (long first : new long[] {HALF - (1 << CHUNK_SHIFT), 2 * HALF - (1 << CHUNK_SHIFT), 1L << 39}) {
      assertThat(answers(graph(1, first, 2))).as("from %d on", first).isEqualTo(expected);
    }
    assertThatThrownBy(() -> graph(1, (1L << 40) - (1 << CHUNK_SHIFT), 1)).isInstanceOf(HeapDumpException.class)
        .hasMessageContaining("more than 1099511627776 fields and elements");
  }

  @Test
  void what_marks_an_object_of_this_VM_is_refused_where_numbers_are_no_positive_ints() throws Exception {
    HeapGraph large = graph(HALF, 0, 1);
    assertThatThrownBy(() -> Analysis.checkPositive(large)).isInstanceOf(HeapDumpException.class)
        .hasMessage("this question can be asked of up to 2147483647 objects, the dump has " + large.count);
    Analysis.checkPositive(graph());
  }
}
