package leaksafe.heap.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import leaksafe.heap.Report;
import org.junit.jupiter.api.Test;

/** The forms of a report, with names that try to be more than names. */
class ReportFormsTest {
  private static final String HOSTILE = "com.acme.<script>\"&'\\N\\\n\u001b[2J\u0000";
  private static final String LONG_NAME = "com.acme.shop.AVeryLongClassNameAsGeneratedByFrameworks$$EnhancerBySomething";
  private static final String QUOTED = "\"(?:[^\"\\\\]|\\\\.)*\"";
  private static final Pattern DOT_BOX = Pattern.compile("  (n\\d+) \\[label=(" + QUOTED + ")];");
  private static final Pattern DOT_EDGE = Pattern.compile("  (n\\d+) -> (n\\d+);");
  private static final List<Report.Column> PATHS =
      List.of(new Report.Column("more", Report.Unit.COUNT), new Report.Column("bytes", Report.Unit.SERIES), new Report.Column("path", Report.Unit.TEXT));

  private static Report report(Report.Section... sections) {
    return new Report("Growth of " + HOSTILE, List.of("A note on " + HOSTILE), List.of(sections));
  }

  private static Report.Table table(List<List<Object>> rows) {
    return new Report.Table("What grew " + HOSTILE, PATHS, rows);
  }

  private static Report.Tree tree(boolean map) {
    return new Report.Tree("Dominator tree", List.of(
        new Report.Node(HOSTILE, 2, 1000, List.of(new Report.Node("com.acme.Leaf", 1, 600, List.of()))),
        new Report.Node(LONG_NAME + "@0x7f00", 0, 100, List.of())), map);
  }

  private record Dot(List<String> labels, List<String> edges) {}

  /** Reads what Graphviz would accept of the language: boxes with a label each, and edges between boxes that are there. */
  private static Dot read(String dot) {
    List<String> lines = dot.lines().toList();
    assertThat(lines.get(0)).isEqualTo("digraph leaksafe {");
    assertThat(lines.get(1)).matches("  label=" + QUOTED + ";");
    assertThat(lines.get(lines.size() - 1)).isEqualTo("}");
    Set<String> boxes = new HashSet<>();
    Dot read = new Dot(new ArrayList<>(), new ArrayList<>());
    for (String line : lines.subList(4, lines.size() - 1)) {
      Matcher box = DOT_BOX.matcher(line);
      Matcher edge = DOT_EDGE.matcher(line);
      if (box.matches()) {
        assertThat(boxes.add(box.group(1))).as("is there once: %s", line).isTrue();
        read.labels.add(box.group(2).substring(1, box.group(2).length() - 1));
      } else {
        assertThat(edge.matches()).as("a box or an edge: %s", line).isTrue();
        assertThat(boxes).contains(edge.group(1), edge.group(2));
        read.edges.add(edge.group(1) + edge.group(2));
      }
    }
    return read;
  }

  @Test
  void dot_is_valid_whatever_the_names_and_has_the_tree_alone_if_there_is_one() {
    Dot dot = read(report(tree(true), table(List.of(List.of(3L, List.of(1L, 2L), "a -> b")))).toDot());
    assertThat(dot.labels).hasSize(3).anySatisfy(label -> assertThat(label).startsWith("com.acme.<script>\\\"&'\\\\N\\\\\\n").endsWith("\\n2 objects\\n1000 B"))
        .contains("com.acme.Leaf\\n1 object\\n600 B");
    assertThat(dot.edges).containsExactly("n0n1");
    assertThat(read(report().toDot()).labels).isEmpty();
  }

  @Test
  void paths_of_a_table_are_one_graph_in_dot_in_which_common_beginnings_are_common() {
    Dot dot = read(report(table(List.of(List.of(3L, List.of(1L, 2L), "Shop.CACHE -> HashMap.table -> Node"),
        List.of(4L, List.of(1L, 2L), "Shop.CACHE -> HashMap.values"), List.of(5L, List.of(1L, 2L), HOSTILE)))).toDot());
    assertThat(dot.labels).hasSize(8).containsOnlyOnce("Shop.CACHE").contains("more: 3", "more: 4", "more: 5");
    assertThat(dot.edges).containsExactly("n0n1", "n1n2", "n2n3", "n0n4", "n4n5", "n6n7");
  }

  @Test
  void a_page_loads_nothing_and_runs_nothing() {
    String page = report(tree(true), tree(false), table(List.of(List.of(3L, List.of(1L, 2L), HOSTILE)))).toHtml();
    assertThat(page).doesNotContain("<script", "http:", "https:", "url(", "@import", "src=", "href=", "\u001b", "\u0000");
    assertThat(page).contains("com.acme.&lt;script&gt;&quot;&amp;");
    assertThat(page.split("<details", -1)).as("trees fold").hasSizeGreaterThan(2);
    assertThat(page).contains("prefers-color-scheme:dark", "width=device-width");
  }

  @Test
  void a_page_says_that_there_is_nothing_where_there_is_nothing() {
    assertThat(report(table(List.of())).toHtml()).contains("<p>Nothing.</p>").doesNotContain("<table");
    assertThat(report(new Report.Tree("Dominator tree", List.of(), true)).toHtml()).contains("<p>Nothing.</p>").doesNotContain("<svg", "<details");
    assertThat(report(table(List.of())).toText()).contains("(nothing)");
    assertThat(report(new Report.Tree("Paths", List.of(), false)).toText()).contains("(nothing)");
  }

  @Test
  void a_column_of_short_texts_takes_no_more_room_than_they_need() {
    List<Report.Column> columns = List.of(new Report.Column("fill", Report.Unit.TEXT), new Report.Column("owner", Report.Unit.TEXT));
    String page = report(new Report.Table("Largest", columns, List.of(List.of("50 %", "acme.Shop"), List.of("", "acme.Cart")))).toHtml();
    assertThat(page).contains("<td class=\"s\" data-c=\"fill\">50 %</td><td class=\"t\" data-c=\"owner\">acme.Shop</td>");
  }

  @Test
  void a_sparkline_begins_at_zero_and_ends_at_the_last_dump() {
    String page = report(table(List.of(List.of(3L, List.of(0L, 1024L, 2048L), "a"), List.of(0L, List.of(0L, 0L), "b")))).toHtml();
    assertThat(page).contains("<title>0 B, 1.0 kB, 2.0 kB</title><polyline points=\"3.0,21.0 45.0,12.0 87.0,3.0 \"/><circle cx=\"87.0\" cy=\"3.0\"");
    assertThat(page).contains("points=\"3.0,21.0 87.0,21.0 \"");
  }

  @Test
  void a_box_of_the_treemap_that_is_too_narrow_for_its_label_has_the_class_and_the_size_first() {
    Report.Node wide = new Report.Node("com.acme.shop.orders.internal.OrderRepository@0x7f00", 0, 300, List.of());
    Report.Node narrow = new Report.Node("com.acme.shop.orders.internal.Cart@0x7f00", 0, 100, List.of());
    String page = report(new Report.Tree("Dominator tree", List.of(wide, narrow), true)).toHtml();
    assertThat(page).contains(">com.acme.shop.orders.internal.OrderRepository@0x7f00 300 B</text>", ">Cart@0x7f00 100 B</text>");
    assertThat(page).contains("<title>com.acme.shop.orders.internal.Cart@0x7f00, 100 B</title>");
  }

  /** Contents may be anything: a line end would tear the table, an escape sequence would be obeyed by the terminal. */
  @Test
  void text_shows_control_characters_and_never_sends_them() {
    String text = report(table(List.of(List.of(3L, List.of(1L, 2L), HOSTILE)))).toText();
    assertThat(text).doesNotContain("\u001b", "\u0000").contains("'\\N\\\\n\\u001b[2J\\u0000");
    assertThat(text.lines()).hasSize(8);
  }

  @Test
  void characters_of_two_halves_stay_whole_in_a_page() {
    String page = new Report("\uD83D\uDE00 and \uD83D", List.of(), List.of()).toHtml();
    assertThat(page).contains("<title>\uD83D\uDE00 and \uFFFD</title>");
  }
}
