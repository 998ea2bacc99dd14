package leaksafe.testing;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import leaksafe.Ticker;

/** A ticker that stands still until it is moved. */
public final class ManualTicker implements Ticker {
  private final AtomicLong nanos = new AtomicLong(1_000_000_000_000L);

  @Override
  public long read() {
    return nanos.get();
  }

  public void advance(Duration time) {
    nanos.addAndGet(time.toNanos());
  }
}
