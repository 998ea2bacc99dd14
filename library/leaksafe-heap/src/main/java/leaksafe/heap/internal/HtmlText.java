package leaksafe.heap.internal;

import java.util.List;
import java.util.Locale;
import leaksafe.heap.Report;

/** A report as one page: tables with sparklines, trees that fold, treemaps. No script, nothing loaded. */
public final class HtmlText {
  private static final String STYLE = """
      :root{color-scheme:light dark;--ink:#1d2330;--soft:#5b6475;--line:#d8dde6;--paper:#fff;--a:#2f6fb3;--d0:#dbe8f6;--d1:#b4d0ee}
      @media(prefers-color-scheme:dark){:root{--ink:#e6e9ef;--soft:#9aa4b5;--line:#394152;--paper:#161a22;--a:#7fb4ec;--d0:#243449;--d1:#33506f}}
      body{font:15px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper);max-width:72rem;margin:2rem auto;padding:0 1rem}
      h1{font-size:1.5rem}h1,h2{overflow-wrap:anywhere}h2{font-size:1.15rem;margin-top:2rem}p{color:var(--soft);margin:.2rem 0}
      .wide{overflow-x:auto}table{border-collapse:collapse;width:100%}
      th{text-align:left;color:var(--soft);font-weight:600;border-bottom:2px solid var(--line);padding:.3rem .6rem;white-space:nowrap}
      td{border-bottom:1px solid var(--line);padding:.3rem .6rem;vertical-align:top}
      td.n,th.n{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
      td.t,td.s{font-family:ui-monospace,monospace;font-size:13px}td.t{overflow-wrap:anywhere;min-width:16rem}td.s{white-space:nowrap}
      details{margin-left:1.2rem}.leaf{margin-left:2.1rem}summary{cursor:pointer}
      .tree{font-family:ui-monospace,monospace;font-size:13px;overflow-wrap:anywhere}.tree span{color:var(--soft);white-space:nowrap}summary:focus-visible{outline:2px solid var(--a)}
      svg.spark{width:90px;height:24px}.spark polyline{fill:none;stroke:var(--a);stroke-width:2}.spark circle{fill:var(--a)}
      svg.map{width:100%;border:1px solid var(--line);margin:.5rem 0}.map rect{stroke:var(--paper);stroke-width:1}
      @media(max-width:44rem){tr{display:flex;flex-wrap:wrap;gap:0 1rem;border-bottom:1px solid var(--line);padding:.4rem 0}th{display:none}
      td,td.n,td.t,td.s{border:0;padding:0;text-align:left;min-width:0}td.t{flex:1 0 100%}
      td::before{content:attr(data-c) " ";color:var(--soft);font:13px system-ui,sans-serif}svg.map{min-width:62rem}
      details{margin-left:.5rem}.leaf{margin-left:1.2rem}.tree{word-break:break-all}}
      .map .d0{fill:var(--d0)}.map .d1{fill:var(--d1)}.map text{font:11px ui-monospace,monospace;fill:var(--ink);pointer-events:none}
      """;
  private static final String NOTHING = "<p>Nothing.</p>\n";
  private static final int OPEN_LEVELS = 3;
  /** Columns without longer texts take no more room than these. */
  private static final int SHORT_TEXT = 8;

  private final StringBuilder html = new StringBuilder();

  private HtmlText() {}

  /** Returns the report as a page. */
  public static String of(Report report) {
    return new HtmlText().render(report);
  }

  private String render(Report report) {
    String title = escaped(report.title());
    html.append("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>")
        .append(title).append("</title><style>\n").append(STYLE).append("</style></head><body>\n<h1>").append(title).append("</h1>\n");
    report.notes().forEach(note -> html.append("<p>").append(escaped(note)).append("</p>\n"));
    for (Report.Section section : report.sections()) {
      html.append("<h2>").append(escaped(section.title())).append("</h2>\n");
      if (section instanceof Report.Table table) {
        table(table);
      } else if (section instanceof Report.Tree tree && tree.roots().isEmpty()) {
        html.append(NOTHING);
      } else if (section instanceof Report.Tree tree) {
        if (tree.map()) {
          html.append("<div class=\"wide\">").append(Treemap.of(tree)).append("</div>\n");
        }
        html.append("<div class=\"tree\">");
        tree.roots().forEach(root -> node(root, 0));
        html.append("</div>\n");
      }
    }
    return html.append("</body></html>\n").toString();
  }

  private void table(Report.Table table) {
    if (table.rows().isEmpty()) {
      html.append(NOTHING);
      return;
    }
    html.append("<div class=\"wide\"><table><tr>");
    for (Report.Column column : table.columns()) {
      html.append(isNumber(column) ? "<th class=\"n\">" : "<th>").append(escaped(column.name())).append("</th>");
    }
    html.append("</tr>\n");
    boolean[] isShort = new boolean[table.columns().size()];
    for (int c = 0; c < isShort.length; c++) {
      int column = c;
      isShort[c] = table.rows().stream().allMatch(row -> String.valueOf(row.get(column)).length() <= SHORT_TEXT);
    }
    for (List<Object> row : table.rows()) {
      html.append("<tr>");
      for (int c = 0; c < row.size(); c++) {
        cell(row.get(c), table.columns().get(c), isShort[c]);
      }
      html.append("</tr>\n");
    }
    html.append("</table></div>\n");
  }

  private static boolean isNumber(Report.Column column) {
    return column.unit() == Report.Unit.COUNT || column.unit() == Report.Unit.BYTES;
  }

  private void cell(Object value, Report.Column column, boolean isShort) {
    String kind = column.unit() == Report.Unit.TEXT ? isShort ? " class=\"s\"" : " class=\"t\"" : isNumber(column) ? " class=\"n\"" : "";
    html.append("<td").append(kind).append(" data-c=\"").append(escaped(column.name())).append("\">");
    switch (column.unit()) {
      case TEXT -> html.append(escaped(String.valueOf(value)).replace(" -&gt; ", " \u2192 ")); // Which no line breaks in two.
      case COUNT -> html.append(Sizes.count((Long) value));
      case BYTES -> html.append(Sizes.text((Long) value));
      case SERIES -> sparkline((List<?>) value);
    }
    html.append("</td>");
  }

  private void sparkline(List<?> series) {
    long most = 1;
    for (Object value : series) {
      most = Math.max(most, (Long) value);
    }
    StringBuilder points = new StringBuilder();
    double x = 3;
    double y = 0;
    for (int i = 0; i < series.size(); i++) {
      x = 3 + 84.0 * i / Math.max(1, series.size() - 1);
      y = 21 - 18.0 * (Long) series.get(i) / most;
      points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x, y));
    }
    StringBuilder words = new StringBuilder();
    series.forEach(value -> words.append(words.isEmpty() ? "" : ", ").append(Sizes.text((Long) value)));
    html.append("<svg class=\"spark\" viewBox=\"0 0 90 24\" role=\"img\"><title>").append(words).append("</title><polyline points=\"").append(points)
        .append(String.format(Locale.ROOT, "\"/><circle cx=\"%.1f\" cy=\"%.1f\" r=\"2.5\"/></svg>", x, y));
  }

  private void node(Report.Node node, int depth) {
    String numbers = (node.count() > 0 ? Sizes.count(node.count()) + (node.count() == 1 ? " object" : " objects") + (node.bytes() > 0 ? ", " : "") : "") + (node.bytes() > 0 ? Sizes.text(node.bytes()) : "");
    String label = escaped(node.label()) + (numbers.isEmpty() ? "" : " <span>" + numbers + "</span>");
    if (node.children().isEmpty()) {
      html.append("<div class=\"leaf\">").append(label).append("</div>");
    } else {
      html.append(depth < OPEN_LEVELS ? "<details open><summary>" : "<details><summary>").append(label).append("</summary>");
      node.children().forEach(child -> node(child, depth + 1));
      html.append("</details>\n");
    }
  }

  static String escaped(String text) {
    StringBuilder safe = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> safe.append("&amp;");
        case '<' -> safe.append("&lt;");
        case '>' -> safe.append("&gt;");
        case '"' -> safe.append("&quot;");
        default -> safe.append(c < ' ' && c != '\n' || isHalf(text, i) ? '\uFFFD' : c);
      }
    }
    return safe.toString();
  }

  /** Whether there is a surrogate without its other half, which no encoding can write. */
  private static boolean isHalf(String text, int i) {
    char c = text.charAt(i);
    return Character.isHighSurrogate(c) ? i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1))
        : Character.isLowSurrogate(c) && (i == 0 || !Character.isHighSurrogate(text.charAt(i - 1)));
  }
}
