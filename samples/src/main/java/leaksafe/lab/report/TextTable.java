package leaksafe.lab.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import leaksafe.lab.Comparison;

/** The comparisons as a table for the terminal. */
public final class TextTable {
  private static final List<String> HEAD =
      List.of("scenario", "ad-hoc", "named after", "leaksafe: peak", "retained", "operations", "verdict");

  private TextTable() {}

  /** Returns the table, a line for each comparison. */
  public static String of(List<Comparison> comparisons) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(HEAD);
    for (Comparison comparison : comparisons) {
      rows.add(List.of(
          comparison.scenario().name(),
          comparison.adHoc().ending(),
          comparison.culprit().map(named -> seconds(named.millis())).orElse("not named"),
          megabytes(comparison.leaksafe().peakBytes()),
          comparison.leaksafe().retainedBytes().isPresent() ? megabytes(comparison.leaksafe().retainedBytes().getAsLong()) : "-",
          String.format(Locale.ROOT, "%,d", comparison.leaksafe().operations()),
          comparison.verdict()));
    }
    StringBuilder table = new StringBuilder();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < row.size(); column++) {
        int at = column;
        int width = rows.stream().mapToInt(each -> each.get(at).length()).max().orElse(0);
        line.append(row.get(column)).append(" ".repeat(width - row.get(column).length() + 2));
      }
      table.append(line.toString().stripTrailing()).append(System.lineSeparator());
    }
    return table.toString();
  }

  /** Returns what was found out about the ad-hoc sides, scenario by scenario. */
  public static String of(Map<String, List<Finding>> findings) {
    StringBuilder text = new StringBuilder();
    findings.forEach((scenario, found) -> found.forEach(finding -> {
      text.append(System.lineSeparator()).append(scenario).append(": ").append(finding.title()).append(System.lineSeparator());
      finding.lines().forEach(line -> text.append("  ").append(line).append(System.lineSeparator()));
    }));
    return text.toString();
  }

  static String seconds(long millis) {
    return String.format(Locale.ROOT, "%.1f s", millis / 1000.0);
  }

  static String megabytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f MB", bytes / 1_048_576.0);
  }
}
