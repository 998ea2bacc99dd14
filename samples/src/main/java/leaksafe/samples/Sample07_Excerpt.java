package leaksafe.samples;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.logging.MemoryHandler;
import java.util.logging.StreamHandler;
import leaksafe.log.Excerpt;
import leaksafe.log.RecentRecords;

/**
 * The newest log records, kept for when something goes wrong. The leak: records hold their arguments, so that a ring buffer of a thousand
 * records holds the graphs of a thousand arguments. The cure: {@link RecentRecords}, which keeps text, made by {@link Excerpt}.
 */
public final class Sample07_Excerpt {
  private static final int EVENTS = 200;

  private Sample07_Excerpt() {}

  /** Something large that is logged. */
  record Order(int number, List<Integer> lines) {}

  /** Shows the leak, then the cure, then what excerpts look like. */
  public static void main(String[] args) throws InterruptedException {
    show("MemoryHandler", new MemoryHandler(new StreamHandler(), 1000, Level.OFF));
    RecentRecords recent = new RecentRecords(1000);
    show("RecentRecords", recent);
    System.out.println("the last record: " + recent.records().get(EVENTS - 1).getMessage());

    List<Object> cyclic = new ArrayList<>(List.of("a\nb", 1));
    cyclic.add(cyclic);
    System.out.println("a cycle: " + Excerpt.of(cyclic));
    System.out.println("a large array: " + Excerpt.USUAL.elements(5).text(new int[1_000_000]));
    System.out.println("a long text: " + Excerpt.USUAL.characters(20).text("x".repeat(1_000_000)));
  }

  private static void show(String name, Handler handler) throws InterruptedException {
    Logger logger = Logger.getAnonymousLogger();
    logger.setUseParentHandlers(false);
    logger.addHandler(handler);
    List<WeakReference<Order>> orders = new ArrayList<>();
    for (int i = 0; i < EVENTS; i++) {
      Order order = new Order(i, new ArrayList<>(List.of(1, 2, 3)));
      logger.log(Level.INFO, "received {0}", order);
      orders.add(new WeakReference<>(order));
    }
    for (int i = 0; i < 4; i++) {
      System.gc();
      Thread.sleep(20);
    }
    long held = orders.stream().filter(order -> !order.refersTo(null)).count();
    System.out.println(name + ": " + held + " of " + EVENTS + " logged orders are still there");
    logger.removeHandler(handler);
  }
}
