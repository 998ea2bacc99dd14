package leaksafe.resource;

import java.time.Duration;
import java.util.Objects;

/**
 * The objects of one kind from one call site that are open now.
 *
 * @param what the name of their class
 * @param site the line that opened them, or {@link leaksafe.Leak#NOT_SAMPLED}
 * @param count how many
 * @param oldest for how long the oldest of them has been open, to the second
 */
public record OpenGroup(String what, String site, long count, Duration oldest) {

  /** Checks that nothing is null. */
  public OpenGroup {
    Objects.requireNonNull(what, "what");
    Objects.requireNonNull(site, "site");
    Objects.requireNonNull(oldest, "oldest");
  }

  /** Returns the group as one line. */
  @Override
  public String toString() {
    return count + " x " + what + " open, the oldest for " + oldest.toSeconds() + " s, opened at " + site;
  }
}
