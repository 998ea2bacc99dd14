package leaksafe.lab.report;

import java.util.List;

/**
 * What a tool of the library found out about the ad-hoc side of a scenario.
 *
 * @param title which tool, and what was asked of it
 * @param lines the answer
 */
public record Finding(String title, List<String> lines) {
  /** Copies the lines. */
  public Finding {
    lines = List.copyOf(lines);
  }
}
