package leaksafe.pool.internal;

import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import leaksafe.AcquireTimeoutException;
import leaksafe.Lease;
import leaksafe.pool.PoolStats;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/**
 * A pool of one object that is closed while it is used: nobody leases from it once it is closed, never do two have the object, and in the end it
 * is gone. The bare core, without the reaper.
 *
 * <p>What is not asked is whether a lease that somebody did not get was his to get. Who claims a place and then finds the pool closed is told
 * so, and had the place for a moment: others got none though nothing was leased, which no order of whole operations explains. {@code Pool} says so.
 */
public class PoolCloseLincheckTest {
  private static final int SCENARIOS = Integer.getInteger("lincheck.scenarios", 6);
  private static final int THREADS = 3;

  private final Handlers<String, Object> handlers = new Handlers<>(key -> new Object(), null, null);
  private final PoolCore<Object> pool = new PoolCore<>(new Settings<>("things", "here", null, Settings.NEVER, Settings.NEVER, 0, Settings.NEVER,
      false, 0, failure -> { }, leak -> { }, Runnable::run, () -> 0), handlers, 0, 1);
  private final AtomicInteger holders = new AtomicInteger();
  private final AtomicReferenceArray<Lease<Object>> leases = new AtomicReferenceArray<>(THREADS + 2); // by thread, each sets its own
  private volatile boolean closed; // closePool has returned

  /** A way to get a lease. */
  private interface Way {
    Lease<Object> acquire() throws InterruptedException;
  }

  @Operation
  public String acquireIdle(@Param(gen = ThreadIdGen.class) int thread) throws InterruptedException {
    return acquire(thread, pool::acquireIdle);
  }

  @Operation
  public String tryAcquire(@Param(gen = ThreadIdGen.class) int thread) throws InterruptedException {
    return acquire(thread, pool::tryAcquire);
  }

  @Operation
  public String acquireWithoutTime(@Param(gen = ThreadIdGen.class) int thread) throws InterruptedException {
    return acquire(thread, () -> pool.acquire(0));
  }

  private String acquire(int thread, Way way) throws InterruptedException {
    if (leases.get(thread) != null) {
      return "right"; // not that it has one: see above, that would say that nobody else had the place
    }
    boolean late = closed;
    Lease<Object> lease;
    try {
      lease = way.acquire();
    } catch (IllegalStateException | AcquireTimeoutException e) {
      return "right";
    }
    if (lease == null) {
      return "right";
    }
    leases.set(thread, lease);
    return late ? "LEASED AFTER THE CLOSE" : holders.incrementAndGet() == 1 ? "right" : "LEASED TWICE";
  }

  @Operation
  public void close(@Param(gen = ThreadIdGen.class) int thread) {
    Lease<Object> lease = leases.getAndSet(thread, null);
    if (lease != null) {
      holders.decrementAndGet();
      lease.close();
      lease.close();
    }
  }

  @Operation
  public void closePool() {
    pool.closeNow();
    closed = true;
  }

  @Validate
  public void nothing_is_lost_and_nothing_stays_in_a_closed_pool() {
    PoolStats stats = pool.stats();
    int present = stats.leased() + stats.idle();
    int most = closed ? holders.get() : 1;
    if (present < 0 || present > most || stats.opened() - stats.disposed() != present || stats.waiting() != 0) {
      throw new IllegalStateException("something was lost: " + stats + (closed ? ", closed, with holders: " + holders : ""));
    }
  }

  @Test
  void every_interleaving_that_the_model_checker_tries_is_right() {
    assertThatCode(() -> ModelChecking.options().iterations(SCENARIOS).invocationsPerIteration(100).threads(2).actorsPerThread(3)
        .actorsBefore(2).actorsAfter(1).check(PoolCloseLincheckTest.class)).doesNotThrowAnyException();
  }

  @Test
  void every_run_under_stress_is_right() {
    assertThatCode(() -> new StressOptions().iterations(SCENARIOS).invocationsPerIteration(1000).threads(THREADS).actorsPerThread(3)
        .actorsBefore(2).actorsAfter(1).check(PoolCloseLincheckTest.class)).doesNotThrowAnyException();
  }
}
