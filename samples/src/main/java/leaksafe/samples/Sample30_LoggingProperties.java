package leaksafe.samples;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import leaksafe.log.RecentRecords;
import leaksafe.log.TextHandler;

/**
 * Log handlers that are named in {@code logging.properties}, without a line of code. The leak: a {@code MemoryHandler}, which keeps the last
 * records with everything that they were logged with. The cures: the same handler as the target of a {@link TextHandler}, and {@link
 * RecentRecords}, which a program finds again to show them.
 */
public final class Sample30_LoggingProperties {
  private static final int RECORDS = 100;

  private static final String MEMORY = """
      java.util.logging.MemoryHandler.target=java.util.logging.ConsoleHandler
      java.util.logging.MemoryHandler.push=OFF
      """;

  private static final String LEAK = """
      handlers=java.util.logging.MemoryHandler
      """ + MEMORY;

  private static final String CURE = """
      handlers=leaksafe.log.TextHandler, leaksafe.log.RecentRecords
      leaksafe.log.TextHandler.target=java.util.logging.MemoryHandler
      leaksafe.log.RecentRecords.size=3
      leaksafe.log.RecentRecords.characters=40
      """ + MEMORY;

  private Sample30_LoggingProperties() {}

  /** Something that is logged. */
  private static final class Request {
    @Override
    public String toString() {
      return "a request";
    }
  }

  /** Shows the leak, then the cure. */
  public static void main(String[] args) throws Exception {
    run().forEach(System.out::println);
  }

  /** Returns what is shown, line by line. */
  static List<String> run() throws IOException, InterruptedException {
    List<String> lines = new ArrayList<>();
    try {
      read(LEAK);
      lines.add("a memory handler: " + kept() + " of " + RECORDS + " requests are kept");
      read(CURE);
      lines.add("behind a text handler: " + kept() + " of " + RECORDS + " requests are kept");
      RecentRecords recent = RecentRecords.of(Logger.getLogger("")).orElseThrow();
      recent.records().forEach(record -> lines.add("recent: " + record.getMessage()));
    } finally {
      LogManager.getLogManager().readConfiguration(); // as it was
    }
    return lines;
  }

  /** Reads settings as at the start of a program that was given a file of them. */
  private static void read(String properties) throws IOException {
    LogManager.getLogManager().readConfiguration(new ByteArrayInputStream(properties.getBytes(StandardCharsets.ISO_8859_1)));
  }

  private static long kept() throws InterruptedException {
    List<WeakReference<Request>> requests = new ArrayList<>();
    for (int i = 1; i <= RECORDS; i++) {
      Request request = new Request();
      Logger.getLogger("sample").log(Level.INFO, "{1} of number {0}", new Object[] {i, request});
      requests.add(new WeakReference<>(request));
    }
    for (int i = 0; i < 4; i++) {
      System.gc();
      Thread.sleep(20);
    }
    return requests.stream().filter(request -> !request.refersTo(null)).count();
  }
}
