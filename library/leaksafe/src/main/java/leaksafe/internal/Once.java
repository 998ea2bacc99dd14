package leaksafe.internal;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** An option of a builder is set once: of two values one would be lost without a word. */
public final class Once {

  private Once() {}

  /**
   * Returns the value, which is to be that of the option.
   *
   * @param before the value that the option has, or null if it was not set
   * @throws IllegalStateException if the option was set already; the message names it and both values
   */
  public static <T> T set(@Nullable Object before, T value, String option) {
    if (before != null) {
      throw new IllegalStateException(option + " was set to " + before + " already, and now to " + value + ": set it once");
    }
    return value;
  }

  /** As {@link #set}, for a time in nanoseconds, which the message gives as a {@link Duration}. */
  public static long setTime(@Nullable Long before, long nanos, String option) {
    set(before == null ? null : Duration.ofNanos(before), Duration.ofNanos(nanos), option);
    return nanos;
  }
}
