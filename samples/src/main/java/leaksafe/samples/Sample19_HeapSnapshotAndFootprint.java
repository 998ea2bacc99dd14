package leaksafe.samples;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import leaksafe.watch.Footprint;
import leaksafe.watch.HeapSnapshot;

/**
 * What are there more of than before, and how much does one of them take? {@link HeapSnapshot} says the first, of all objects of the JVM;
 * {@link Footprint} the second, of one object and all that it reaches.
 */
public final class Sample19_HeapSnapshotAndFootprint {

  private Sample19_HeapSnapshotAndFootprint() {}

  private record Position(String article, int number) {}

  private static final class Order {
    final List<Position> positions = new ArrayList<>();
    final Map<String, String> notes = new TreeMap<>();
  }

  /** Shows both. */
  public static void main(String[] args) {
    HeapSnapshot before = HeapSnapshot.live();
    List<Order> kept = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      Order order = new Order();
      order.positions.add(new Position("article " + i, i));
      order.notes.put("note", "of order " + i);
      kept.add(order);
    }
    System.out.println("more than before:");
    System.out.println(HeapSnapshot.live().since(before).matching("leaksafe.samples.").toText());
    System.out.println("one order:");
    System.out.println(Footprint.of(kept.get(0)).toText());
    System.out.println("all " + kept.size() + ": " + Footprint.of(kept).bytes() + " bytes");
  }
}
