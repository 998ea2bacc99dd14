package leaksafe.cache.internal;

import leaksafe.RemovalCause;
import org.jspecify.annotations.Nullable;

/** A value that left, and those that left before or after it. */
final class Removal<K, V> {
  final @Nullable K key;
  final @Nullable V value;
  final RemovalCause cause;
  @Nullable Removal<K, V> next;

  Removal(@Nullable K key, @Nullable V value, RemovalCause cause, @Nullable Removal<K, V> next) {
    this.key = key;
    this.value = value;
    this.cause = cause;
    this.next = next;
  }

  /** Turns the chain around, of which this is the first, and returns its new first. */
  Removal<K, V> inOrder() {
    Removal<K, V> first = this;
    Removal<K, V> rest = next;
    next = null;
    while (rest != null) {
      Removal<K, V> after = rest.next;
      rest.next = first;
      first = rest;
      rest = after;
    }
    return first;
  }
}
