package leaksafe.internal;

import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import leaksafe.Leak;

/** Hears of every leak of every tracker, pool, scope and executor, whatever listeners those have. For tests. */
public final class LeakWatch implements AutoCloseable {
  private static final Set<LeakWatch> OPEN = ConcurrentHashMap.newKeySet();

  private final Consumer<Leak> consumer;

  private LeakWatch(Consumer<Leak> consumer) {
    this.consumer = consumer;
  }

  /** Starts a watch, which lasts until it is closed. The consumer is called on the reaper's thread and must be short. */
  public static LeakWatch open(Consumer<Leak> consumer) {
    LeakWatch watch = new LeakWatch(Objects.requireNonNull(consumer, "consumer"));
    OPEN.add(watch);
    return watch;
  }

  /** Tells the watches of a leak that was found. */
  public static void tell(Leak leak) {
    for (LeakWatch watch : OPEN) {
      watch.consumer.accept(leak);
    }
  }

  /** Ends the watch. Does nothing the second time. */
  @Override
  public void close() {
    OPEN.remove(this);
  }
}
