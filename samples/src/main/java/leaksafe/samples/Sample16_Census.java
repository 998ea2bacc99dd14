package leaksafe.samples;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import leaksafe.cache.Cache;
import leaksafe.census.Census;
import leaksafe.census.CensusSnapshot;
import leaksafe.census.Grouping;
import leaksafe.resource.Scope;

/**
 * "Memory grows, why?" The leak: a map of sessions that nobody ends, and scopes that nobody closes, somewhere in a large program. The cure
 * begins with two snapshots of the census, whose difference names the lines.
 */
public final class Sample16_Census {
  private static final Map<String, byte[]> SESSIONS = new HashMap<>();
  private static final Cache<Integer, String> ORDERS = Cache.<Integer, String>builder().name("orders").maximumSize(100).recordStats().build();

  private Sample16_Census() {}

  /** Shows it. */
  public static void main(String[] args) {
    Census.watch("sessions", SESSIONS); // any map or collection; held weakly
    List<Scope> forgotten = new ArrayList<>();
    work(0, forgotten);
    CensusSnapshot before = Census.snapshot();
    work(1_000, forgotten);
    CensusSnapshot now = Census.snapshot();

    System.out.println("What grew most since the first snapshot:");
    System.out.println(now.since(before).top(3).toText());
    System.out.println("By line of creation, the number of containers, too:");
    now.since(before).by(Grouping.SITE).stream().limit(3).forEach(group -> System.out.println("  " + group));
    System.out.println("The cache is at its maximum and does not grow:");
    System.out.println("  " + now.entries().stream().filter(entry -> entry.name().equals("orders")).findFirst().orElseThrow());
    forgotten.forEach(Scope::close);
  }

  private static void work(int first, List<Scope> forgotten) {
    for (int i = first; i < first + 200; i++) {
      int order = i;
      ORDERS.get(order, key -> "order " + key);
      SESSIONS.put("session " + i, new byte[100]);
      Scope request = Scope.open("request");
      request.defer(() -> { });
      if (i % 10 == 0) {
        forgotten.add(request);
      } else {
        request.close();
      }
    }
  }
}
