package leaksafe.samples;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import leaksafe.resource.ThreadValues;

/**
 * A thread-local on a pooled thread. The leak: what one request sets is still there in the next one, and stays as long as the thread. The cure: {@link
 * ThreadValues}, which take it away, or set the earlier value again, when the block ends, whatever it throws.
 */
public final class Sample29_ThreadValues {
  private static final ThreadLocal<String> USER = new ThreadLocal<>();

  private Sample29_ThreadValues() {}

  /** Shows the leak, then the cure. */
  public static void main(String[] args) throws Exception {
    for (String line : run()) {
      System.out.println(line);
    }
  }

  /** Returns what is shown, line by line. */
  static List<String> run() throws Exception {
    List<String> lines = new ArrayList<>();
    ExecutorService pool = Executors.newFixedThreadPool(1);
    try {
      pool.submit(() -> USER.set("alice")).get();
      lines.add("without a block the next request is " + pool.submit(USER::get).get() + "'s");
      pool.submit(USER::remove).get();

      lines.add(pool.submit(() -> ThreadValues.<String, String>call(USER, "alice", () -> {
        String inner = ThreadValues.<String, String>get(USER, "bob", USER::get); // on behalf of another
        return "within a block it is " + inner + "'s, and then " + USER.get() + "'s again";
      })).get());
      lines.add("after a block the next request is " + pool.submit(USER::get).get() + "'s");
      return lines;
    } finally {
      pool.shutdown();
    }
  }
}
