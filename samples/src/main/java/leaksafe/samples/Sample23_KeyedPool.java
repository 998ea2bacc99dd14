package leaksafe.samples;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import leaksafe.Lease;
import leaksafe.pool.KeyedPool;

/**
 * Connections to many hosts. The leak: a map from host to queue, in which every host that was ever talked to keeps its queue and its connections.
 * The cure: a {@link KeyedPool}, in which idle connections give way to those of other hosts, and hosts without any are forgotten.
 */
public final class Sample23_KeyedPool {
  private static final int HOSTS = 50;
  private static final int MOST = 4;
  private static final AtomicInteger OPEN = new AtomicInteger();

  private Sample23_KeyedPool() {}

  /** A connection to a host. */
  record Connection(String host) implements AutoCloseable {
    static Connection open(String host) {
      OPEN.incrementAndGet();
      return new Connection(host);
    }

    String ask() {
      return host + " answers";
    }

    @Override
    public void close() {
      OPEN.decrementAndGet();
    }
  }

  /** Shows the leak, then the cure. */
  public static void main(String[] args) throws InterruptedException {
    Map<String, BlockingQueue<Connection>> queues = new HashMap<>();
    for (int i = 0; i < HOSTS; i++) {
      BlockingQueue<Connection> queue = queues.computeIfAbsent("host " + i, host -> {
        BlockingQueue<Connection> fresh = new ArrayBlockingQueue<>(1);
        fresh.add(Connection.open(host));
        return fresh;
      });
      Connection connection = queue.take();
      connection.ask();
      queue.put(connection);
    }
    System.out.println("a map of queues: " + queues.size() + " hosts, " + OPEN + " connections open");
    OPEN.set(0);

    try (KeyedPool<String, Connection> pool = KeyedPool.<String, Connection>builder(Connection::open).name("hosts").maximumPerKey(2)
        .maximumTotal(MOST).expireAfterIdle(Duration.ofMinutes(1)).build()) {
      for (int i = 0; i < HOSTS; i++) {
        try (Lease<Connection> lease = pool.acquire("host " + i, Duration.ofSeconds(1))) {
          lease.get().ask();
        }
      }
      System.out.println("a keyed pool: " + pool.keys() + " hosts, " + OPEN + " connections open, " + pool.stats().disposed() + " gave way");
    }
    System.out.println("closed: " + OPEN + " connections open");
  }
}
