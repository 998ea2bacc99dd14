package leaksafe.cache;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An entry as it was when a {@link CacheSnapshot} was taken.
 *
 * @param key its key
 * @param value its value
 * @param expiresIn after which time it expires unless it is used or written before; null for never
 * @param endsIn after which time it expires however much it is used; null for never
 * @param <K> the type of the key
 * @param <V> the type of the value
 */
public record CacheEntry<K, V>(K key, V value, @Nullable Duration expiresIn, @Nullable Duration endsIn) {

  /** Checks that key and value are not null. */
  public CacheEntry {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(value, "value");
  }
}
