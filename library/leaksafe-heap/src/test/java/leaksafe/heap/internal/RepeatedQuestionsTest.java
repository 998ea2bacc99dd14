package leaksafe.heap.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
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
  private static final int TIMES = 40;

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

  @Test
  void a_question_that_was_refused_leaves_room_for_others() throws Exception {
    // Paths take 32 bytes an object, retained sizes 58 and what they have for chunks of references.
    HeapDump dump = HeapDump.open(file, HeapOptions.builder().memoryBudget(4 << 20).parallelism(1).build());
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> dump.retained(5)).isInstanceOf(HeapDumpException.class).hasMessageContaining("budget of 4.0 MB");
      assertThat(dump.histogram(5).toText()).contains("java.lang.String");
    }
  }
}
