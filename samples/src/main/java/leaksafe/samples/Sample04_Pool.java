package leaksafe.samples;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import leaksafe.Lease;
import leaksafe.pool.Pool;
import leaksafe.pool.PoolStats;

/** The leak: an object that is taken from a pool and never given back. The cure: leases that the pool can miss. */
public final class Sample04_Pool {
  private static final int SIZE = 2;
  private static final AtomicInteger NUMBERS = new AtomicInteger();

  private Sample04_Pool() {}

  /** Something that is dear to make. */
  record Connection(int number) implements AutoCloseable {
    Connection() {
      this(NUMBERS.incrementAndGet());
    }

    void query(boolean fails) {
      if (fails) {
        throw new IllegalStateException("the query failed");
      }
    }

    @Override
    public void close() {
      System.out.println("  connection " + number + " is closed");
    }
  }

  /** Shows both. */
  public static void main(String[] args) throws InterruptedException {
    System.out.println("The leak: a queue of connections, and code that forgets one when a query fails");
    BlockingQueue<Connection> queue = new ArrayBlockingQueue<>(SIZE);
    for (int i = 0; i < SIZE; i++) {
      queue.add(new Connection());
    }
    for (int i = 0; i < SIZE; i++) {
      try {
        Connection connection = queue.take();
        connection.query(true);
        queue.put(connection); // never reached
      } catch (IllegalStateException e) {
        System.out.println("  " + e.getMessage());
      }
    }
    System.gc();
    System.out.println("  next: " + queue.poll(200, TimeUnit.MILLISECONDS) + ", and so it will be until the program is restarted");

    System.out.println("The cure: a pool whose leases are missed when they are dropped");
    try (Pool<Connection> pool = Pool.<Connection>builder(Connection::new).name("orders-db").size(0, SIZE).sampleSites(1)
        .leakListener(leak -> System.out.println("  " + leak)).build()) {
      for (int i = 0; i < SIZE; i++) {
        try {
          Lease<Connection> lease = pool.acquire(Duration.ofSeconds(1)); // the same mistake: no try-with-resources
          lease.get().query(true);
          lease.close(); // never reached
        } catch (IllegalStateException e) {
          System.out.println("  " + e.getMessage());
        }
      }
      awaitLeaks(pool);
      try (Lease<Connection> lease = pool.acquire(Duration.ofSeconds(1))) {
        System.out.println("  next: " + lease.get() + ", and the program goes on");
      }
    }
  }

  private static void awaitLeaks(Pool<Connection> pool) throws InterruptedException {
    PoolStats stats = pool.stats();
    while (stats.leaked() < SIZE || stats.disposed() < SIZE) {
      System.gc();
      TimeUnit.MILLISECONDS.sleep(50);
      stats = pool.stats();
    }
  }
}
