package leaksafe.cache.internal;

import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/**
 * Values that were stale from the beginning are reloaded once, never twice, however many see that; and a put while a reload runs wins: what was
 * loaded never takes the place of what was put. The cache is not started, so that the reaper has no part in it.
 */
@Param(name = "key", gen = IntGen.class, conf = "1:2")
public class RefreshLincheckTest {
  private static final int SCENARIOS = Integer.getInteger("lincheck.scenarios", 6);
  private static final int STALE = 1;
  private static final int RELOADED = 2;
  private static final int PUT = 3;

  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final AtomicIntegerArray reloads = new AtomicIntegerArray(3);
  private final AtomicIntegerArray puts = new AtomicIntegerArray(3);
  private final StrongCache<Integer, Integer> cache;

  /** Makes a cache of two stale values. */
  public RefreshLincheckTest() {
    AtomicLong now = new AtomicLong();
    Settings settings = new Settings();
    settings.name = "refresh";
    settings.maximumSize = 100L;
    settings.refreshNanos = TimeUnit.SECONDS.toNanos(1);
    settings.reloader = key -> {
      reloads.incrementAndGet((Integer) key);
      return RELOADED;
    };
    settings.ticker = now::get;
    settings.executor = tasks::add;
    cache = new StrongCache<>(settings, "site");
    cache.put(1, STALE);
    cache.put(2, STALE);
    now.set(TimeUnit.SECONDS.toNanos(2));
  }

  /** What is returned may be older than what a reload that runs meanwhile has loaded, but never than what was put before. */
  @Operation
  public boolean get(@Param(name = "key") int key) {
    boolean put = puts.get(key) > 0;
    Integer value = cache.getIfPresent(key);
    if (put && !Integer.valueOf(PUT).equals(value)) {
      throw new AssertionError(value + " took the place of what was put");
    }
    return value != null;
  }

  @Operation
  public void put(@Param(name = "key") int key) {
    cache.put(key, PUT);
    puts.incrementAndGet(key);
  }

  @Operation
  public void reload() {
    Runnable task = tasks.poll();
    if (task != null) {
      task.run();
    }
  }

  @Validate
  public void nothing_was_reloaded_twice_and_what_was_put_is_there() {
    for (int key = 1; key <= 2; key++) {
      Integer value = cache.policy().getIfPresentQuietly(key);
      if (reloads.get(key) > 1 || value == null || puts.get(key) > 0 && value != PUT) {
        throw new IllegalStateException("key " + key + " has " + value + " after " + reloads.get(key) + " reloads and " + puts.get(key) + " puts");
      }
    }
  }

  @Test
  void every_run_under_stress_is_linearizable() {
    assertThatCode(() -> new StressOptions().iterations(SCENARIOS).invocationsPerIteration(300).threads(3).actorsPerThread(3)
        .check(RefreshLincheckTest.class)).doesNotThrowAnyException();
  }
}
