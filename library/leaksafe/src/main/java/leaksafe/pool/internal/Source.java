package leaksafe.pool.internal;

import java.lang.ref.WeakReference;
import java.util.Objects;
import leaksafe.pool.Pool;
import org.jspecify.annotations.Nullable;

/** Where a pool's objects come from, and what decides whether they may stay; as long as the user's pool is there: see {@link Handlers}. */
final class Source<K, T> {
  final K key;
  final boolean validates;
  final boolean resets;
  private final WeakReference<Handlers<K, T>> handlers;

  Source(K key, Handlers<K, T> handlers) {
    this.key = key;
    this.validates = handlers.validator() != null;
    this.resets = handlers.reset() != null;
    this.handlers = new WeakReference<>(handlers);
  }

  /** Returns whether the user's pool is still there. */
  boolean isThere() {
    return !handlers.refersTo(null);
  }

  T open() throws Exception {
    return Objects.requireNonNull(present().opener().open(key), "the opener returned null");
  }

  boolean test(T object) throws Exception {
    Pool.@Nullable Validator<? super T> validator = present().validator();
    return validator == null || validator.test(object);
  }

  /** Makes an object ready; false if nobody will want it, since the pool was dropped. */
  boolean reset(T object) throws Exception {
    Handlers<K, T> present = handlers.get();
    if (present == null) {
      return !resets;
    }
    if (present.reset() != null) {
      present.reset().accept(object);
    }
    return true;
  }

  private Handlers<K, T> present() {
    Handlers<K, T> present = handlers.get();
    if (present == null) { // callers hold the user's pool; the upkeep asked isThere() a moment ago
      throw new IllegalStateException("this pool was dropped; keep a reference to it as long as it is in use");
    }
    return present;
  }
}
