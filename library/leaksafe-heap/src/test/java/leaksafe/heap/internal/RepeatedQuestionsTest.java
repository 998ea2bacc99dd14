package leaksafe.heap.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.BitSet;
import java.util.Map;
import leaksafe.heap.HeapDump;
import leaksafe.heap.HeapDumpException;
import leaksafe.heap.HeapOptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A dump that is kept open and asked many questions, within a budget that each of them fits. */
@Timeout(180)
class RepeatedQuestionsTest {
  private static final int ENTRIES = 10_000;
  private static final long BUDGET = 16 << 20;
  private static final int TIMES = 15;

  @TempDir
  static Path directory;

  private static Path file;

  /** Many strings, each with a weak entry whose value is its key, in one chain of entries. */
  @BeforeAll
  static void writes_a_dump() {
    HprofBytes dump = new HprofBytes(8).type(0x100, "java.lang.Object", 0, 0, Map.of())
        .type(0x108, "java.lang.ref.Reference", 0x100, 0, Map.of(), "queue", "referent", "next", "discovered")
        .type(0x110, "java.lang.ref.WeakReference", 0x108, 0, Map.of())
        .type(0x118, "com.acme.Entry", 0x110, 0, Map.of(), "value", "nextEntry")
        .type(0x120, "java.lang.String", 0x100, 0, Map.of(), "value")
        .type(0x128, "com.acme.Holder", 0x100, 0, Map.of("FIRST", 0x10_0000L));
    for (int i = 0; i < ENTRIES; i++) {
      long entry = 0x10_0000 + 128L * i;
      long next = i + 1 < ENTRIES ? entry + 128 : 0;
      dump.instance(entry, 0x118, entry + 56, next, 0, entry + 56, 0, 0).instance(entry + 56, 0x120, entry + 80).bytes(entry + 80, "text" + i);
    }
    file = dump.write(directory, "many.hprof");
  }

  @Test
  void each_question_can_be_asked_as_often_as_one_likes() throws Exception {
    HeapDump dump = HeapDump.open(file, HeapOptions.builder().memoryBudget(BUDGET).parallelism(1).build());
    String retained = dump.retained(5).toText();
    String ephemerons = dump.ephemerons(5).toText();
    String strings = dump.strings(5).toText();
    assertThat(retained).contains("com.acme.Entry@0x100000 and the chain behind it");
    assertThat(ephemerons).contains("10 000  ");
    assertThat(strings).contains("10 000 strings, 10 000 different contents");
    for (int i = 0; i < TIMES; i++) {
      assertThat(dump.retained(5).toText()).isEqualTo(retained);
      assertThat(dump.ephemerons(5).toText()).isEqualTo(ephemerons);
      assertThat(dump.strings(5).toText()).isEqualTo(strings);
      assertThat(dump.why("0x100080", 5).toText()).contains("FIRST: com.acme.Entry");
      dump.threads(5);
      dump.loaders(5);
    }
  }

  private interface Question {
    void ask(HeapGraph graph, PathWalk walk) throws Exception;
  }

  @Test
  void each_question_gives_back_all_that_it_took() throws Exception {
    HeapGraph graph = GraphBuilder.read(file, HeapOptions.builder().contents(true).build());
    PathWalk walk = new PathWalk(graph, new BitSet());
    long kept = graph.file.budget.claimed();
    Map<String, Question> questions = Map.of(
        "ephemerons", (g, w) -> new EphemeronsQuestion(g, w).sections(5),
        "loaders", (g, w) -> new LoadersQuestion(g, w).sections(5),
        "retained", (g, w) -> {
          Dominators dominators = new Dominators(g, w.seeds());
          new RetainedQuestion(g, w, dominators).sections(5);
          dominators.release();
        },
        "strings", (g, w) -> new StringsQuestion(g).sections(5),
        "threads", (g, w) -> new ThreadsQuestion(g, w).sections(5),
        "why", (g, w) -> new WhyQuestion(g, w, 5, new BitSet()).sections("0x100080"));
    for (Map.Entry<String, Question> question : questions.entrySet()) {
      question.getValue().ask(graph, walk);
      assertThat(graph.file.budget.claimed()).as(question.getKey()).isEqualTo(kept);
    }
  }

  @Test
  void a_question_that_was_refused_leaves_nothing_taken() {
    HeapDump dump = HeapDump.open(file, HeapOptions.builder().memoryBudget(4 << 20).parallelism(1).build());
    String reason = refusal(dump);
    for (int i = 0; i < 3; i++) {
      assertThat(refusal(dump)).isEqualTo(reason).contains(" of the budget of 4.0 MB are taken");
    }
  }

  private static String refusal(HeapDump dump) {
    return assertThatThrownBy(() -> dump.retained(5)).isInstanceOf(HeapDumpException.class).actual().getMessage();
  }
}
