package leaksafe.heap.forked;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import leaksafe.heap.HeapDump;
import leaksafe.heap.HeapDumpException;
import leaksafe.heap.HeapOptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A dump of a real program, plain and compressed, with ids of 8 bytes and of 4, cut and with wrong bytes: an answer or one exception with its
 * reason, within a budget.
 */
@Timeout(600)
class DamagedDumpTest {
  private static final long BUDGET = 96L << 20;
  private static final int RUNS = Math.max(16, Integer.getInteger("seeds", 0) / 5);

  @TempDir
  static Path directory;

  private static byte[] plain;
  private static byte[] compressed;
  private static byte[] narrow;
  private static byte[] narrowCompressed;

  @BeforeAll
  static void dump_a_program() throws Exception {
    Path first = directory.resolve("first.hprof");
    Process child = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx64m", "-XX:TieredStopAtLevel=1",
        "-XX:+UseSerialGC", "-cp", Path.of(Shape.class.getProtectionDomain().getCodeSource().getLocation().toURI()).toString(), LeakyProgram.class.getName(),
        first.toString(), directory.resolve("second.hprof").toString(), "50", "60", Shape.STATIC_MAP.name(), Shape.EPHEMERON.name())
        .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    assertThat(child.waitFor()).isZero();
    plain = Files.readAllBytes(first);
    compressed = compressed(plain);
    narrow = NarrowIds.of(plain);
    narrowCompressed = compressed(narrow);
  }

  private static byte[] compressed(byte[] bytes) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    }
    return out.toByteArray();
  }

  @Test
  void wrong_bytes_and_cuts_end_in_an_answer_or_in_one_reason() throws Exception {
    long seed = Long.getLong("seed", System.nanoTime());
    Random random = new Random(seed);
    for (int run = 0; run < RUNS; run++) {
      boolean isCompressed = run % 2 == 1;
      byte[] bytes = List.of(plain, compressed, narrow, narrowCompressed).get(run % 4).clone();
      for (int hits = random.nextInt(isCompressed ? 3 : 200); hits > 0; hits--) {
        int at = 31 + random.nextInt(bytes.length - 31);
        bytes[at] = (byte) (random.nextBoolean() ? random.nextInt(256) : random.nextBoolean() ? 0xFF : 0);
      }
      if (random.nextInt(3) == 0) {
        bytes = Arrays.copyOf(bytes, 1000 + random.nextInt(bytes.length - 1000));
      }
      analyse(bytes, "seed " + seed + ", run " + run);
    }
  }

  private static void analyse(byte[] bytes, String run) throws Exception {
    Path file = Files.write(directory.resolve("damaged.hprof"), bytes);
    HeapDump dump = HeapDump.open(file, HeapOptions.builder().memoryBudget(BUDGET).build());
    try {
      dump.histogram(5);
      dump.retained(5);
      dump.containers(5);
      dump.loaders(5);
      dump.ephemerons(5);
      dump.strings(5);
      dump.threads(5);
      dump.summary();
      dump.why("class:" + Shape.class.getName(), 3);
      dump.why("byte[]", 3);
    } catch (IllegalArgumentException e) {
      assertThat(e).as(run).hasMessageContaining("the dump has no class");
    } catch (HeapDumpException e) {
      assertThat(e).as(run).hasMessageMatching("(?s).*(byte|budget|dump).*");
    } catch (Throwable e) {
      throw new AssertionError(run, e);
    }
  }

  @Test
  void a_cut_compressed_dump_says_at_which_byte_and_answers_for_the_rest() throws Exception {
    Path file = Files.write(directory.resolve("cut.hprof.gz"), Arrays.copyOf(compressed, compressed.length / 10 * 9));
    assertThat(HeapDump.open(file).histogram(5).notes()).anyMatch(note -> note.contains("at byte"));
    assertThat(HeapDump.open(file).histogram(5).toText()).contains("byte[]");
  }

  @Test
  void a_damaged_head_of_compressed_data_is_refused_with_the_reason() throws Exception {
    byte[] wrong = compressed.clone();
    wrong[2] = 77; // the method of compression
    Path file = Files.write(directory.resolve("head.hprof.gz"), wrong);
    assertThatThrownBy(() -> HeapDump.open(file).histogram(5)).isInstanceOf(HeapDumpException.class).hasMessageContaining("is no gzip data");
    Path two = Files.write(directory.resolve("two.hprof.gz"), Arrays.copyOf(compressed, 2));
    assertThatThrownBy(() -> HeapDump.open(two).histogram(5)).isInstanceOf(HeapDumpException.class).hasMessageContaining("is no gzip data");
  }
}
