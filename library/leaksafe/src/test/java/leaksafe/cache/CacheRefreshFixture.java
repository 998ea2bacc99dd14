package leaksafe.cache;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import leaksafe.Failure;
import leaksafe.testing.ManualTicker;

/** What the tests of refreshing hand to their caches, and what they see of them. */
abstract class CacheRefreshFixture {
  static final Duration FRESH = Duration.ofSeconds(10);

  final ManualTicker ticker = new ManualTicker();
  final Deque<Runnable> tasks = new ArrayDeque<>(); // what the executor was given
  final AtomicInteger loads = new AtomicInteger();
  final Queue<Failure> failures = new ConcurrentLinkedQueue<>();
  final Queue<String> told = new ConcurrentLinkedQueue<>();

  final void runTasks() {
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      task.run();
    }
  }
}
