package leaksafe;

import org.jspecify.annotations.Nullable;

/**
 * Is told of every value that left a container, exactly once for each value.
 *
 * <p>It is called outside every lock of the container and may use the container. What it throws is reported to the container's
 * {@link FailureListener} and stops neither the operation nor the other listeners.
 *
 * <p><b>Not promised.</b> An order between the removals of one key that different threads made.
 *
 * @param <K> the type of the keys
 * @param <V> the type of the values
 */
@FunctionalInterface
public interface RemovalListener<K, V> {

  /**
   * Called after the value left.
   *
   * @param key the key, or null if it was held weakly and has been collected
   * @param value the value, or null if it was held weakly and has been collected
   * @param cause why it left
   */
  void onRemoval(@Nullable K key, @Nullable V value, RemovalCause cause);
}
