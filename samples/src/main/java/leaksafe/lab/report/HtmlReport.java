package leaksafe.lab.report;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import leaksafe.lab.Comparison;
import leaksafe.lab.Side;
import leaksafe.lab.run.Run;

/** The report: one page that needs no network, with a chart and a pair of code snippets for each scenario. */
public final class HtmlReport {
  private static final String STYLE = """
      :root { color-scheme: light dark; --ink: #1c2430; --soft: #5d6b7c; --paper: #f6f7f9; --card: #fff; --line: #dfe4ea;
        --adhoc: #c4432b; --ours: #0b7a55; --code: #f1f3f6; }
      @media (prefers-color-scheme: dark) { :root { --ink: #e7ebf0; --soft: #9aa7b6; --paper: #12161c; --card: #1a2028; --line: #2c3540;
        --adhoc: #ff7d63; --ours: #4fd1a1; --code: #12171e; } }
      * { box-sizing: border-box; }
      body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
      main { max-width: 1100px; margin: 0 auto; padding: 24px 16px 64px; }
      h1 { font-size: 28px; margin: 8px 0 4px; } h2 { font-size: 20px; margin: 0 0 4px; }
      p { margin: 0 0 12px; } .soft { color: var(--soft); }
      .card { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 20px; margin: 20px 0; }
      .scroll { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-size: 14px; }
      th, td { text-align: left; padding: 8px 12px 8px 0; border-bottom: 1px solid var(--line); vertical-align: top; }
      th { color: var(--soft); font-weight: 600; } tr:last-child td { border-bottom: 0; } td.number { white-space: nowrap; }
      a { color: inherit; } td:first-child { white-space: nowrap; } td:last-child { min-width: 7em; }
      .bad { color: var(--adhoc); } .good { color: var(--ours); font-weight: 600; }
      svg { width: 100%; height: auto; display: block; margin: 8px 0; }
      svg .grid { stroke: var(--line); } svg .axis { fill: var(--soft); font-size: 11px; }
      svg polyline { fill: none; stroke-width: 2.5; stroke-linejoin: round; }
      svg .adhoc { stroke: var(--adhoc); } svg .ours { stroke: var(--ours); } svg .dead { fill: var(--adhoc); font-size: 18px; font-weight: bold; }
      .legend { display: flex; flex-wrap: wrap; gap: 4px 24px; font-size: 14px; }
      .legend b { font-weight: 600; } .pair { display: grid; grid-template-columns: 1fr 1fr; gap: 16px; }
      .pair > div { min-width: 0; } .pair h3 { font-size: 14px; margin: 12px 0 6px; }
      pre { background: var(--code); border-radius: 8px; padding: 12px; margin: 0; overflow-x: auto; font: 12.5px/1.5 ui-monospace, monospace; }
      .found h3 { font-size: 14px; margin: 12px 0 6px; } .found pre { white-space: pre-wrap; overflow-wrap: anywhere; }
      @media (max-width: 760px) { .pair { grid-template-columns: 1fr; } .card { padding: 14px; } }
      """;

  private HtmlReport() {}

  /** Returns the page. */
  public static String of(List<Comparison> comparisons, Map<String, List<Finding>> findings) {
    StringBuilder page = new StringBuilder();
    page.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
        .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>leaksafe: the leak lab</title>\n<style>\n")
        .append(STYLE).append("</style>\n</head>\n<body>\n<main>\n<h1>The leak lab</h1>\n");
    page.append("<p class=\"soft\">Each way to leak, twice on the same input, the classes of JDK ").append(Html.escape(Runtime.version().toString()))
        .append(", in a JVM with a heap of ").append(comparisons.isEmpty() ? 0 : comparisons.get(0).heapBytes() / 1_048_576)
        .append(" MB: as people write it, and with leaksafe. The second run is given twice the work.</p>\n");
    page.append("<section class=\"card scroll\">\n<table>\n<thead><tr><th>scenario</th><th>ad-hoc</th><th>named after</th><th>leaksafe: peak</th><th>retained</th>")
        .append("<th>operations</th><th>verdict</th></tr></thead>\n<tbody>\n");
    comparisons.forEach(comparison -> page.append(row(comparison)));
    page.append("</tbody>\n</table>\n</section>\n");
    comparisons.forEach(comparison -> page.append(section(comparison, findings.getOrDefault(comparison.scenario().name(), List.of()))));
    return page.append("</main>\n</body>\n</html>\n").toString();
  }

  private static String row(Comparison comparison) {
    Run ours = comparison.leaksafe();
    return "<tr><td><a href=\"#" + comparison.scenario().name() + "\">" + comparison.scenario().name() + "</a></td><td class=\""
        + (comparison.adHocLeaks() ? "bad" : "") + "\">" + Html.escape(comparison.adHoc().ending()) + "</td><td class=\"number" + (comparison.culprit().isPresent() ? "" : " bad") + "\">"
        + comparison.culprit().map(named -> TextTable.seconds(named.millis())).orElse("not named") + "</td><td class=\"number\">"
        + TextTable.megabytes(ours.peakBytes()) + "</td><td class=\"number\">"
        + (ours.retainedBytes().isPresent() ? TextTable.megabytes(ours.retainedBytes().getAsLong()) : "-") + "</td><td class=\"number\">"
        + String.format(Locale.ROOT, "%,d", ours.operations()) + "</td><td class=\"" + (comparison.leaksafeHolds() ? "good" : "bad") + "\">"
        + Html.escape(comparison.verdict()) + "</td></tr>\n";
  }

  private static String section(Comparison comparison, List<Finding> findings) {
    Class<?> type = comparison.scenario().getClass();
    return "<section class=\"card\" id=\"" + comparison.scenario().name() + "\">\n<h2>" + Html.escape(comparison.scenario().title()) + "</h2>\n<p>"
        + Html.escape(comparison.scenario().summary()) + "</p>\n" + Chart.of(comparison)
        + "\n<div class=\"legend\"><span><b class=\"bad\">ad-hoc</b> " + Html.escape(comparison.adHoc().ending())
        + "</span><span><b class=\"good\">leaksafe</b> " + Html.escape(comparison.leaksafe().ending()) + "</span></div>\n" + found(findings) + "<div class=\"pair\">\n"
        + snippet("What people write", SourceSnippet.of(type, Side.AD_HOC.label()))
        + snippet("What they write now", SourceSnippet.of(type, Side.LEAKSAFE.label())) + "</div>\n</section>\n";
  }

  private static String found(List<Finding> findings) {
    StringBuilder text = new StringBuilder();
    findings.forEach(finding -> text.append("<div class=\"found\">").append(snippet(finding.title(), String.join("\n", finding.lines())))
        .append("</div>\n"));
    return text.toString();
  }

  private static String snippet(String title, String code) {
    return "<div><h3>" + title + "</h3>\n<pre>" + Html.escape(code) + "</pre></div>\n";
  }
}
