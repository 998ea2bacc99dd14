package leaksafe;

import java.util.Map;

/**
 * What every container says about itself to the census. Nothing here may be expensive or take a lock that the hot path takes.
 *
 * <p>Containers are announced weakly: being visible does not keep them alive.
 */
public interface Container {

  /** Returns the name that the user gave, or one derived from the kind and the creation site. */
  String name();

  /** Returns what it is, in one lower-case word: {@code cache}, {@code registry}, {@code bus}, {@code pool} ... */
  String kind();

  /** Returns the line of the user's code that created it, as text. */
  String creationSite();

  /** Returns about how many entries it holds now. */
  long estimatedSize();

  /** Returns what limits it, in words: {@code maximumSize 10000}, {@code weak keys}, {@code unbounded} ... */
  String bound();

  /** Returns whether the user said {@code unbounded()}. */
  default boolean isUnbounded() {
    return false;
  }

  /**
   * Returns further figures by name; a fresh or immutable map. What is counted since the container was made: {@code hits}, {@code misses},
   * {@code loads}, {@code failedLoads}, {@code evictions}, {@code acquired}, {@code timeouts}, {@code opened}, {@code disposed}, {@code
   * leaked}, {@code overdue} ... What is so now: {@code weight}, {@code leased}, {@code idle}, {@code waiting}. What was set: {@code
   * maximum} for the size, {@code maximumWeight}, {@code minimum}.
   */
  default Map<String, Number> figures() {
    return Map.of();
  }

  /** Returns which lines of the user's code added how many of its entries, where the container samples call sites; a fresh or immutable map. */
  default Map<String, Long> sites() {
    return Map.of();
  }
}
