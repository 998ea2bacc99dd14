package leaksafe;

import java.util.Objects;
import leaksafe.internal.Reports;

/**
 * What a user's callback threw where the library could not pass it on to a caller.
 *
 * @param container the name of the container that called
 * @param role what was called: {@code removal listener}, {@code closer}, {@code handler} ...
 * @param detail about what, in words; may be empty
 * @param cause what was thrown
 */
public record Failure(String container, String role, String detail, Throwable cause) {

  /** Checks that nothing is null. */
  public Failure {
    Objects.requireNonNull(container, "container");
    Objects.requireNonNull(role, "role");
    Objects.requireNonNull(detail, "detail");
    Objects.requireNonNull(cause, "cause");
  }

  /** Returns the report as one line, without the stack trace of the cause. */
  @Override
  public String toString() {
    return container + ": the " + role + " failed" + (detail.isEmpty() ? "" : " (" + detail + ")") + ": " + Reports.line(cause);
  }
}
