package leaksafe.census;

import java.util.ArrayList;
import java.util.List;

/** A table as text or Markdown. */
final class Table {
  private static final int WIDEST = 80; // of what is not the last column

  private final String[] head;
  private final boolean[] right;
  private final List<String[]> rows = new ArrayList<>();

  /** Creates a table; a head that begins with {@code >} is that of a column of numbers. */
  Table(String... heads) {
    head = new String[heads.length];
    right = new boolean[heads.length];
    for (int i = 0; i < heads.length; i++) {
      right[i] = heads[i].startsWith(">");
      head[i] = right[i] ? heads[i].substring(1) : heads[i];
    }
  }

  void row(String... cells) {
    String[] row = new String[cells.length];
    for (int i = 0; i < cells.length; i++) {
      row[i] = oneLine(cells[i]);
    }
    rows.add(row);
  }

  private static String oneLine(String cell) {
    StringBuilder line = new StringBuilder(cell.length());
    cell.codePoints().forEach(c -> line.appendCodePoint(Character.isISOControl(c) ? ' ' : c));
    return line.toString();
  }

  String toText() {
    int[] widths = new int[head.length];
    widen(widths, head);
    rows.forEach(row -> widen(widths, row));
    StringBuilder text = new StringBuilder();
    line(text, widths, head);
    rows.forEach(row -> line(text, widths, row));
    return text.toString();
  }

  private static void widen(int[] widths, String[] row) {
    for (int i = 0; i < row.length; i++) {
      widths[i] = Math.max(widths[i], Math.min(WIDEST, row[i].length()));
    }
  }

  private void line(StringBuilder text, int[] widths, String[] row) {
    for (int i = 0; i < row.length; i++) {
      String space = " ".repeat(Math.max(0, widths[i] - row[i].length()));
      boolean last = i == row.length - 1;
      text.append(right[i] ? space : "").append(row[i]).append(right[i] || last ? "" : space).append(last ? "\n" : "  ");
    }
  }

  String toMarkdown() {
    StringBuilder text = new StringBuilder();
    markdown(text, head);
    for (boolean number : right) {
      text.append(number ? "|---:" : "|---");
    }
    text.append("|\n");
    rows.forEach(row -> markdown(text, row));
    return text.toString();
  }

  private static void markdown(StringBuilder text, String[] row) {
    for (String cell : row) {
      text.append("| ").append(cell.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")).append(' ');
    }
    text.append("|\n");
  }
}
