package leaksafe.lint;

import java.util.ArrayList;
import java.util.List;

/**
 * What a run found, in an order that depends on nothing but the classes read.
 *
 * @param warnings what could not be read or used, by name
 * @param classes how many classes it looked at, the context aside; {@code bytes} how large all that were read are together
 */
public record LintReport(List<Finding> findings, List<String> warnings, int classes, long bytes) {

  public LintReport {
    findings = List.copyOf(findings);
    warnings = List.copyOf(warnings);
  }

  /** Returns the findings that are at least so severe. */
  public List<Finding> atLeast(Severity severity) {
    return findings.stream().filter(finding -> finding.severity().compareTo(severity) <= 0).toList();
  }

  /** Returns the report as text, one line a finding. */
  public String text() {
    StringBuilder text = new StringBuilder();
    findings.forEach(finding -> text.append(finding).append('\n'));
    warnings.forEach(warning -> text.append("warning: ").append(warning).append('\n'));
    return text.append(findings.size()).append(" findings in ").append(classes).append(" classes\n").toString();
  }

  /** Returns the report as JSON. */
  public String json() {
    List<String> items = new ArrayList<>();
    for (Finding finding : findings) {
      List<String> sites = finding.sites().stream().map(site -> "{\"method\":" + quote(site.method()) + ",\"file\":" + quote(site.file())
          + ",\"line\":" + site.line() + "}").toList();
      items.add("{\"rule\":" + quote(finding.rule()) + ",\"severity\":" + quote(finding.severity().name()) + ",\"member\":"
          + quote(finding.member()) + ",\"type\":" + quote(finding.type()) + ",\"reason\":" + quote(finding.reason()) + ",\"advice\":"
          + quote(finding.advice()) + ",\"sites\":[" + String.join(",", sites) + "]}");
    }
    return "{\"classes\":" + classes + ",\"bytes\":" + bytes + ",\"warnings\":["
        + String.join(",", warnings.stream().map(LintReport::quote).toList()) + "],\n\"findings\":[\n" + String.join(",\n", items)
        + "]}\n";
  }

  /** Returns the report as SARIF 2.1.0. */
  public String sarif() {
    List<String> rules = LeakLint.rules().stream().map(rule -> "{\"id\":" + quote(rule.id()) + ",\"name\":" + quote(rule.name())
        + ",\"shortDescription\":{\"text\":" + quote(rule.title()) + "},\"help\":{\"text\":" + quote(rule.page()) + ",\"markdown\":"
        + quote(rule.page()) + "}}").toList();
    List<String> results = new ArrayList<>();
    for (Finding finding : findings) {
      String level = switch (finding.severity()) {
        case ERROR -> "error";
        case WARNING -> "warning";
        case INFO -> "note";
      };
      List<String> locations = finding.sites().stream().map(LintReport::location).toList();
      results.add("{\"ruleId\":" + quote(finding.rule()) + ",\"level\":" + quote(level) + ",\"message\":{\"text\":"
          + quote(finding.member() + ": " + finding.reason() + "; " + finding.advice()) + "},\"locations\":["
          + (locations.isEmpty() ? "" : locations.get(0)) + "],\"relatedLocations\":["
          + String.join(",", locations.subList(Math.min(1, locations.size()), locations.size()))
          + "],\"partialFingerprints\":{\"leaksafe/v1\":" + quote(finding.fingerprint()) + "}}");
    }
    return "{\"$schema\":\"https://json.schemastore.org/sarif-2.1.0.json\",\"version\":\"2.1.0\",\"runs\":[{\"tool\":{\"driver\":"
        + "{\"name\":\"leaksafe-lint\",\"rules\":[" + String.join(",", rules) + "]}},\n\"results\":[\n" + String.join(",\n", results)
        + "]}]}\n";
  }

  private static String location(Site site) {
    int end = site.method().lastIndexOf('.');
    int slash = site.method().lastIndexOf('.', Math.max(0, end - 1));
    String folder = slash < 0 ? "" : site.method().substring(0, slash + 1).replace('.', '/');
    String uri = (folder + site.file()).replace("%", "%25").replace(" ", "%20").replace("<", "%3C").replace(">", "%3E");
    return "{\"physicalLocation\":{\"artifactLocation\":{\"uri\":" + quote(uri) + "},\"region\":{\"startLine\":" + Math.max(1, site.line())
        + "}},\"logicalLocations\":[{\"fullyQualifiedName\":" + quote(site.method()) + "}]}";
  }

  /** Returns the report as one HTML page that needs nothing else. */
  public String html() {
    return HtmlPage.of(this);
  }

  private static String quote(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < 0x20 || Character.isSurrogate(c)) {
        quoted.append(String.format("\\u%04x", (int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }
}
