package leaksafe.heap.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import leaksafe.heap.HeapDump;
import leaksafe.heap.HeapOptions;
import leaksafe.heap.ReferenceKind;
import leaksafe.heap.Report;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Small dumps of which every figure of an answer is known. */
@Timeout(60)
class KnownAnswersTest {
  private static final long CAPACITY = 1000;
  private static final long FILLED = 300;
  private static final int NODES = 50;

  @TempDir
  Path directory;

  private static HprofBytes objects() {
    return new HprofBytes(8).type(0x100, "java.lang.Object", 0, 0, Map.of());
  }

  private HeapDump open(HprofBytes dump, HeapOptions options) {
    return HeapDump.open(dump.write(directory, "known.hprof"), options);
  }

  private HeapDump open(HprofBytes dump) {
    return open(dump, HeapOptions.defaults());
  }

  private static List<List<Object>> rows(Report report, int section) {
    return ((Report.Table) report.sections().get(section)).rows();
  }

  private static HprofBytes weakArray() {
    HprofBytes dump = objects().type(0x108, "java.lang.ref.Reference", 0x100, 0, Map.of(), "queue", "referent", "next", "discovered")
        .type(0x110, "java.lang.ref.WeakReference", 0x108, 0, Map.of()).type(0x118, "[Ljava.lang.Object;", 0x100, 0, Map.of())
        .type(0x120, "com.acme.Holder", 0x100, 0, Map.of("HELD", 0x200L));
    return dump.instance(0x200, 0x110, 0, 0x1000, 0, 0)
        .array(0x1000, 0x118, LongStream.range(0, CAPACITY).map(i -> i < FILLED ? 0x100 : 0).toArray());
  }

  @Test
  void the_census_knows_fill_and_waste_and_follows_references_as_the_options_say() throws Exception {
    assertThat(rows(open(weakArray(), HeapOptions.builder().follow(Set.of(ReferenceKind.WEAK)).build()).containers(5), 0))
        .containsExactly(List.of(FILLED, "30 %", (CAPACITY - FILLED) * 4, "java.lang.Object[]", "com.acme.Holder.HELD -> WeakReference.referent"));
    assertThat(rows(open(weakArray()).containers(5), 0)).singleElement()
        .satisfies(row -> assertThat(row.get(4).toString()).startsWith("(no owner found"));
  }

  @Test
  void an_object_below_another_of_its_group_is_not_summed_again() throws Exception {
    HprofBytes dump = objects().type(0x108, "com.acme.Loader", 0x100, 0, Map.of()).type(0x110, "com.acme.Node", 0x100, 0x200, Map.of(), "next")
        .instance(0x200, 0x108).root(0x1000);
    for (int i = 0; i < NODES; i++) {
      dump.instance(0x1000 + 16L * i, 0x110, i + 1 < NODES ? 0x1000 + 16L * (i + 1) : 0);
    }
    Report report = open(dump).retained(9);
    // The first node is all that holds the class and its loader.
    long loader = 16;
    long nodes = NODES * 16L;
    long type = (Long) rows(report, 2).stream().filter(row -> row.get(2).equals("com.acme.Node")).findFirst().orElseThrow().get(0) - nodes - loader;
    assertThat(type).as("the class object alone").isBetween(100L, 200L);
    assertThat(rows(report, 2)).contains(List.of(nodes + type + loader, (long) NODES, "com.acme.Node"), List.of(loader, 1L, "com.acme.Loader"));
    assertThat(rows(report, 3)).contains(List.of(nodes + type + loader, (long) NODES, "<root> com.acme.Node"));
    assertThat(rows(report, 4)).contains(List.of(nodes + type + loader, NODES + 1L, "com.acme.Loader@0x200"));
  }

  @Test
  void paths_to_an_object_are_as_many_as_were_asked_for_and_share_their_beginnings() throws Exception {
    HprofBytes dump = objects().type(0x108, "com.acme.Order", 0x100, 0, Map.of()).type(0x110, "com.acme.Cart", 0x100, 0, Map.of(), "order")
        .type(0x118, "com.acme.Shop", 0x100, 0, Map.of("LAST", 0x200L, "CART", 0x210L)).type(0x120, "com.acme.Log", 0x100, 0, Map.of("OTHER", 0x220L))
        .instance(0x200, 0x108).instance(0x210, 0x110, 0x200).instance(0x220, 0x110, 0x200);
    List<Report.Node> roots = ((Report.Tree) open(dump).why("0x200", 5).sections().get(0)).roots();
    assertThat(roots).extracting(Report.Node::label).containsExactly("class com.acme.Shop", "class com.acme.Log");
    assertThat(roots.get(0).children()).extracting(Report.Node::label).containsExactly("LAST: com.acme.Order");
    assertThat(roots.get(1).children().get(0).children()).extracting(Report.Node::label).containsExactly("order: com.acme.Order");
    roots = ((Report.Tree) open(dump).why("0x200", 1).sections().get(0)).roots();
    assertThat(roots).extracting(Report.Node::label).containsExactly("class com.acme.Shop");
  }

  @Test
  void a_class_holds_its_superclass_loader_signers_and_domain() throws Exception {
    HprofBytes dump = objects().type(0x108, "com.acme.Loader", 0x100, 0, Map.of()).type(0x110, "com.acme.Certificates", 0x100, 0, Map.of())
        .type(0x118, "com.acme.Domain", 0x100, 0, Map.of()).type(0x128, "com.acme.Base", 0x100, new long[] {0x210, 0, 0}, Map.of())
        .type(0x120, "com.acme.Plugin", 0x128, new long[] {0x200, 0x220, 0x230}, Map.of())
        .instance(0x200, 0x108).instance(0x210, 0x108).instance(0x220, 0x110).instance(0x230, 0x118).instance(0x240, 0x120).root(0x240);
    HeapDump opened = open(dump);
    assertThat(opened.why("0x200", 1).toText()).contains("<loader>: com.acme.Loader");
    assertThat(opened.why("0x210", 1).toText()).contains("<superclass>: class com.acme.Base", "<loader>: com.acme.Loader");
    assertThat(opened.why("0x220", 1).toText()).contains("<signers>: com.acme.Certificates");
    assertThat(opened.why("0x230", 1).toText()).contains("<domain>: com.acme.Domain");
  }

  private static HprofBytes entries(boolean isKeyHeld) {
    HprofBytes dump = objects().type(0x108, "java.lang.ref.Reference", 0x100, 0, Map.of(), "queue", "referent", "next", "discovered")
        .type(0x110, "java.lang.ref.WeakReference", 0x108, 0, Map.of()).type(0x118, "com.acme.Entry", 0x110, 0, Map.of(), "value")
        .type(0x120, "com.acme.Key", 0x100, 0, Map.of(), "other").type(0x128, "[Ljava.lang.Object;", 0x100, 0, Map.of())
        .type(0x130, "com.acme.Holder", 0x100, 0, Map.of("ENTRIES", 0x200L))
        .array(0x200, 0x128, 0x300, 0x340, 0x380, 0x400);
    // Each value is the key of the entry before it; that of the first entry is the last, so the keys are a ring, which one of them may leave.
    for (int i = 0; i < 3; i++) {
      dump.instance(0x300 + 0x40 * i, 0x118, 0x500 + 0x10 * ((i + 2) % 3), 0, 0x500 + 0x10 * i, 0, 0).instance(0x500 + 0x10 * i, 0x120, 0);
    }
    // The way to the last key is longer than that to the entries, which wait for it.
    return dump.instance(0x400, 0x120, 0x410).instance(0x410, 0x120, isKeyHeld ? 0x520 : 0);
  }

  @Test
  void entries_in_a_ring_keep_their_keys_unless_something_else_holds_one_of_them() throws Exception {
    assertThat(rows(open(entries(false)).ephemerons(5), 0)).containsExactly(
        List.of(3L, "com.acme.Holder.ENTRIES -> Object[][*] -> Entry keeps its key com.acme.Key"));
    assertThat(rows(open(entries(true)).ephemerons(5), 0)).isEmpty();
  }

  private static String bytes(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_16LE), StandardCharsets.ISO_8859_1);
  }

  @Test
  void copies_of_strings_are_counted_and_read_whatever_their_characters() throws Exception {
    HprofBytes dump = objects().type(0x108, "java.lang.String", 0x100, 0, Map.of(), "value");
    List<String> contents = List.of("plain", "plain", "plain", bytes("to \u2192"), bytes("to \u2192"), "once");
    for (int i = 0; i < contents.size(); i++) {
      dump.instance(0x1000 + 40L * i, 0x108, 0x1010 + 40L * i).bytes(0x1010 + 40L * i, contents.get(i));
    }
    Report report = open(dump, HeapOptions.builder().contents(true).build()).strings(5);
    assertThat(report.sections().get(0).title()).isEqualTo("6 strings, 3 different contents, 72 B for copies");
    assertThat(rows(report, 0)).containsExactly(List.of(3L, 24L, 48L, "plain"), List.of(2L, 24L, 24L, "to \u2192"));
  }

  @Test
  void threads_hold_what_is_on_their_frames() throws Exception {
    HprofBytes dump = objects().type(0x108, "java.lang.Thread", 0x100, 0, Map.of()).type(0x110, "com.acme.Order", 0x100, 0, Map.of(), "lines")
        .type(0x118, "[I", 0x100, 0, Map.of()).instance(0x200, 0x108).instance(0x300, 0x110, 0x400).ints(0x400, 1, 2, 3, 4);
    for (String method : List.of("inner", "outer")) {
      long name = dump.name(method);
      dump.record(4, out -> {
        out.writeLong(name);
        out.writeLong(name);
        out.writeLong(0);
        out.writeLong(0);
        out.writeInt(3);
        out.writeInt(77);
      });
    }
    long inner = dump.name("inner");
    long outer = dump.name("outer");
    dump.record(5, out -> {
      out.writeInt(9);
      out.writeInt(1);
      out.writeInt(2);
      out.writeLong(inner);
      out.writeLong(outer);
    });
    dump.raw(0x08, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1, 0, 0, 0, 9).raw(0x03, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 1, 0, 0, 0, 1);
    Report.Tree threads = (Report.Tree) open(dump).threads(5).sections().get(0);
    long held = 16 + 32;
    assertThat(threads.roots()).singleElement().satisfies(thread -> {
      assertThat(thread.label()).isEqualTo("java.lang.Thread@0x200");
      assertThat(thread.bytes()).isEqualTo(16 + held);
      assertThat(thread.children()).containsExactly(new Report.Node("stack", 0, 0, List.of(
          new Report.Node("com.acme.Order.inner:77", 0, 0, List.of()),
          new Report.Node("com.acme.Order.outer:77", 0, 0, List.of(new Report.Node("com.acme.Order", 1, held, List.of()))))));
    });
  }
}
