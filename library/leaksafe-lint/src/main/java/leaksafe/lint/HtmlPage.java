package leaksafe.lint;

import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/** A report as one page: the findings under their severities, then what could not be read, then the pages of the rules that were broken. */
final class HtmlPage {
  private static final String STYLE = """
      :root{color-scheme:light dark;--ink:#1d2330;--soft:#5b6475;--line:#d8dde6;--paper:#fff;--link:#2f6fb3;--error:#b3261e;--warning:#8a5a00}
      @media(prefers-color-scheme:dark){:root{--ink:#e6e9ef;--soft:#9aa4b5;--line:#394152;--paper:#161a22;--link:#7fb4ec;--error:#ff8a80;--warning:#f0b95a}}
      body{font:15px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper);max-width:64rem;margin:2rem auto;padding:0 1rem}
      h1{font-size:1.5rem;margin-bottom:0}h2{font-size:1.15rem;margin-top:2rem}h3{font:600 14px/1.5 ui-monospace,monospace;margin:0}
      h3,ul,pre{overflow-wrap:anywhere}a{color:var(--link)}p{margin:.2rem 0}.soft{color:var(--soft)}
      article{border-top:1px solid var(--line);border-left:4px solid var(--line);padding:.6rem 0 .6rem .8rem}
      .ERROR{border-left-color:var(--error)}.ERROR b{color:var(--error)}.WARNING{border-left-color:var(--warning)}.WARNING b{color:var(--warning)}
      .sites{font:13px/1.5 ui-monospace,monospace;color:var(--soft);list-style:none;margin:.2rem 0;padding:0}
      summary{cursor:pointer}pre{white-space:pre-wrap;font:13px/1.5 ui-monospace,monospace}
      """;

  private final StringBuilder html = new StringBuilder();

  private HtmlPage() {}

  static String of(LintReport report) {
    return new HtmlPage().render(report);
  }

  private String render(LintReport report) {
    html.append("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">")
        .append("<title>leaksafe lint</title><style>\n").append(STYLE).append("</style></head><body>\n<h1>leaksafe lint</h1>\n<p class=\"soft\">")
        .append(report.findings().size()).append(" findings in ").append(report.classes()).append(" classes</p>\n");
    severity("Errors", Severity.ERROR, report.findings());
    severity("Warnings", Severity.WARNING, report.findings());
    severity("Notes", Severity.INFO, report.findings());
    if (!report.warnings().isEmpty()) {
      html.append("<h2>What could not be read or used</h2>\n<ul>\n");
      report.warnings().forEach(warning -> html.append("<li>").append(escape(warning)).append("</li>\n"));
      html.append("</ul>\n");
    }
    rules(report.findings());
    return html.append("</body></html>\n").toString();
  }

  private void severity(String title, Severity severity, List<Finding> findings) {
    List<Finding> all = findings.stream().filter(finding -> finding.severity() == severity).toList();
    if (!all.isEmpty()) {
      html.append("<h2>").append(title).append(" (").append(all.size()).append(")</h2>\n");
      all.forEach(this::finding);
    }
  }

  private void finding(Finding finding) {
    html.append("<article class=\"").append(finding.severity()).append("\"><h3>").append(escape(finding.member())).append("</h3>\n<p><a href=\"#")
        .append(finding.rule()).append("\">").append(finding.rule()).append("</a> <b>")
        .append(finding.severity().name().toLowerCase(Locale.ROOT)).append("</b> <code>").append(escape(finding.type())).append("</code></p>\n<ul class=\"sites\">");
    finding.sites().forEach(site -> html.append("<li>").append(escape(site.toString())).append("</li>"));
    html.append("</ul>\n<p>").append(escape(finding.reason())).append("</p>\n<p class=\"soft\">Instead: ").append(escape(finding.advice()))
        .append("</p></article>\n");
  }

  private void rules(List<Finding> findings) {
    TreeSet<String> broken = new TreeSet<>(findings.stream().map(Finding::rule).toList());
    if (!broken.isEmpty()) {
      html.append("<h2>The rules</h2>\n");
      LeakLint.rules().stream().filter(rule -> broken.contains(rule.id())).forEach(rule -> html.append("<details id=\"").append(rule.id())
          .append("\"><summary>").append(rule.id()).append(": ").append(escape(rule.title())).append("</summary><pre>")
          .append(escape(rule.page().replaceFirst("^# .*\\n+", ""))).append("</pre></details>\n"));
    }
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
  }
}
