package leaksafe.samples;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import leaksafe.AcquireTimeoutException;
import leaksafe.Lease;
import leaksafe.cache.LeaseCache;

/**
 * The leak: a bounded map of things that must be closed, which evicts them without closing them. The cure: a cache whose users lease what
 * they use, and which closes what it evicts after the last lease.
 */
public final class Sample09_LeaseCache {

  private Sample09_LeaseCache() {}

  /** Something that must be closed. */
  record Connection(String host) implements AutoCloseable {
    @Override
    public void close() {
      System.out.println("  the connection to " + host + " is closed");
    }
  }

  /** Shows both. */
  public static void main(String[] args) throws InterruptedException {
    System.out.println("The leak: a bounded map that evicts and does not close");
    Map<String, Connection> map = new LinkedHashMap<>() {
      private static final long serialVersionUID = 1;

      @Override
      protected boolean removeEldestEntry(Map.Entry<String, Connection> eldest) {
        return size() > 2;
      }
    };
    for (int i = 0; i < 5; i++) {
      map.computeIfAbsent("host" + i, Connection::new);
    }
    System.out.println("  two are in the map, and three are open and lost");

    System.out.println("The cure: leases");
    try (LeaseCache<String, Connection> cache = LeaseCache.<String, Connection>builder().name("connections").maximumOpen(2)
        .sampleSites(1).leakListener(leak -> System.out.println("  " + leak)).build()) {
      for (int i = 0; i < 5; i++) {
        cache.acquire("host" + i, Connection::new).close();
      }
      try (Lease<Connection> used = cache.acquire("host4", Connection::new)) {
        cache.invalidate("host4");
        System.out.println("  invalidated, and still open for its user: " + used.get());
      }
      drop(cache);
      try {
        cache.acquire("host7", Connection::new, Duration.ZERO).close();
      } catch (AcquireTimeoutException e) {
        System.out.println("  " + e.getMessage());
      }
      while (cache.stats().leaked() < 2) { // both dropped leases come back by themselves
        System.gc();
        TimeUnit.MILLISECONDS.sleep(20);
      }
      cache.acquire("host7", Connection::new).close();
    }

    System.out.println("A cache that nobody closes: found by the collector, reported, and closed with what it holds");
    CountDownLatch reported = new CountDownLatch(1);
    dropCache(reported);
    while (reported.getCount() > 0) {
      System.gc();
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  private static void dropCache(CountDownLatch reported) throws InterruptedException {
    LeaseCache<String, Connection> cache = LeaseCache.<String, Connection>builder().name("forgotten").maximumOpen(2)
        .leakListener(leak -> System.out.println("  " + leak))
        .closer(connection -> {
          connection.close();
          reported.countDown();
        }).build();
    cache.acquire("host8", Connection::new).close();
  }

  private static void drop(LeaseCache<String, Connection> cache) throws InterruptedException {
    cache.acquire("host5", Connection::new).get();
    cache.acquire("host6", Connection::new).get();
  }
}
