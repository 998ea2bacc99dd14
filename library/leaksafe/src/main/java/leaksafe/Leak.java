package leaksafe;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * Something that became unreachable without having been closed, or is open for longer than its container was told to allow (then
 * the kind begins with {@code overdue}). It consists of text and numbers alone, so keeping it keeps nothing
 * else alive.
 *
 * @param container the name of the container or tracker that it belonged to
 * @param kind what leaked, in one word: {@code lease}, {@code scope}, {@code resource}, {@code thread} ...
 * @param what the name of the class of what leaked, or the name that the user gave it
 * @param site the line of the user's code that opened it, or {@code "unknown (not sampled)"} where call sites are sampled
 * @param age how long it was open before it was found, rounded to milliseconds
 * @param hints what the user noted on the way, oldest first
 */
public record Leak(String container, String kind, String what, String site, Duration age, List<String> hints) {

  /** The site of what was not sampled. */
  public static final String NOT_SAMPLED = "unknown (not sampled)";

  /** Checks that nothing is null, and copies the hints. */
  public Leak {
    Objects.requireNonNull(container, "container");
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(what, "what");
    Objects.requireNonNull(site, "site");
    Objects.requireNonNull(age, "age");
    hints = List.copyOf(hints);
  }

  /** Returns the report as one line. */
  @Override
  public String toString() {
    boolean overdue = kind.startsWith("overdue ");
    String article = !kind.isEmpty() && "aeiou".indexOf(Character.toLowerCase(kind.charAt(0))) >= 0 ? "an" : "a";
    return container + ": " + article + " " + kind + " (" + what + ") "
        + (overdue ? "is still open after " : "was dropped without being closed after ") + age.toMillis() + " ms; opened at " + site
        + (hints.isEmpty() ? "" : "; touched: " + String.join(", ", hints));
  }
}
