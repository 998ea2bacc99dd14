package leaksafe.cache;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * What was in a cache, the most valuable entry first: a value to be written anywhere in any form, and to be made again from what was
 * read. It holds the keys and values strongly.
 *
 * @param takenAt when it was taken, by the clock on the wall; lifetimes are counted from then
 * @param entries the entries, from the last to leave to the first
 * @param <K> the type of the keys
 * @param <V> the type of the values
 */
public record CacheSnapshot<K, V>(Instant takenAt, List<CacheEntry<K, V>> entries) {

  /** Checks that nothing is null, and makes the list immutable. */
  public CacheSnapshot {
    Objects.requireNonNull(takenAt, "takenAt");
    entries = List.copyOf(Objects.requireNonNull(entries, "entries"));
  }
}
