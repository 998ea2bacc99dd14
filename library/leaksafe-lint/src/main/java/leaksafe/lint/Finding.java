package leaksafe.lint;

import java.util.List;

/**
 * One report.
 *
 * @param rule the rule's number, such as {@code LS002}
 * @param member {@code owner#field}, {@code owner#method} or the class, without line numbers
 * @param type the declared type of a field, else empty
 * @param sites every line that the report rests on, in order
 * @param reason what is wrong, and why no removal was accepted
 * @param advice what to write instead
 */
public record Finding(String rule, Severity severity, String member, String type, List<Site> sites, String reason, String advice)
    implements Comparable<Finding> {

  public Finding {
    sites = List.copyOf(sites);
  }

  /** Returns the line that stands for this finding in a baseline file: it survives edits that only move lines. */
  public String fingerprint() {
    return rule + " " + member;
  }

  @Override
  public int compareTo(Finding other) {
    int bySeverity = severity.compareTo(other.severity);
    return bySeverity != 0 ? bySeverity : fingerprint().compareTo(other.fingerprint());
  }

  /** Returns the report in one line. */
  @Override
  public String toString() {
    return rule + " " + severity + " " + member + (type.isEmpty() ? "" : ": " + type) + "; "
        + String.join(", ", sites.stream().map(Site::toString).toList()) + "; " + reason + "; " + advice;
  }
}
