package leaksafe.lab;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.List;
import leaksafe.lint.Finding;
import leaksafe.lint.LeakLint;
import leaksafe.lint.LintReport;
import leaksafe.lint.Site;

/** What the lint says of the lab's own class files before anything runs. */
final class LintStep {
  private final LintReport report;

  private LintStep(LintReport report) {
    this.report = report;
  }

  /** Looks at the directory or jar that the lab was loaded from; its libraries are context. */
  static LintStep run() {
    return new LintStep(LeakLint.paths(locationOf(LeakLab.class)).context(locationOf(leaksafe.Lease.class)).notes().scan());
  }

  /** Returns a line of text for each finding in a scenario, or one that says that there is none. */
  List<String> lines(Scenario scenario) {
    List<String> lines = findings(scenario).stream().map(LintStep::line).toList();
    return lines.isEmpty() ? List.of("lint: nothing that class files show") : lines;
  }

  /** Returns what was found in a scenario's class and those nested in it. */
  List<Finding> findings(Scenario scenario) {
    String name = scenario.getClass().getName();
    return report.findings().stream()
        .filter(finding -> finding.member().startsWith(name + "#") || finding.member().startsWith(name + "$")).toList();
  }

  private static String line(Finding finding) {
    Site site = finding.sites().get(0);
    return "lint: " + finding.rule() + " " + site.file() + (site.line() < 0 ? "" : ":" + site.line()) + ", "
        + finding.member().substring(finding.member().lastIndexOf('#') + 1) + ": " + finding.reason();
  }

  private static Path locationOf(Class<?> type) {
    CodeSource source = type.getProtectionDomain().getCodeSource();
    if (source == null) {
      throw new IllegalStateException(type.getName() + " was loaded from nowhere that can be read, so the lint has nothing to look at");
    }
    try {
      return Path.of(source.getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException("not a path: " + source.getLocation(), e);
    }
  }
}
