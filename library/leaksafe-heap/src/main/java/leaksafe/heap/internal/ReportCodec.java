package leaksafe.heap.internal;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import leaksafe.heap.Report;

/** Carries a report from the child VM that made it. */
final class ReportCodec {
  private static final int TABLE = 1;
  private static final int TREE = 2;

  private ReportCodec() {}

  static void write(Report report, DataOutputStream out) throws IOException {
    text(report.title(), out);
    texts(report.notes(), out);
    out.writeInt(report.sections().size());
    for (Report.Section section : report.sections()) {
      if (section instanceof Report.Table table) {
        out.writeByte(TABLE);
        text(table.title(), out);
        out.writeInt(table.columns().size());
        for (Report.Column column : table.columns()) {
          text(column.name(), out);
          out.writeByte(column.unit().ordinal());
        }
        out.writeInt(table.rows().size());
        for (List<Object> row : table.rows()) {
          for (int i = 0; i < row.size(); i++) {
            cell(row.get(i), table.columns().get(i).unit(), out);
          }
        }
      } else if (section instanceof Report.Tree tree) {
        out.writeByte(TREE);
        text(tree.title(), out);
        out.writeBoolean(tree.map());
        nodes(tree.roots(), out);
      }
    }
  }

  private static void cell(Object value, Report.Unit unit, DataOutputStream out) throws IOException {
    switch (unit) {
      case TEXT -> text((String) value, out);
      case COUNT, BYTES -> out.writeLong((Long) value);
      case SERIES -> {
        List<?> series = (List<?>) value;
        out.writeInt(series.size());
        for (Object one : series) {
          out.writeLong((Long) one);
        }
      }
    }
  }

  private static void nodes(List<Report.Node> nodes, DataOutputStream out) throws IOException {
    out.writeInt(nodes.size());
    for (Report.Node node : nodes) {
      text(node.label(), out);
      out.writeLong(node.count());
      out.writeLong(node.bytes());
      nodes(node.children(), out);
    }
  }

  private static void texts(List<String> texts, DataOutputStream out) throws IOException {
    out.writeInt(texts.size());
    for (String text : texts) {
      text(text, out);
    }
  }

  private static void text(String text, DataOutputStream out) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  static Report read(DataInputStream in) throws IOException {
    String title = text(in);
    List<String> notes = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      notes.add(text(in));
    }
    List<Report.Section> sections = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      sections.add(in.readByte() == TABLE ? table(in) : tree(in));
    }
    return new Report(title, notes, sections);
  }

  private static Report.Tree tree(DataInputStream in) throws IOException {
    String title = text(in);
    boolean map = in.readBoolean();
    return new Report.Tree(title, nodes(in), map);
  }

  private static Report.Table table(DataInputStream in) throws IOException {
    String title = text(in);
    List<Report.Column> columns = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      columns.add(new Report.Column(text(in), Report.Unit.values()[in.readByte()]));
    }
    List<List<Object>> rows = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      List<Object> row = new ArrayList<>();
      for (Report.Column column : columns) {
        row.add(cell(column.unit(), in));
      }
      rows.add(row);
    }
    return new Report.Table(title, columns, rows);
  }

  private static Object cell(Report.Unit unit, DataInputStream in) throws IOException {
    if (unit == Report.Unit.TEXT) {
      return text(in);
    }
    if (unit != Report.Unit.SERIES) {
      return in.readLong();
    }
    List<Long> series = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      series.add(in.readLong());
    }
    return series;
  }

  private static List<Report.Node> nodes(DataInputStream in) throws IOException {
    List<Report.Node> nodes = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      String label = text(in);
      long count = in.readLong();
      long bytes = in.readLong();
      nodes.add(new Report.Node(label, count, bytes, nodes(in)));
    }
    return nodes;
  }

  private static String text(DataInputStream in) throws IOException {
    return new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
  }
}
