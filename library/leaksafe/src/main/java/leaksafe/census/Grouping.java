package leaksafe.census;

import java.util.function.Function;

/** What containers are grouped by. */
public enum Grouping {
  /** What they are. */
  KIND(CensusEntry::kind),
  /** Their name. */
  NAME(CensusEntry::name),
  /** The line of code that created them. */
  SITE(CensusEntry::site),
  /** The class loader of the code that created them. */
  CLASS_LOADER(CensusEntry::classLoader);

  private final Function<CensusEntry, String> key;

  Grouping(Function<CensusEntry, String> key) {
    this.key = key;
  }

  String keyOf(CensusEntry entry) {
    return key.apply(entry);
  }
}
