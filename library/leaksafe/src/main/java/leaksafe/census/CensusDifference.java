package leaksafe.census;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What changed between two snapshots; see {@link CensusSnapshot#since}. A value, like the snapshots.
 *
 * @param from when the earlier was taken
 * @param to when the later was taken
 * @param changes the containers that changed, those that grew most first
 */
public record CensusDifference(Instant from, Instant to, List<CensusChange> changes) {
  private static final int SHOWN = 5;

  /** Checks that nothing is null, copies and sorts the changes. */
  public CensusDifference {
    Objects.requireNonNull(from, "from");
    Objects.requireNonNull(to, "to");
    Comparator<CensusChange> byGrowth = Comparator.comparingLong((CensusChange change) -> change.growth()).reversed();
    changes = changes.stream().sorted(byGrowth.thenComparing(change -> change.entry().name())
        .thenComparing(change -> change.entry().id())).toList();
  }

  /** Returns the time between the snapshots; zero if the clock was set back meanwhile. */
  public Duration elapsed() {
    return to.isBefore(from) ? Duration.ZERO : Duration.between(from, to);
  }

  /** Returns whether nothing changed. */
  public boolean isEmpty() {
    return changes.isEmpty();
  }

  /** Returns by how many entries all containers grew together. */
  public long totalGrowth() {
    return changes.stream().mapToLong(change -> change.growth()).sum();
  }

  /** Returns the containers that grew alone. */
  public CensusDifference grown() {
    return filter(change -> change.growth() > 0);
  }

  /** Returns the changes that pass the test alone. */
  public CensusDifference filter(Predicate<? super CensusChange> test) {
    Objects.requireNonNull(test, "test");
    return new CensusDifference(from, to, changes.stream().filter(test).collect(Collectors.toList()));
  }

  /**
   * Returns the containers that grew most alone.
   *
   * @param n how many at most; at least 1
   * @throws IllegalArgumentException if it is less
   */
  public CensusDifference top(int n) {
    return new CensusDifference(from, to, changes.subList(0, Math.min(CensusSnapshot.checkTop(n), changes.size())));
  }

  /** Returns the changes by what the containers have in common, the group that grew most first. */
  public List<CensusGroup> by(Grouping grouping) {
    Objects.requireNonNull(grouping, "grouping");
    return CensusSnapshot.group(changes.stream().map(change -> new CensusGroup(grouping.keyOf(change.entry()),
        change.appeared() ? 1 : change.gone() ? -1 : 0, change.growth())).toList());
  }

  /** Returns a table for people, one line for each change. */
  public String toText() {
    return this + "\n" + Forms.table(this).toText();
  }

  /** Returns a table in Markdown, one row for each change. */
  public String toMarkdown() {
    return Forms.table(this).toMarkdown();
  }

  /** Returns one JSON object: {@code from}, {@code to}, {@code growth}, and {@code changes} with an object for each. */
  public String toJson() {
    return Forms.json(this);
  }

  /** Returns one line: how much changed, and what grew most. */
  @Override
  public String toString() {
    long total = totalGrowth();
    String grown = changes.stream().filter(c -> c.growth() > 0).limit(SHOWN).map(c -> c.entry().name() + " +" + c.growth())
        .collect(Collectors.joining(", "));
    return "in " + elapsed().toMillis() + " ms: " + changes.size() + (changes.size() == 1 ? " container changed, " : " containers changed, ")
        + (total > 0 ? "+" : "") + total + " entries" + (grown.isEmpty() ? "" : "; grown: " + grown);
  }
}
