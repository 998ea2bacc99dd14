package leaksafe.cache.internal;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiFunction;

/** Asks the user for the groups of an entry. */
final class Groups<K, V> {
  private static final Object[] NONE = {};

  private final BiFunction<? super K, ? super V, ? extends Collection<?>> function;

  Groups(BiFunction<? super K, ? super V, ? extends Collection<?>> function) {
    this.function = function;
  }

  /** Returns the groups of an entry, each once. Calls the user's function: not under a lock. */
  Object[] of(K key, V value) {
    return distinct(Objects.requireNonNull(function.apply(key, value), "groups returned null: return an empty collection for none"),
        "groups returned a collection with null in it");
  }

  /** Returns each of the groups once. */
  static Object[] distinct(Collection<?> groups, String complaint) {
    if (groups.isEmpty()) {
      return NONE;
    }
    Set<Object> distinct = new LinkedHashSet<>();
    for (Object group : groups) {
      distinct.add(Objects.requireNonNull(group, complaint));
    }
    return distinct.toArray();
  }
}
