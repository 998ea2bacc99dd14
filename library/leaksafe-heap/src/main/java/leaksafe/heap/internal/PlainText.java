package leaksafe.heap.internal;

import java.util.ArrayList;
import java.util.List;
import leaksafe.heap.Report;

/** A report as text. */
public final class PlainText {
  private static final String BARS = "▁▂▃▄▅▆▇█";

  private final StringBuilder text = new StringBuilder();

  private PlainText() {}

  /** Returns the report as text. */
  public static String of(Report report) {
    return new PlainText().render(report);
  }

  private String render(Report report) {
    line(report.title());
    line("=".repeat(report.title().length()));
    report.notes().forEach(this::line);
    for (Report.Section section : report.sections()) {
      line("");
      line(section.title());
      line("-".repeat(section.title().length()));
      if (section instanceof Report.Table table) {
        table(table);
      } else if (section instanceof Report.Tree tree) {
        if (tree.roots().isEmpty()) {
          line("(nothing)");
        }
        tree.roots().forEach(root -> node(root, "", ""));
      }
    }
    return text.toString();
  }

  private void line(String line) {
    text.append(oneLine(line).stripTrailing()).append('\n');
  }

  private void table(Report.Table table) {
    if (table.rows().isEmpty()) {
      line("(nothing)");
      return;
    }
    List<List<String>> cells = new ArrayList<>();
    cells.add(table.columns().stream().map(Report.Column::name).toList());
    for (List<Object> row : table.rows()) {
      List<String> line = new ArrayList<>();
      for (int c = 0; c < row.size(); c++) {
        line.add(cell(row.get(c), table.columns().get(c).unit()));
      }
      cells.add(line);
    }
    int[] widths = new int[table.columns().size()];
    for (List<String> row : cells) {
      for (int c = 0; c < row.size(); c++) {
        widths[c] = Math.max(widths[c], row.get(c).length());
      }
    }
    for (List<String> row : cells) {
      StringBuilder line = new StringBuilder();
      for (int c = 0; c < row.size(); c++) {
        String pad = " ".repeat(widths[c] - row.get(c).length());
        boolean right = table.columns().get(c).unit() == Report.Unit.COUNT || table.columns().get(c).unit() == Report.Unit.BYTES;
        line.append(c == 0 ? "" : "  ").append(right ? pad + row.get(c) : row.get(c) + pad);
      }
      line(line.toString());
    }
  }

  private static String cell(Object value, Report.Unit unit) {
    return switch (unit) {
      case TEXT -> oneLine(String.valueOf(value));
      case COUNT -> Sizes.count((Long) value);
      case BYTES -> Sizes.text((Long) value);
      case SERIES -> bars((List<?>) value);
    };
  }

  private static String bars(List<?> series) {
    long most = 1;
    for (Object value : series) {
      most = Math.max(most, (Long) value);
    }
    StringBuilder bars = new StringBuilder();
    for (Object value : series) {
      bars.append(BARS.charAt((int) Math.min(7, (Long) value * 8 / most)));
    }
    return bars.toString();
  }

  private void node(Report.Node node, String first, String rest) {
    String numbers = node.count() > 0 ? "  (" + Sizes.count(node.count()) + (node.bytes() > 0 ? ", " + Sizes.text(node.bytes()) : "") + ")"
        : node.bytes() > 0 ? "  (" + Sizes.text(node.bytes()) + ")" : "";
    line(first + node.label() + numbers);
    int left = node.children().size();
    for (Report.Node child : node.children()) {
      left--;
      node(child, rest + (left > 0 ? "├─ " : "└─ "), rest + (left > 0 ? "│  " : "   "));
    }
  }

  /** Shows control characters as what they are in source: contents of strings may have line ends, and sequences that a terminal obeys. */
  private static String oneLine(String text) {
    if (text.chars().noneMatch(Character::isISOControl)) {
      return text;
    }
    StringBuilder shown = new StringBuilder();
    for (char c : text.toCharArray()) {
      shown.append(c == '\n' ? "\\n" : Character.isISOControl(c) ? String.format("\\u%04x", (int) c) : c);
    }
    return shown.toString();
  }
}
