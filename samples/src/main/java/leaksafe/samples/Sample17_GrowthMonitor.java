package leaksafe.samples;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import leaksafe.cache.Cache;
import leaksafe.watch.Growth;
import leaksafe.watch.GrowthMonitor;

/**
 * Something grows, and nobody knows what. The leak: a static map of sessions that nobody removes, beside others that breathe. The cure:
 * a {@link GrowthMonitor}, which tells the one that grows steadily, how fast, and from which line; and by {@code watchClasses} the class of which
 * there are more and more, where nobody thought of watching the map.
 *
 * <p>Here it looks every 20 ms and has no cycle to wait for; in production leave both as they are.
 */
public final class Sample17_GrowthMonitor {
  private static final Map<Long, Session> SESSIONS = new ConcurrentHashMap<>();
  private static final Map<Long, byte[]> BREATHES = new ConcurrentHashMap<>();
  private static final Cache<Long, byte[]> BOUNDED = Cache.<Long, byte[]>builder().name("bounded").maximumSize(1_000).build();

  private record Session(byte[] state) {}

  private Sample17_GrowthMonitor() {}

  /** Shows the alert, and that the others are left alone. */
  public static void main(String[] args) throws InterruptedException {
    CountDownLatch told = new CountDownLatch(2);
    long start = System.nanoTime();
    try (GrowthMonitor monitor = GrowthMonitor.builder().name("sample").atInterval(Duration.ofMillis(20)).cycle(Duration.ZERO).heap(false)
        .watchClasses(5, name -> name.startsWith("leaksafe.samples."))
        .listener(alert -> {
          System.out.printf("after %.1f s: %s%n", (System.nanoTime() - start) / 1e9, alert);
          told.countDown();
        }).build()) {
      monitor.watch("sessions", SESSIONS, Map::size);
      monitor.watch("breathes", BREATHES, Map::size);
      for (long request = 0; told.getCount() > 0; request++) {
        handle(request);
        TimeUnit.MILLISECONDS.sleep(1);
      }
      for (Growth growth : monitor.report()) {
        System.out.println(growth);
      }
    }
  }

  private static void handle(long request) {
    if (ThreadLocalRandom.current().nextInt(3) == 0) {
      SESSIONS.put(request, new Session(new byte[100])); // and nobody removes it
    }
    BREATHES.put(request, new byte[100]);
    if (request % 300 == 0) {
      BREATHES.clear();
    }
    BOUNDED.put(request, new byte[100]);
  }
}
