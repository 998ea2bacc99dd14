package leaksafe.memo;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import leaksafe.Failure;

/** What tests of asynchronous memos have in common: loads that end when the test says so, how often one was asked for, and what was reported. */
abstract class PendingLoads {
  static final Duration LONG = Duration.ofHours(1);

  final Map<Integer, CompletableFuture<String>> loads = new ConcurrentHashMap<>();
  final AtomicInteger calls = new AtomicInteger();
  final List<Failure> failures = new CopyOnWriteArrayList<>();

  final CompletableFuture<String> load(int key) {
    calls.incrementAndGet();
    CompletableFuture<String> load = new CompletableFuture<>();
    loads.put(key, load);
    return load;
  }

  static <T> T get(Future<T> future) throws Exception {
    return future.get(30, TimeUnit.SECONDS);
  }

  /** A key that does something when its hash is asked for the next time. */
  static final class Tripwire {
    Runnable action;

    @Override
    public int hashCode() {
      Runnable once = action;
      action = null;
      if (once != null) {
        once.run();
      }
      return 1;
    }

    @Override
    public boolean equals(Object other) {
      return other == this;
    }
  }
}
