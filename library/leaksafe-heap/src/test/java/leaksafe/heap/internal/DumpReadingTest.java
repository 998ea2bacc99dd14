package leaksafe.heap.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import leaksafe.heap.HeapDump;
import leaksafe.heap.HeapDumpException;
import leaksafe.heap.HeapOptions;
import leaksafe.heap.ReferenceKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class DumpReadingTest {
  @TempDir
  Path directory;

  /** Holder.HELD -> A -> B, and an int array; one class of 2 fields. */
  private static HprofBytes small(int idSize) {
    return new HprofBytes(idSize)
        .type(0x100, "java.lang.Object", 0, 0, Map.of())
        .type(0x108, "com.acme.Cell", 0x100, 0, Map.of(), "next", "data")
        .type(0x110, "com.acme.Holder", 0x100, 0, Map.of("HELD", 0x200L))
        .type(0x118, "[I", 0x100, 0, Map.of())
        .instance(0x200, 0x108, 0x218, 0)
        .instance(0x218, 0x108, 0, 0x230)
        .ints(0x230, 1, 2, 3)
        .instance(0x248, 0x108, 0, 0);
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 8})
  void objects_targets_and_paths_are_those_of_the_dump(int idSize) throws Exception {
    HeapGraph graph = GraphBuilder.read(small(idSize).write(directory, "small.hprof"), HeapOptions.defaults());

    assertThat(graph.count).isEqualTo(8);
    PathWalk walk = new PathWalk(graph, new BitSet());
    int array = graph.index.ordinal(0x230);
    assertThat(graph.length(array)).isEqualTo(3);
    assertThat(graph.index.id(array)).isEqualTo(0x230);
    assertThat(walk.tree.text(walk.node(array))).isEqualTo("com.acme.Holder.HELD -> Cell.data -> int[]");
    assertThat(walk.isReachable(graph.index.ordinal(0x248))).isFalse();
    assertThat(graph.file.problems.list()).isEmpty();
  }

  @Test
  void four_byte_ids_mean_a_32_bit_layout() throws Exception {
    HeapGraph graph = GraphBuilder.read(small(4).write(directory, "small.hprof"), HeapOptions.defaults());
    assertThat(graph.size(graph.index.ordinal(0x200))).isEqualTo(16);
    assertThat(graph.size(graph.index.ordinal(0x230))).isEqualTo(24);
  }

  @Test
  void ids_that_are_not_aligned_are_told_apart() throws Exception {
    HprofBytes dump = new HprofBytes(4).type(1, "java.lang.Object", 0, 0, Map.of()).type(2, "[Ljava/lang/Object;", 1, 0, Map.of());
    for (int id = 10; id < 50; id++) {
      dump.array(id, 2, id + 1);
    }
    HeapGraph graph = GraphBuilder.read(dump.root(10).write(directory, "odd.hprof"), HeapOptions.defaults());
    assertThat(graph.count).isEqualTo(42);
    for (int id = 10; id < 50; id++) {
      assertThat(graph.index.id(graph.index.ordinal(id))).isEqualTo(id);
    }
  }

  /** As JDK 8 writes them: the first pass, which one thread makes, says where others may begin. */
  @Test
  void a_dump_in_one_segment_is_shared_out_from_the_second_pass_on() throws Exception {
    HprofBytes dump = small(8);
    for (int i = 0; i < 30; i++) {
      dump.ints(0x1_0000 + i * 0x10_0000L, new int[200_000]).instance(0x1_0000 + i * 0x10_0000L + 0xF_0000, 0x108, 0, 0);
    }
    Path path = dump.raw(0x77, 1, 2, 3).write(directory, "one.hprof");
    DumpFile file = new DumpFile(path, HeapOptions.builder().parallelism(3).build(), new MemoryBudget(Long.MAX_VALUE));
    for (int threads : new int[] {1, 3, 3}) {
      List<Long> ids = Collections.synchronizedList(new ArrayList<>());
      AtomicInteger made = new AtomicInteger();
      file.scan("objects", () -> {
        made.incrementAndGet();
        return new HeapVisitor() {
          @Override
          void object(long id, long classId, int kind, int length) {
            ids.add(id);
          }
        };
      });
      assertThat(made.get()).isEqualTo(threads);
      assertThat(ids).hasSize(64).doesNotHaveDuplicates();
    }
    assertThat(file.problems.list()).singleElement().asString().contains("begins with 0x77");
  }

  @Test
  void a_compressed_dump_gives_the_same_answers() throws Exception {
    byte[] plain = small(8).bytes();
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
      out.write(plain);
    }
    Path a = Files.write(directory.resolve("dump.hprof"), plain);
    Path b = Files.createDirectory(directory.resolve("zipped")).resolve("dump.hprof");
    Files.write(b, zipped.toByteArray());

    assertThat(HeapDump.open(b).histogram(10).toText()).isEqualTo(HeapDump.open(a).histogram(10).toText());
    assertThat(HeapDump.open(b).containers(10).toText()).isEqualTo(HeapDump.open(a).containers(10).toText());
  }

  @Test
  void referents_are_followed_as_the_options_say() throws Exception {
    HprofBytes dump = new HprofBytes(8)
        .type(0x100, "java.lang.Object", 0, 0, Map.of())
        .type(0x108, "java.lang.ref.Reference", 0x100, 0, Map.of(), "queue", "referent", "next", "discovered")
        .type(0x110, "java.lang.ref.WeakReference", 0x108, 0, Map.of())
        .type(0x118, "java.lang.ref.SoftReference", 0x108, 0, Map.of())
        .instance(0x200, 0x110, 0, 0x300, 0, 0)
        .instance(0x230, 0x118, 0, 0x310, 0, 0)
        .instance(0x300, 0x100).instance(0x310, 0x100)
        .root(0x200).root(0x230);
    HeapGraph graph = GraphBuilder.read(dump.write(directory, "references.hprof"), HeapOptions.defaults());
    int weakly = graph.index.ordinal(0x300);
    int softly = graph.index.ordinal(0x310);

    PathWalk usual = new PathWalk(graph, new BitSet());
    assertThat(usual.isReachable(weakly)).isFalse();
    assertThat(usual.isReachable(softly)).isTrue();
    graph.follow(Set.of(ReferenceKind.WEAK));
    PathWalk weak = new PathWalk(graph, new BitSet());
    assertThat(weak.isReachable(weakly)).isTrue();
    assertThat(weak.isReachable(softly)).isFalse();
    assertThat(graph.referent(graph.index.ordinal(0x200))).isEqualTo(weakly);
  }

  @Test
  void a_cut_dump_is_analysed_up_to_the_cut_and_says_so() throws Exception {
    byte[] whole = small(8).bytes();
    for (int length = whole.length - 1; length > 40; length -= 7) {
      Path cut = Files.write(directory.resolve("cut.hprof"), Arrays.copyOf(whole, length));
      assertThat(HeapDump.open(cut).histogram(10).notes()).as("cut to %d", length).anyMatch(note -> note.contains("at byte") || note.contains("no heap"));
    }
  }

  @Test
  void a_damaged_segment_does_not_hide_the_next() throws Exception {
    HprofBytes dump = small(8).segment().raw(0x77, 1, 2, 3).segment().type(0x120, "com.acme.Late", 0x100, 0, Map.of()).instance(0x300, 0x120);
    assertThat(HeapDump.open(dump.write(directory, "hole.hprof")).histogram(20).toText())
        .contains("com.acme.Late").contains("0x77, which is no tag");
  }

  @Test
  void what_is_no_dump_is_refused_with_the_reason() throws Exception {
    Path text = Files.writeString(directory.resolve("text.hprof"), "this is a text");
    assertThatThrownBy(() -> HeapDump.open(text).histogram(1)).isInstanceOf(HeapDumpException.class).hasMessageContaining("is no heap dump");
    Path empty = Files.write(directory.resolve("empty.hprof"), new byte[0]);
    assertThatThrownBy(() -> HeapDump.open(empty).histogram(1)).isInstanceOf(HeapDumpException.class).hasMessageContaining("empty.hprof is empty");
    Path head = Files.writeString(directory.resolve("head.hprof"), "JAVA PRO");
    assertThatThrownBy(() -> HeapDump.open(head).histogram(1)).isInstanceOf(HeapDumpException.class).hasMessageContaining("ends within its header");
    assertThatThrownBy(() -> HeapDump.open(directory.resolve("none")).histogram(1)).hasMessageContaining("there is no file");
  }

  @Test
  void a_budget_that_is_too_small_is_announced() {
    HeapOptions tight = HeapOptions.builder().memoryBudget(1000).build();
    Path file = small(8).write(directory, "small.hprof");
    assertThatThrownBy(() -> HeapDump.open(file, tight).histogram(1))
        .isInstanceOf(HeapDumpException.class).hasMessageContaining("budget of 1000 B").hasMessageContaining("raise the budget");
  }

  @Test
  void a_huge_count_allocates_nothing() throws Exception {
    HprofBytes dump = small(8).raw(0x22, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0x7F, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0, 0, 0, 1, 0);
    assertThat(HeapDump.open(dump.write(directory, "huge.hprof")).histogram(10).toText()).contains("length is 2147483647, which is too much");
  }

  /** Whatever the bytes, an analysis ends with a report or with one exception that has an offset or a reason. */
  @Test
  void no_damage_makes_it_hang_or_fail_otherwise() throws Exception {
    long seed = Long.getLong("seed", System.nanoTime());
    Random random = new Random(seed);
    for (int run = 0; run < 400; run++) {
      byte[] bytes = small(run % 2 == 0 ? 4 : 8).bytes();
      for (int hits = 1 + random.nextInt(4); hits > 0; hits--) {
        int at = 19 + random.nextInt(bytes.length - 19);
        bytes[at] = (byte) (random.nextBoolean() ? random.nextInt(256) : random.nextBoolean() ? 0xFF : 0);
      }
      if (random.nextInt(3) == 0) {
        bytes = Arrays.copyOf(bytes, 20 + random.nextInt(bytes.length - 20));
      }
      HeapDump dump = HeapDump.open(Files.write(directory.resolve("fuzz.hprof"), bytes), HeapOptions.builder().memoryBudget(64 << 20).build());
      try {
        dump.histogram(5);
        dump.retained(5);
        dump.containers(5);
        dump.loaders(5);
        dump.ephemerons(5);
        dump.strings(5);
        dump.threads(5);
        dump.summary();
      } catch (HeapDumpException e) {
        assertThat(e).hasMessageMatching("(?s).*(byte|budget|dump).*");
      } catch (Throwable e) {
        throw new AssertionError("seed " + seed + ", run " + run, e);
      }
    }
  }
}
