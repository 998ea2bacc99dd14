package leaksafe.heap.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import leaksafe.heap.HeapDump;
import leaksafe.heap.Report;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Dumps whose end is missing: what is there is analysed, and the notes say where they end. */
class CutDumpTest {
  private static final int OBJECTS = 100;
  private static final int OBJECT_BYTES = 25;
  /** The record that ends a dump. */
  private static final int END_BYTES = 9;

  @TempDir
  Path directory;

  private static HprofBytes objects() {
    HprofBytes dump = new HprofBytes(8).type(0x100, "java.lang.Object", 0, 0, Map.of()).type(0x108, "com.acme.Cell", 0x100, 0, Map.of()).segment();
    for (int i = 0; i < OBJECTS; i++) {
      dump.instance(0x1000 + 16L * i, 0x108);
    }
    return dump.end();
  }

  private Report histogram(byte[] bytes) throws Exception {
    return HeapDump.open(Files.write(directory.resolve("cut.hprof"), bytes)).histogram(5);
  }

  @Test
  void cut_within_an_object() throws Exception {
    byte[] whole = objects().bytes();
    int end = whole.length - END_BYTES;
    int length = end - 3 * OBJECT_BYTES - 7;
    Report report = histogram(Arrays.copyOf(whole, length));
    assertThat(report.toText()).containsPattern(OBJECTS - 4 + " .*com.acme.Cell");
    assertThat(report.notes()).contains("the last heap record should end at byte " + end + ": the dump is cut (at byte " + length + ")")
        .anyMatch(note -> note.startsWith("the dump ends in the midst of a record that began at byte " + (end - 4 * OBJECT_BYTES)));
  }

  @Test
  void cut_within_a_name() throws Exception {
    byte[] whole = objects().record(1, out -> out.write(new byte[50])).bytes();
    Report report = histogram(Arrays.copyOf(whole, whole.length - 10));
    assertThat(report.toText()).containsPattern(OBJECTS + " .*com.acme.Cell");
    assertThat(report.notes()).contains("the dump ends in the midst of a record that began at byte " + (whole.length - 59) + ": it is cut (at byte "
        + (whole.length - 10) + ")");
  }

  /** As of a virtual machine that died while it dumped: the record of the objects has no length yet. */
  @Test
  void never_finished() throws Exception {
    byte[] whole = objects().bytes();
    int body = whole.length - END_BYTES - OBJECTS * OBJECT_BYTES;
    ByteBuffer.wrap(whole).putInt(body - 4, 0);
    Report report = histogram(Arrays.copyOf(whole, whole.length - END_BYTES));
    assertThat(report.toText()).containsPattern(OBJECTS + " .*com.acme.Cell");
    assertThat(report.notes()).contains("a heap record has no length, the dump was not finished; it is read to the end (at byte " + body + ")");
  }
}
