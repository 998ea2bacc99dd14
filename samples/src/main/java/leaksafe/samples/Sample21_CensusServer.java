package leaksafe.samples;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import leaksafe.cache.Cache;
import leaksafe.census.Census;
import leaksafe.server.CensusServer;

/**
 * A live page of what a program holds. Run it with a number of seconds, 60 say, and open the address that it prints; without one it asks
 * its own page once and ends.
 */
public final class Sample21_CensusServer {
  private static final Map<Integer, byte[]> SESSIONS = new HashMap<>();

  private Sample21_CensusServer() {}

  /** Serves the page. */
  public static void main(String[] args) throws IOException, InterruptedException {
    long seconds = args.length == 0 ? 1 : Long.parseLong(args[0]);
    Cache<Integer, String> orders = Cache.<Integer, String>builder().name("orders").maximumSize(1_000).recordStats().build();
    Census.watch("sessions", SESSIONS);
    try (CensusServer server = CensusServer.builder().period(Duration.ofMillis(500)).start()) {
      System.out.println("The page is at " + server.uri());
      for (int i = 0; i < seconds * 10; i++) {
        orders.get(i % 1_500, key -> "order " + key);
        SESSIONS.put(i, new byte[100]); // what grows on the page
        TimeUnit.MILLISECONDS.sleep(100);
      }
      try (InputStream in = server.uri().resolve("census.json").toURL().openStream()) {
        System.out.println("It shows " + new String(in.readAllBytes(), StandardCharsets.UTF_8));
      }
    }
  }
}
