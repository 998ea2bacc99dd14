package leaksafe.census;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One container in two snapshots.
 *
 * @param before what it said then, or null if it appeared meanwhile
 * @param now what it says now, or null if it is gone
 */
public record CensusChange(@Nullable CensusEntry before, @Nullable CensusEntry now) {

  /** Checks that there is one of the two at least, and that both are of the same container. */
  public CensusChange {
    if (before == null && now == null) {
      throw new IllegalArgumentException("before and now are null: one of them must be there");
    }
    if (before != null && now != null && before.id() != now.id()) {
      throw new IllegalArgumentException("before has id " + before.id() + " and now has id " + now.id() + ": both must be of one container");
    }
  }

  /** Returns the latest entry that there is. */
  public CensusEntry entry() {
    return now != null ? now : Objects.requireNonNull(before);
  }

  /** Returns by how many entries it grew; all that it has if it appeared, less than 0 if it shrank; 0 if its size is not known. */
  public long growth() {
    if ((before != null && before.failure() != null) || (now != null && now.failure() != null)) {
      return 0;
    }
    return (now == null ? 0 : now.size()) - (before == null ? 0 : before.size());
  }

  /** Returns by how much a figure grew; a figure that is missing counts as 0. */
  public long growth(String figure) {
    return (now == null ? 0 : now.figure(figure, 0)) - (before == null ? 0 : before.figure(figure, 0));
  }

  /** Returns whether it was not there before. */
  public boolean appeared() {
    return before == null;
  }

  /** Returns whether it is not there now. */
  public boolean gone() {
    return now == null;
  }

  /** Returns one line. */
  @Override
  public String toString() {
    CensusEntry entry = entry();
    String growth = (growth() > 0 ? "+" : "") + growth();
    return entry.name() + " (" + entry.kind() + "): " + growth + (appeared() ? ", new" : gone() ? ", gone" : " to " + entry.size())
        + ", from " + entry.site();
  }
}
