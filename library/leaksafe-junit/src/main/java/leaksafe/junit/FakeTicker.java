package leaksafe.junit;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import leaksafe.Ticker;

/**
 * A ticker that stands still until a test moves it: give it to a container in place of the system's.
 *
 * <p><b>Threads.</b> Safe for use by many threads; a reading that begins after {@link #advance} returned sees the new time.
 */
public final class FakeTicker implements Ticker {
  private final AtomicLong nanos = new AtomicLong();

  /** Makes a ticker that reads 0. */
  public FakeTicker() {}

  @Override
  public long read() {
    return nanos.get();
  }

  /**
   * Moves the time forward, and returns this ticker.
   *
   * @throws IllegalArgumentException if the duration is negative: time does not go back
   */
  public FakeTicker advance(Duration duration) {
    long step = Objects.requireNonNull(duration, "duration").toNanos();
    if (step < 0) {
      throw new IllegalArgumentException("duration must not be negative, but was " + duration + ": time does not go back");
    }
    nanos.addAndGet(step);
    return this;
  }

  @Override
  public String toString() {
    return "FakeTicker[" + Duration.ofNanos(nanos.get()) + "]";
  }
}
