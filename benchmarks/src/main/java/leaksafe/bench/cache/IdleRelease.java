package leaksafe.bench.cache;

import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.cache2k.Cache2kBuilder;

/**
 * How long after its lifetime an entry is released, with its listener called, by a cache that nobody touches any more.
 *
 * <p>Command: {@code java -cp benchmarks/target/benchmarks.jar leaksafe.bench.cache.IdleRelease [LIFETIME_MILLIS=1000] [ENTRIES=1000]}.
 */
public final class IdleRelease {
  private static final int GIVE_UP_AFTER_LIFETIMES = 10;

  private IdleRelease() {}

  /** See the class. */
  public static void main(String[] args) throws InterruptedException {
    Duration lifetime = Duration.ofMillis(args.length > 0 ? Long.parseLong(args[0]) : 1000);
    int entries = args.length > 1 ? Integer.parseInt(args[1]) : 1000;
    System.out.println("| implementation | lifetime ms | all " + entries + " released, ms after the end of the last lifetime |");
    System.out.println("|---|---|---|");
    report("leaksafe", lifetime, entries, released -> {
      var cache = leaksafe.cache.Cache.<Integer, Integer>builder().expireAfterWrite(lifetime)
          .removalListener((key, value, cause) -> released.countDown()).build();
      return cache::put;
    });
    report("caffeine", lifetime, entries, released -> {
      var cache = com.github.benmanes.caffeine.cache.Caffeine.newBuilder().expireAfterWrite(lifetime)
          .removalListener((key, value, cause) -> released.countDown()).<Integer, Integer>build();
      return cache::put;
    });
    report("caffeine, Scheduler.systemScheduler()", lifetime, entries, released -> {
      var cache = com.github.benmanes.caffeine.cache.Caffeine.newBuilder().expireAfterWrite(lifetime)
          .scheduler(com.github.benmanes.caffeine.cache.Scheduler.systemScheduler())
          .removalListener((key, value, cause) -> released.countDown()).<Integer, Integer>build();
      return cache::put;
    });
    report("guava", lifetime, entries, released -> {
      var cache = com.google.common.cache.CacheBuilder.newBuilder().expireAfterWrite(lifetime)
          .removalListener(notification -> released.countDown()).<Integer, Integer>build();
      return cache::put;
    });
    report("cache2k", lifetime, entries, released -> {
      var cache = Cache2kBuilder.of(Integer.class, Integer.class).expireAfterWrite(lifetime.toMillis(), TimeUnit.MILLISECONDS)
          .addListener((org.cache2k.event.CacheEntryExpiredListener<Integer, Integer>) (c, entry) -> released.countDown()).build();
      return cache::put;
    });
  }

  private interface Writer {
    void put(Integer key, Integer value);
  }

  private interface Maker {
    Writer make(CountDownLatch released);
  }

  private static void report(String name, Duration lifetime, int entries, Maker maker) throws InterruptedException {
    CountDownLatch released = new CountDownLatch(entries);
    Writer writer = maker.make(released);
    for (int i = 0; i < entries; i++) {
      writer.put(i, i);
    }
    long end = System.nanoTime() + lifetime.toNanos();
    boolean all = released.await(lifetime.toMillis() * GIVE_UP_AFTER_LIFETIMES, TimeUnit.MILLISECONDS);
    String result = all ? String.format(Locale.ROOT, "%.0f", (System.nanoTime() - end) / 1e6)
        : "never (" + (entries - released.getCount()) + " within " + GIVE_UP_AFTER_LIFETIMES + " lifetimes)";
    System.out.println("| " + name + " | " + lifetime.toMillis() + " | " + result + " |");
    java.lang.ref.Reference.reachabilityFence(writer);
  }
}
