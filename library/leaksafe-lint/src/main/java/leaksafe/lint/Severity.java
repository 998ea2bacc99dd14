package leaksafe.lint;

/** How sure a rule is, and whether a build fails on it. The worst comes first. */
public enum Severity {
  /** Fails {@link LeakLint#assertClean()} and the command line. */
  ERROR,
  /** Fails them in strict mode. */
  WARNING,
  /** Is reported and never fails. */
  INFO
}
