package leaksafe.census;

import java.util.Map;

/**
 * Asks containers of another library what the census wants to know.
 *
 * <p>Called for each snapshot, on any thread: must be quick and take no lock that is held for long. What it throws is reported.
 *
 * @param <T> the type of the containers
 */
public interface Probe<T> {

  /** Returns what it is, in one lower-case word: {@code cache}, {@code map} ... */
  String kind();

  /** Returns about how many entries it holds now. */
  long size(T container);

  /** Returns what limits it, in words; {@code not known} unless overridden. */
  default String bound(T container) {
    return "not known";
  }

  /** Returns further figures by name; see {@link leaksafe.Container#figures} for the usual names. */
  default Map<String, Number> figures(T container) {
    return Map.of();
  }
}
