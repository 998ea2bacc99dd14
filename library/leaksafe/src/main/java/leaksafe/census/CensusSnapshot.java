package leaksafe.census;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What all containers said of themselves at one time. A value: immutable, and it consists of text and numbers alone, so keeping it
 * keeps nothing else alive.
 *
 * @param number tells the order in which snapshots were taken, whatever the clock did
 * @param time when it was taken
 * @param entries the containers, the largest first
 */
public record CensusSnapshot(long number, Instant time, List<CensusEntry> entries) {
  private static final int SHOWN = 5;

  /** Checks that nothing is null, copies and sorts the entries. */
  public CensusSnapshot {
    Objects.requireNonNull(time, "time");
    entries = entries.stream()
        .sorted(Comparator.comparingLong(CensusEntry::size).reversed().thenComparing(CensusEntry::name).thenComparing(CensusEntry::id)).toList();
  }

  /** Returns how many entries all containers hold together. */
  public long totalSize() {
    return entries.stream().mapToLong(CensusEntry::size).sum();
  }

  /**
   * Returns the largest containers alone.
   *
   * @param n how many at most; at least 1
   * @throws IllegalArgumentException if it is less
   */
  public CensusSnapshot top(int n) {
    return new CensusSnapshot(number, time, entries.subList(0, Math.min(checkTop(n), entries.size())));
  }

  static int checkTop(int n) {
    if (n < 1) {
      throw new IllegalArgumentException("n must be at least 1, but was " + n);
    }
    return n;
  }

  /** Returns the containers that pass the test alone. */
  public CensusSnapshot filter(Predicate<? super CensusEntry> test) {
    Objects.requireNonNull(test, "test");
    return new CensusSnapshot(number, time, entries.stream().filter(test).collect(Collectors.toList()));
  }

  /**
   * Returns what changed since an earlier snapshot: containers that are larger or smaller, that appeared or are gone.
   *
   * @throws IllegalArgumentException if the other snapshot was taken later
   */
  public CensusDifference since(CensusSnapshot earlier) {
    if (Objects.requireNonNull(earlier, "earlier").number > number) {
      throw new IllegalArgumentException("earlier was taken after this snapshot (number " + earlier.number + " at " + earlier.time
          + ", this is number " + number + " at " + time + "): call later.since(earlier)");
    }
    Map<Long, CensusEntry> before = new HashMap<>();
    earlier.entries.forEach(entry -> before.put(entry.id(), entry));
    List<CensusChange> changes = new ArrayList<>();
    for (CensusEntry entry : entries) {
      CensusChange change = new CensusChange(before.remove(entry.id()), entry);
      if (change.appeared() || change.growth() != 0) {
        changes.add(change);
      }
    }
    before.values().forEach(gone -> changes.add(new CensusChange(gone, null)));
    return new CensusDifference(earlier.time, time, changes);
  }

  /** Returns the containers by what they have in common, the group with the most entries first. */
  public List<CensusGroup> by(Grouping grouping) {
    Objects.requireNonNull(grouping, "grouping");
    return group(entries.stream().map(entry -> new CensusGroup(grouping.keyOf(entry), 1, entry.size())).toList());
  }

  static List<CensusGroup> group(List<CensusGroup> ones) {
    Map<String, CensusGroup> groups = new LinkedHashMap<>();
    for (CensusGroup one : ones) {
      groups.merge(one.key(), one, (a, b) -> new CensusGroup(a.key(), a.containers() + b.containers(), a.size() + b.size()));
    }
    return groups.values().stream().sorted(Comparator.comparingLong(CensusGroup::size).thenComparing(CensusGroup::containers).reversed()
        .thenComparing(CensusGroup::key)).toList();
  }

  /** Returns a table for people, one line for each container. */
  public String toText() {
    return this + "\n" + Forms.table(this).toText();
  }

  /** Returns a table in Markdown, one row for each container. */
  public String toMarkdown() {
    return Forms.table(this).toMarkdown();
  }

  /** Returns one JSON object: {@code time}, {@code containers}, {@code entries}, and {@code list} with an object for each container. */
  public String toJson() {
    return Forms.json(this);
  }

  /** Returns one line: how many containers, and the largest. */
  @Override
  public String toString() {
    return "census at " + time + ": " + new CensusGroup("all", entries.size(), totalSize()) + (entries.isEmpty() ? "" : "; largest: "
        + entries.stream().limit(SHOWN).map(e -> e.name() + " " + e.size()).collect(Collectors.joining(", ")));
  }
}
