package leaksafe.lint;

/** How sure a rule is, and whether a build fails on it. The worst comes first. */
public enum Severity {
  /** Fails {@link LeakLint#assertClean()} and the command line. */
  ERROR,
  /** Fails them in strict mode. */
  WARNING,
  /** A note: never fails, and is reported only if {@link LeakLint#notes()} asks for it. */
  INFO;

  /**
   * Returns the severity of that name, in capitals or not.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Severity of(String name) {
    for (Severity severity : values()) {
      if (severity.name().equalsIgnoreCase(name)) {
        return severity;
      }
    }
    throw new IllegalArgumentException("a severity must be error, warning or info, but was " + name);
  }
}
