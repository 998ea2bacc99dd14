package leaksafe.samples;

import leaksafe.resource.LeakGroup;
import leaksafe.resource.Tracked;
import leaksafe.resource.Tracker;

/**
 * Resources that others have to close. The leak: one caller of two forgets to, and nobody knows which. The cure: a {@link Tracker}, which
 * counts what is open and names the line that opened what was dropped.
 */
public final class Sample06_Tracker {

  private Sample06_Tracker() {}

  /** A resource that its users must close. */
  static final class Connection implements AutoCloseable {
    // Of all call sites one in 128 is captured by default; here, as in tests, all are.
    static final Tracker<Connection> TRACKER = Tracker.<Connection>builder("connections").sampleSites(1).leakListener(leak -> { }).build();
    private final Tracked tracked = TRACKER.track(this);

    void query() {
      tracked.touch("query");
    }

    @Override
    public void close() {
      tracked.close();
    }
  }

  /** Shows the leak and who made it. */
  public static void main(String[] args) throws InterruptedException {
    for (int i = 0; i < 50; i++) {
      careful();
      careless();
    }
    System.out.println("open before the collector ran: " + Connection.TRACKER.open());
    for (int i = 0; i < 100 && Connection.TRACKER.leaked() < 50; i++) {
      System.gc();
      Thread.sleep(20);
    }
    System.out.println("open now: " + Connection.TRACKER.open());
    for (LeakGroup group : Connection.TRACKER.leakGroups()) {
      System.out.println(group);
      System.out.println("  for example: " + group.latest());
    }
  }

  private static void careful() {
    try (Connection connection = new Connection()) {
      connection.query();
    }
  }

  private static void careless() {
    new Connection().query();
  }
}
