package leaksafe.heap.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.zip.GZIPOutputStream;
import leaksafe.heap.HeapDump;
import leaksafe.heap.HeapDumpException;
import leaksafe.heap.HeapOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Dumps that are right, but not as HotSpot writes them, and dumps made to do harm. */
@Timeout(60)
class UnusualDumpTest {
  private static final int READ_AT_ONCE = 1 << 14;

  @TempDir
  Path directory;

  private HeapGraph read(HprofBytes dump) throws Exception {
    return GraphBuilder.read(dump.write(directory, "dump.hprof"), HeapOptions.defaults());
  }

  private static String path(HeapGraph graph, long id) throws Exception {
    PathWalk walk = new PathWalk(graph, new BitSet());
    return walk.tree.text(walk.node(graph.index.ordinal(id)));
  }

  private static HprofBytes objects() {
    return new HprofBytes(8).type(0x100, "java.lang.Object", 0, 0, Map.of());
  }

  @Test
  void objects_may_come_before_their_classes_and_names_between_segments() throws Exception {
    HprofBytes dump = new HprofBytes(8).instance(0x200, 0x108, 0x210, 0).segment()
        .array(0x210, 0x118, 0x220, 0).segment()
        .type(0x108, "com.acme.Cell", 0x100, 0, Map.of(), "next", "data").segment()
        .instance(0x220, 0x108, 0, 0)
        .type(0x110, "com.acme.Holder", 0x100, 0, Map.of("HELD", 0x200L)).segment()
        .type(0x118, "[Lcom.acme.Cell;", 0x100, 0, Map.of())
        .type(0x100, "java.lang.Object", 0, 0, Map.of());
    HeapGraph graph = read(dump);
    assertThat(path(graph, 0x220)).isEqualTo("com.acme.Holder.HELD -> Cell.next -> Cell[][*] -> Cell");
    assertThat(graph.file.problems.list()).isEmpty();
  }

  @Test
  void an_array_of_a_class_that_is_missing_still_leads_to_its_elements() throws Exception {
    HprofBytes dump = objects().type(0x110, "com.acme.Holder", 0x100, 0, Map.of("HELD", 0x200L))
        .array(0x200, 0x7000, 0x210).instance(0x210, 0x100).instance(0x220, 0x7008);
    HeapGraph graph = read(dump);
    assertThat(path(graph, 0x210)).startsWith("com.acme.Holder.HELD -> ").endsWith("[*] -> Object");
    assertThat(graph.file.problems.list()).hasSize(1).first().asString().startsWith("2 objects are of classes that the dump does not have");
  }

  @Test
  void a_class_of_two_loaders_is_one_by_name_and_two_by_loader() throws Exception {
    HprofBytes dump = objects().type(0x108, "com.acme.Loader", 0x100, 0, Map.of())
        .type(0x110, "com.acme.Plugin", 0x100, 0x200, Map.of()).type(0x118, "com.acme.Plugin", 0x100, 0x210, Map.of())
        .instance(0x200, 0x108).instance(0x210, 0x108)
        .instance(0x220, 0x110).instance(0x230, 0x118).root(0x220).root(0x230);
    Path file = dump.write(directory, "twice.hprof");
    assertThat(HeapDump.open(file).histogram(20).toText()).containsPattern("2 +\\d+ B +com.acme.Plugin");
    assertThat(HeapDump.open(file).why("com.acme.Plugin", 5).toText()).contains("com.acme.Plugin  (2,");
    assertThat(HeapDump.open(file).loaders(5).toText()).contains("com.acme.Loader@0x200", "com.acme.Loader@0x210");
    assertThat(HeapDump.open(file).retained(9).toText()).contains("com.acme.Loader@0x200", "com.acme.Loader@0x210");
  }

  @Test
  void arrays_may_be_empty_or_longer_than_what_is_stored_in_one_piece() throws Exception {
    int piece = 1 << 18;
    HprofBytes dump = objects().type(0x108, "[Ljava.lang.Object;", 0x100, 0, Map.of()).array(0x1000, 0x108);
    long id = 0x10000;
    int[] lengths = {piece - 2, 1, piece - 1, piece, 1, piece + 1, 3 * piece + 7, 0, 2};
    for (int length : lengths) {
      dump.array(id, 0x108, LongStream.range(0, length).map(i -> i == length - 1 ? 0x1000 : 0).toArray()).root(id);
      id += 0x1000;
    }
    HeapGraph graph = read(dump);
    HeapGraph.Cursor cursor = new HeapGraph.Cursor();
    int last = graph.index.ordinal(0x1000);
    for (int i = 0; i < lengths.length; i++) {
      int array = graph.index.ordinal(0x10000 + 0x1000L * i);
      assertThat(graph.length(array)).isEqualTo(lengths[i]);
      graph.open(array, cursor);
      assertThat(cursor.to - cursor.from).isEqualTo(lengths[i]);
      if (lengths[i] > 0) {
        assertThat(cursor.targets[cursor.to - 1]).as("last of %d", lengths[i]).isEqualTo(last);
      }
    }
    assertThat(path(graph, 0x1000)).isEqualTo("<root> java.lang.Object[]");
  }

  @Test
  void ids_at_the_end_of_what_an_address_can_be_are_objects_as_others() throws Exception {
    long high = 0xFFFF_FFFF_FFFF_FFF0L;
    HprofBytes dump = objects().type(0x108, "com.acme.Cell", 0x100, 0, Map.of(), "next")
        .instance(high, 0x108, 0x200).instance(0x200, 0x108, high).root(high);
    HeapGraph graph = read(dump);
    assertThat(graph.index.id(graph.index.ordinal(high))).isEqualTo(high);
    assertThat(path(graph, 0x200)).isEqualTo("<root> com.acme.Cell");
  }

  @Test
  void a_stack_trace_shorter_than_its_head_is_left_out_wherever_it_lies() throws Exception {
    for (int distance = 0; distance < 60; distance++) {
      // What is skipped leaves an empty buffer; the name fills all but the given distance of what is read next.
      int name = READ_AT_ONCE - 17 - distance;
      HprofBytes dump = objects().record(0x0D, out -> out.write(new byte[3 * READ_AT_ONCE])).record(1, out -> out.write(new byte[8 + name]))
          .record(5, out -> {}).record(5, out -> out.writeInt(1)).record(5, out -> out.writeLong(1));
      assertThat(HeapDump.open(dump.root(0x100).write(directory, "trace.hprof")).histogram(5).toText()).as("distance %d", distance).contains("1 objects");
    }
  }

  @Test
  void a_dump_that_is_cut_between_two_records_says_so() throws Exception {
    byte[] whole = objects().instance(0x200, 0x100).segment().bytes();
    Path file = Files.write(directory.resolve("cut.hprof"), whole);
    assertThat(HeapDump.open(file).histogram(5).notes()).anyMatch(note -> note.contains("cut between two records"));
  }

  @Test
  void damage_within_compressed_data_is_told_from_its_end() throws Exception {
    HprofBytes dump = objects();
    for (int i = 0; i < 20_000; i++) {
      dump.instance(0x1000 + 16L * i * (i % 7 + 1), 0x100);
    }
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
      out.write(dump.end().bytes());
    }
    byte[] bytes = zipped.toByteArray();
    for (int i = bytes.length / 2; i < bytes.length / 2 + 200; i++) {
      bytes[i] = (byte) 0xFF;
    }
    Path file = Files.write(directory.resolve("damaged.hprof.gz"), bytes);
    assertThat(HeapDump.open(file).histogram(5).notes()).anyMatch(note -> note.startsWith("the compressed data is damaged"));
  }

  /** Few bytes of a dump, each of which would cost thousands of the heap, or a second. */
  @Test
  void classes_that_inherit_more_than_there_is_room_for_are_announced_by_the_budget() {
    String[] fields = new String[60_000];
    Arrays.setAll(fields, i -> "f");
    HprofBytes dump = objects().type(0x108, "com.acme.Wide", 0x100, 0, Map.of(), fields);
    for (int i = 0; i < 5000; i++) {
      dump.type(0x1000 + 8L * i, "com.acme.Narrow", 0x108, 0, Map.of());
    }
    Path file = dump.write(directory, "wide.hprof");
    HeapOptions options = HeapOptions.builder().memoryBudget(48 << 20).build();
    assertThatThrownBy(() -> HeapDump.open(file, options).histogram(1)).isInstanceOf(HeapDumpException.class).hasMessageContaining("budget of 48.0 MB");
    assertThatThrownBy(() -> HeapDump.open(file, options).containers(1)).isInstanceOf(HeapDumpException.class).hasMessageContaining("budget of 48.0 MB");
  }

  @Test
  void the_longest_of_very_many_queues_is_found() throws Exception {
    String queue = "java.util.concurrent.ConcurrentLinkedQueue";
    HprofBytes dump = objects().type(0x108, queue, 0x100, 0, Map.of(), "head", "tail")
        .type(0x110, queue + "$Node", 0x100, 0, Map.of(), "item", "next");
    long id = 0x10000;
    for (int i = 0; i < 70_000; i++) {
      dump.instance(id, 0x108, id + 32, id + 32).instance(id + 32, 0x110, 0, 0).root(id);
      id += 64;
    }
    long longest = id;
    dump.instance(longest, 0x108, longest + 32, 0).root(longest);
    for (int i = 1; i <= 500; i++) {
      dump.instance(longest + 32L * i, 0x110, 0x100, i == 500 ? 0 : longest + 32L * (i + 1));
    }
    String text = HeapDump.open(dump.write(directory, "queues.hprof")).containers(3).toText();
    assertThat(text).containsPattern("500 .*ConcurrentLinkedQueue");
  }

  @Test
  void a_class_may_be_its_own_superclass_or_that_of_its_superclass() throws Exception {
    HprofBytes dump = new HprofBytes(8).type(0x100, "com.acme.A", 0x108, 0, Map.of(), "a").type(0x108, "com.acme.B", 0x100, 0, Map.of(), "b")
        .type(0x110, "com.acme.C", 0x110, 0, Map.of(), "c")
        .instance(0x200, 0x100, 0x210, 0x220).instance(0x210, 0x110, 0x220).instance(0x220, 0x110, 0).root(0x200);
    assertThat(path(read(dump), 0x220)).contains("A.b -> C");
  }

  @Test
  void roots_of_every_kind_may_name_what_is_no_object() throws Exception {
    HprofBytes dump = objects().instance(0x200, 0x100);
    for (int tag : List.of(0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0xFF)) {
      dump.raw(tag, 0, 0, 0, 0, 0, 0, 9, 9);
      int more = tag == 1 ? 8 : tag == 2 || tag == 3 || tag == 8 ? 8 : tag == 4 || tag == 6 ? 4 : 0;
      dump.raw(new int[more]);
    }
    HeapGraph graph = read(dump.root(0x200));
    assertThat(graph.file.problems.list()).isEmpty();
    assertThat(graph.roots.size()).isEqualTo(10);
    assertThat(path(graph, 0x200)).isEqualTo("<root> java.lang.Object");
  }
}
