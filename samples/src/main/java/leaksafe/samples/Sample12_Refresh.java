package leaksafe.samples;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import leaksafe.cache.Cache;

/** The trouble: a value expires and everybody waits, or the source fails and everybody fails. The cure: stale values, reloaded beside. */
public final class Sample12_Refresh {
  private static final AtomicInteger LOADS = new AtomicInteger();
  private static final AtomicBoolean DOWN = new AtomicBoolean();

  private Sample12_Refresh() {}

  private static String rate(String currency) {
    if (DOWN.get()) {
      throw new IllegalStateException("the bank does not answer");
    }
    return currency + " rate number " + LOADS.incrementAndGet();
  }

  /** Shows both. */
  public static void main(String[] args) throws InterruptedException {
    Cache<String, String> rates = Cache.<String, String>builder().name("rates").maximumSize(100)
        .refreshAfterWrite(Duration.ofMillis(200), Sample12_Refresh::rate)
        .expireAfterWrite(Duration.ofMinutes(10))
        .refreshTimeout(Duration.ofSeconds(5))
        .failureListener(failure -> System.out.println("  reported: " + failure))
        .build();

    System.out.println("The first read loads and waits: " + rates.get("EUR", Sample12_Refresh::rate));
    TimeUnit.MILLISECONDS.sleep(250);
    System.out.println("A stale value is served at once: " + rates.getIfPresent("EUR"));
    while (rates.getIfPresent("EUR").endsWith("1")) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
    System.out.println("and was reloaded beside: " + rates.getIfPresent("EUR"));

    DOWN.set(true);
    TimeUnit.MILLISECONDS.sleep(250);
    System.out.println("The source is down, and the readers are not: " + rates.getIfPresent("EUR"));
    TimeUnit.MILLISECONDS.sleep(100);
  }
}
