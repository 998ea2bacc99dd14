package leaksafe;

/**
 * A source of elapsed time in nanoseconds, as {@link System#nanoTime}: only differences between two readings mean anything.
 *
 * <p>Give a container a ticker of your own to move its time by hand in a test.
 *
 * <p><b>Threads.</b> Implementations must be safe for use by many threads at once, must not block, and must never go backwards.
 */
@FunctionalInterface
public interface Ticker {

  /** Returns the current reading, in nanoseconds since an arbitrary origin. */
  long read();

  /** Returns the ticker that reads {@link System#nanoTime}. */
  static Ticker systemTicker() {
    return SystemTicker.INSTANCE;
  }
}
