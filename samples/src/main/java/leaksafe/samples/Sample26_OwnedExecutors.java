package leaksafe.samples;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import leaksafe.resource.OwnedExecutors;
import leaksafe.resource.Scope;
import leaksafe.resource.ThreadLeak;
import leaksafe.resource.ThreadLeaks;

/**
 * Executors that nobody shuts down. The leak: each keeps its threads for ever, and what its tasks referred to with them. The cure: a {@link Scope}
 * that ends them, {@link OwnedExecutors} that end when they are dropped, and {@link ThreadLeaks}, which names what is left and who started it.
 */
public final class Sample26_OwnedExecutors {
  private static final int REQUESTS = 10;

  private Sample26_OwnedExecutors() {}

  /** Shows the leak, then both cures. */
  public static void main(String[] args) throws Exception {
    for (String line : run()) {
      System.out.println(line);
    }
  }

  /** Returns what is shown, line by line. */
  static List<String> run() throws Exception {
    ThreadLeaks.Snapshot before = ThreadLeaks.snapshot();
    for (int i = 0; i < REQUESTS; i++) {
      ExecutorService executor = Executors.newFixedThreadPool(1, task -> {
        Thread thread = new Thread(task, "request");
        thread.setDaemon(true); // lest this program never end
        return thread;
      });
      executor.submit(() -> "done").get();
    }
    String leaked = "plain executors: " + left(before, "request", Duration.ZERO).size() + " threads are left";

    ThreadLeaks.Snapshot beforeScopes = ThreadLeaks.snapshot();
    for (int i = 0; i < REQUESTS; i++) {
      try (Scope scope = Scope.open("request")) {
        ExecutorService executor = scope.adopt(OwnedExecutors.named("scoped").queueCapacity(10).build(), Duration.ofSeconds(5));
        executor.submit(() -> "done").get();
      }
    }
    String scoped = "executors of scopes: " + left(beforeScopes, "scoped", Duration.ZERO).size() + " threads are left";

    ExecutorService kept = OwnedExecutors.named("kept").queueCapacity(10).build();
    kept.submit(() -> "done").get();
    ThreadLeak named = left(beforeScopes, "kept", Duration.ZERO).get(0);
    String who = "still running: " + named.name() + " of " + named.owner() + ", from " + named.startedBy();
    kept.shutdown();

    for (int i = 0; i < REQUESTS; i++) {
      OwnedExecutors.named("dropped").queueCapacity(10).leakListener(leak -> { }).build().submit(() -> "done").get();
    }
    int dropped = REQUESTS;
    for (int i = 0; i < 100 && dropped > 0; i++) {
      System.gc();
      dropped = left(beforeScopes, "dropped", Duration.ofMillis(20)).size();
    }
    return List.of(leaked, scoped, who, "owned executors that were dropped: " + dropped + " threads are left");
  }

  private static List<ThreadLeak> left(ThreadLeaks.Snapshot before, String name, Duration grace) throws InterruptedException {
    return ThreadLeaks.since(before, grace).stream().filter(thread -> thread.name().startsWith(name)).toList();
  }
}
