package leaksafe.heap.internal;

import leaksafe.heap.Report;

/** The trees of a report for Graphviz; a table becomes one box per row with its last column as text. */
public final class DotText {
  private final StringBuilder dot = new StringBuilder();
  private int next;

  private DotText() {}

  /** Returns the report as a directed graph. */
  public static String of(Report report) {
    return new DotText().render(report);
  }

  private String render(Report report) {
    dot.append("digraph leaksafe {\n  label=").append(quoted(report.title())).append(";\n  rankdir=LR;\n  node [shape=box, fontname=\"sans-serif\"];\n");
    for (Report.Section section : report.sections()) {
      if (section instanceof Report.Tree tree) {
        tree.roots().forEach(this::node);
      } else if (section instanceof Report.Table table) {
        table.rows().forEach(row -> box(String.valueOf(row.get(row.size() - 1)), 0, 0));
      }
    }
    return dot.append("}\n").toString();
  }

  private int node(Report.Node node) {
    int number = box(node.label(), node.count(), node.bytes());
    for (Report.Node child : node.children()) {
      int below = node(child);
      dot.append("  n").append(number).append(" -> n").append(below).append(";\n");
    }
    return number;
  }

  private int box(String label, long count, long bytes) {
    String numbers = (count > 0 ? "\n" + Sizes.count(count) + " objects" : "") + (bytes > 0 ? "\n" + Sizes.text(bytes) : "");
    dot.append("  n").append(next).append(" [label=").append(quoted(label + numbers)).append("];\n");
    return next++;
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
  }
}
