package leaksafe.heap.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import leaksafe.heap.GrownPath;
import leaksafe.heap.HeapDump;
import leaksafe.heap.HeapOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which of several paths that grew above each other are told. */
class GrowthTest {
  private static final int OBJECT = 8;
  private static final int HOLDER = 16;
  private static final int BOX = 24;
  private static final int ITEM = 32;
  private static final int ARRAY = 40;
  private static final int INTS = 48;
  private static final long OUTER = 0x1_0000;
  private static final String OUTER_PATH = "acme.Holder.BOXES -> Object[]";

  @TempDir
  Path directory;

  private static HprofBytes classes() {
    return new HprofBytes(8).type(OBJECT, "java.lang.Object", 0, 0, Map.of()).type(HOLDER, "acme.Holder", OBJECT, 0, Map.of("BOXES", OUTER))
        .type(BOX, "acme.Box", OBJECT, 0, Map.of(), "items").type(ITEM, "acme.Item", OBJECT, 0, Map.of())
        .type(ARRAY, "[Ljava.lang.Object;", OBJECT, 0, Map.of()).type(INTS, "[I", OBJECT, 0, Map.of());
  }

  /** An array of boxes, each with an array of items. */
  private Path boxes(String name, int boxes, int itemsInAll) {
    HprofBytes bytes = classes().array(OUTER, ARRAY, LongStream.range(0, boxes).map(b -> 0x10_0000 + b * 0x100_0000).toArray());
    for (long b = 0; b < boxes; b++) {
      long box = 0x10_0000 + b * 0x100_0000;
      long[] items = LongStream.range(0, itemsInAll / boxes).map(i -> box + 0x10_0000 + i * 16).toArray();
      bytes.instance(box, BOX, box + 16).array(box + 16, ARRAY, items);
      for (long item : items) {
        bytes.instance(item, ITEM);
      }
    }
    return bytes.write(directory, name);
  }

  private static List<GrownPath> growth(Path... dumps) throws Exception {
    return HeapDump.growth(List.of(dumps), HeapOptions.defaults(), 1024).paths();
  }

  @Test
  void many_items_are_told_beside_the_few_boxes_above_them_that_are_more_too() throws Exception {
    List<GrownPath> paths = growth(boxes("a.hprof", 4, 400), boxes("b.hprof", 8, 4000));
    assertThat(paths).extracting(GrownPath::path).containsExactly(OUTER_PATH + "[*] -> Box", OUTER_PATH + "[*] -> Box.items -> Object[][*] -> Item");
    assertThat(paths).extracting(GrownPath::grownBy).containsExactly(4L, 3600L);
  }

  @Test
  void items_that_come_with_their_boxes_are_told_once() throws Exception {
    assertThat(growth(boxes("a.hprof", 200, 200), boxes("b.hprof", 400, 400))).extracting(GrownPath::path).containsExactly(OUTER_PATH + "[*] -> Box");
  }

  /** A list of jobs of a hidden class, whose name has a number of its own in each VM; all ids are moved by so many bytes. */
  private Path jobs(String name, String hidden, long moved, int jobs) {
    long[] items = LongStream.range(0, jobs).map(i -> OUTER + 0x10_0000 + moved + i * 16).toArray();
    HprofBytes bytes = new HprofBytes(8).array(OUTER + moved, ARRAY + moved, items).type(ARRAY + moved, "[Ljava.lang.Object;", OBJECT + moved, 0, Map.of())
        .type(ITEM + moved, hidden, OBJECT + moved, 0, Map.of()).type(OBJECT + moved, "java.lang.Object", 0, 0, Map.of())
        .type(HOLDER + moved, "acme.Holder", OBJECT + moved, 0, Map.of("BOXES", OUTER + moved));
    for (long item : items) {
      bytes.instance(item, ITEM + moved);
    }
    return bytes.write(directory, name);
  }

  @Test
  void classes_are_known_again_by_their_names_wherever_they_lie() throws Exception {
    Path first = jobs("a.hprof", "acme.Jobs$$Lambda$14+0x0000000800c03000", 0, 100);
    Path second = jobs("b.hprof", "acme.Jobs$$Lambda$77+0x0000000800d12400", 0x4000_0000, 500);
    assertThat(growth(first, second)).singleElement().satisfies(path -> {
      assertThat(path.path()).startsWith(OUTER_PATH + "[*] -> Jobs$$Lambda");
      assertThat(path.counts()).containsExactly(100L, 500L);
    });
  }

  /** An array with two arrays of ints in it, and much room. */
  private Path arrays(String name, int room, int ints) {
    long[] elements = new long[room];
    elements[0] = 0x100_0000;
    elements[1] = 0x200_0000;
    return classes().array(OUTER, ARRAY, elements).ints(elements[0], new int[ints]).ints(elements[1], new int[ints]).write(directory, name);
  }

  @Test
  void a_long_array_is_told_beside_the_shorter_one_above_it_that_is_longer_too() throws Exception {
    List<GrownPath> paths = growth(arrays("a.hprof", 10, 10), arrays("b.hprof", 1000, 100_000));
    assertThat(paths).extracting(GrownPath::path).containsExactly(OUTER_PATH, OUTER_PATH + "[*] -> int[]");
    assertThat(paths).extracting(GrownPath::grownBytes).last().isEqualTo(2L * 4 * (100_000 - 10));
  }

  @Test
  void an_array_that_is_a_little_longer_than_before_below_a_table_that_is_much_longer_is_told_with_it() throws Exception {
    assertThat(growth(arrays("a.hprof", 10, 10), arrays("b.hprof", 10_000, 1000))).extracting(GrownPath::path).containsExactly(OUTER_PATH);
  }

  @Test
  void what_shrank_in_between_or_grew_by_less_than_asked_is_not_told() throws Exception {
    Path few = boxes("a.hprof", 4, 400);
    Path more = boxes("b.hprof", 4, 800);
    assertThat(growth(few, more, boxes("c.hprof", 4, 600))).isEmpty();
    assertThat(growth(few, boxes("e.hprof", 4, 200), more)).isEmpty();
    assertThat(growth(few, more, boxes("d.hprof", 4, 804))).extracting(GrownPath::grownBy).containsExactly(404L);
    assertThat(HeapDump.growth(List.of(few, more), HeapOptions.defaults(), 1 << 20).paths()).isEmpty();
  }
}
