package leaksafe.lint.internal.facts;

/**
 * A request not to report.
 *
 * @param rule a rule's number, {@code *}, or a pattern of SpotBugs
 * @param reason why; blank if none was given
 */
public record Suppression(String rule, String reason) {}
