package leaksafe.cache;

/**
 * Says how much of the maximum weight an entry takes.
 *
 * <p>It is asked once when a value is stored, outside every lock. What it throws goes to the caller, and nothing is stored.
 *
 * @param <K> the type of the keys
 * @param <V> the type of the values
 */
@FunctionalInterface
public interface Weigher<K, V> {

  /**
   * Returns the weight, at least 0. An entry of weight 0 is never evicted for the bound; one that is heavier than the maximum is not
   * stored, and the removal listener is told so.
   */
  int weigh(K key, V value);
}
