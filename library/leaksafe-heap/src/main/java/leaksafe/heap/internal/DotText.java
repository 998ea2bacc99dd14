package leaksafe.heap.internal;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import leaksafe.heap.Report;

/** The trees of a report for Graphviz; of a report without any, the paths in the last column of its tables, merged where they begin alike. */
public final class DotText {
  private static final String STEP = " -> ";

  private final StringBuilder dot = new StringBuilder();
  private final Map<String, Integer> boxes = new HashMap<>();
  private int next;

  private DotText() {}

  /** Returns the report as a directed graph. */
  public static String of(Report report) {
    return new DotText().render(report);
  }

  private String render(Report report) {
    dot.append("digraph leaksafe {\n  label=").append(quoted(report.title())).append(";\n  rankdir=LR;\n  node [shape=box, fontname=\"sans-serif\"];\n");
    boolean hasTrees = report.sections().stream().anyMatch(section -> section instanceof Report.Tree tree && !tree.roots().isEmpty());
    for (Report.Section section : report.sections()) {
      if (section instanceof Report.Tree tree) {
        tree.roots().forEach(this::node);
      } else if (!hasTrees && section instanceof Report.Table table) {
        table.rows().forEach(row -> path(table.columns(), row));
      }
    }
    return dot.append("}\n").toString();
  }

  private int node(Report.Node node) {
    int number = box(node.label() + numbers(node.count(), node.bytes()));
    for (Report.Node child : node.children()) {
      edge(number, node(child));
    }
    return number;
  }

  /** A box for each step of the path that no path before began with, and one for the numbers of the row at its end. */
  private void path(List<Report.Column> columns, List<Object> row) {
    String path = String.valueOf(row.get(row.size() - 1));
    int above = -1;
    int from = 0;
    for (int to = 0; to < path.length(); from = to + STEP.length()) {
      int end = path.indexOf(STEP, from);
      to = end < 0 ? path.length() : end;
      Integer known = boxes.get(path.substring(0, to));
      int number = known != null ? known : box(path.substring(from, to));
      if (known == null) {
        boxes.put(path.substring(0, to), number);
        if (above >= 0) {
          edge(above, number);
        }
      }
      above = number;
    }
    StringBuilder words = new StringBuilder();
    for (int c = 0; c < row.size() - 1; c++) {
      Report.Unit unit = columns.get(c).unit();
      if (unit != Report.Unit.SERIES) {
        Object value = row.get(c);
        words.append(words.isEmpty() ? "" : "\n").append(columns.get(c).name()).append(": ").append(unit == Report.Unit.COUNT ? Sizes.count((Long) value)
            : unit == Report.Unit.BYTES ? Sizes.text((Long) value) : value);
      }
    }
    int end = box(words.toString());
    if (above >= 0) {
      edge(above, end);
    }
  }

  private static String numbers(long count, long bytes) {
    return (count > 0 ? "\n" + Sizes.count(count) + (count == 1 ? " object" : " objects") : "") + (bytes > 0 ? "\n" + Sizes.text(bytes) : "");
  }

  private int box(String label) {
    dot.append("  n").append(next).append(" [label=").append(quoted(label)).append("];\n");
    return next++;
  }

  private void edge(int from, int to) {
    dot.append("  n").append(from).append(" -> n").append(to).append(";\n");
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
  }
}
