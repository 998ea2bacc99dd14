package leaksafe.cache;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link Budget} knows at one time.
 *
 * @param maximumWeight the maximum now
 * @param weight the sum of the weights of all entries
 * @param evictionCount how many entries left for the bound since the budget was made
 * @param pressure what {@link MemoryPressure} did to the maximum, or null if the budget does not watch the heap
 * @param shares the caches that are there, in the order in which they were built
 */
public record BudgetStats(long maximumWeight, long weight, long evictionCount, @Nullable PressureStats pressure, List<Share> shares) {

  /** Makes the list immutable. */
  public BudgetStats {
    shares = List.copyOf(shares);
  }

  /**
   * What a cache takes.
   *
   * @param cache its name
   * @param weight the sum of the weights of its entries
   * @param hitDensity how many hits it is estimated to lose for each unit of weight that it gives: the cache with the least gives way
   */
  public record Share(String cache, long weight, double hitDensity) {}
}
