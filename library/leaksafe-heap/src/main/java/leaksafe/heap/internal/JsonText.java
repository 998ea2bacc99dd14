package leaksafe.heap.internal;

import java.util.List;
import java.util.Locale;
import leaksafe.heap.Report;

/** A report as JSON, in the form that the page of the command line promises: whoever changes it there or here changes the version. */
public final class JsonText {
  private static final int VERSION = 1;

  private final StringBuilder json = new StringBuilder();

  private JsonText() {}

  /** Returns the report as one JSON object. */
  public static String of(Report report) {
    return new JsonText().render(report);
  }

  private String render(Report report) {
    json.append("{\"version\":").append(VERSION).append(",\"title\":");
    string(report.title());
    json.append(",\"notes\":");
    array(report.notes());
    json.append(",\"sections\":[");
    String comma = "";
    for (Report.Section section : report.sections()) {
      json.append(comma).append("{\"title\":");
      comma = ",";
      string(section.title());
      if (section instanceof Report.Table table) {
        json.append(",\"columns\":[");
        columns(table);
        json.append("],\"rows\":[");
        rows(table);
      } else if (section instanceof Report.Tree tree) {
        json.append(",\"tree\":[");
        nodes(tree.roots());
      }
      json.append("]}");
    }
    return json.append("]}\n").toString();
  }

  private void columns(Report.Table table) {
    String comma = "";
    for (Report.Column column : table.columns()) {
      json.append(comma).append("{\"name\":");
      comma = ",";
      string(column.name());
      json.append(",\"unit\":");
      string(column.unit().name().toLowerCase(Locale.ROOT));
      json.append('}');
    }
  }

  private void rows(Report.Table table) {
    String comma = "";
    for (List<Object> row : table.rows()) {
      json.append(comma).append('{');
      comma = ",";
      for (int c = 0; c < row.size(); c++) {
        json.append(c == 0 ? "" : ",");
        string(table.columns().get(c).name());
        json.append(':');
        value(row.get(c));
      }
      json.append('}');
    }
  }

  private void nodes(List<Report.Node> nodes) {
    String comma = "";
    for (Report.Node node : nodes) {
      json.append(comma).append("{\"label\":");
      comma = ",";
      string(node.label());
      json.append(",\"count\":").append(node.count()).append(",\"bytes\":").append(node.bytes()).append(",\"children\":[");
      nodes(node.children());
      json.append("]}");
    }
  }

  private void value(Object value) {
    if (value instanceof List<?> list) {
      array(list);
    } else if (value instanceof Long) {
      json.append(value);
    } else {
      string(String.valueOf(value));
    }
  }

  private void array(List<?> values) {
    json.append('[');
    for (int i = 0; i < values.size(); i++) {
      json.append(i == 0 ? "" : ",");
      value(values.get(i));
    }
    json.append(']');
  }

  private void string(String text) {
    json.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        json.append('\\').append(c);
      } else if (c < ' ' || Character.isSurrogate(c)) {
        json.append(String.format("\\u%04x", (int) c));
      } else {
        json.append(c);
      }
    }
    json.append('"');
  }
}
