package leaksafe.cache;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Durations as nanoseconds. */
final class Lifetimes {
  private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE);

  private Lifetimes() {}

  /** Returns the nanoseconds of a duration of any length, {@link Long#MAX_VALUE} for more than 292 years. */
  static long nanos(Duration duration) {
    return duration.isNegative() ? 0 : duration.compareTo(LONGEST) >= 0 ? Long.MAX_VALUE : duration.toNanos();
  }

  /** Returns the nanoseconds of a duration that a user's function returned. */
  static long given(@Nullable Duration lifetime) {
    return nanos(Objects.requireNonNull(lifetime, "the function of the Expiry returned null, must return a Duration (ZERO to let go at once)"));
  }

  /** Returns the nanoseconds of a duration that a user set as an option. */
  static long positiveNanos(Duration duration, String name) {
    Objects.requireNonNull(duration, name);
    if (duration.isNegative() || duration.isZero()) {
      throw new IllegalArgumentException(name + " must be longer than 0, but was " + duration);
    }
    return nanos(duration);
  }
}
