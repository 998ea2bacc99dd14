package leaksafe.resource;

import java.util.Objects;
import leaksafe.Leak;

/**
 * The leaks of one kind of object from one call site.
 *
 * @param what the name of the class of what leaked
 * @param site the line that opened it, or {@link Leak#NOT_SAMPLED}
 * @param count how many leaked, exactly
 * @param latest the latest of them
 */
public record LeakGroup(String what, String site, long count, Leak latest) {

  /** Checks that nothing is null. */
  public LeakGroup {
    Objects.requireNonNull(what, "what");
    Objects.requireNonNull(site, "site");
    Objects.requireNonNull(latest, "latest");
  }

  /** Returns the group as one line. */
  @Override
  public String toString() {
    return count + " x " + what + " dropped without being closed, opened at " + site;
  }
}
