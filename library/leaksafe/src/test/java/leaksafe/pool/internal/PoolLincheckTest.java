package leaksafe.pool.internal;

import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.concurrent.atomic.AtomicReferenceArray;
import leaksafe.AcquireTimeoutException;
import leaksafe.pool.PoolStats;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/**
 * A pool of one object is a linearizable lock that only its holder opens: no object is leased twice, none is lost, and closing a lease twice,
 * late or by another thread changes nothing. Nothing waits, since a scenario whose last lease nobody closes would wait for ever. Closing the
 * pool itself is for {@link PoolCloseLincheckTest}.
 *
 * <p>The pool is the bare core: without the reaper, whose thread the model checker would have to follow.
 */
public class PoolLincheckTest {
  /** For a long hunt: {@code -Dlincheck.scenarios=200}. */
  private static final int SCENARIOS = Integer.getInteger("lincheck.scenarios", 6);

  private static final int THREADS = 3;

  /** A pooled object. */
  static final class Thing {
    boolean disposed;
  }

  private final Handlers<String, Thing> handlers = new Handlers<>(key -> new Thing(), null, null);
  private final PoolCore<Thing> pool = new PoolCore<>(new Settings<>("things", "here", thing -> thing.disposed = true, Settings.NEVER,
      Settings.NEVER, 0, Settings.NEVER, false, 0, failure -> { }, leak -> { }, Runnable::run, () -> 0), handlers, 0, 1);

  // By thread. A thread sets its own; another's is read once it is closed for good.
  private final AtomicReferenceArray<PooledLease<Thing>> leases = new AtomicReferenceArray<>(THREADS + 2);
  private final AtomicReferenceArray<PooledLease<Thing>> stale = new AtomicReferenceArray<>(THREADS + 2);

  @Operation
  public String acquireIdle(@Param(gen = ThreadIdGen.class) int thread) throws InterruptedException {
    return leases.get(thread) != null ? "has one" : keep(thread, pool.acquireIdle());
  }

  @Operation
  public String tryAcquire(@Param(gen = ThreadIdGen.class) int thread) throws InterruptedException {
    return leases.get(thread) != null ? "has one" : keep(thread, pool.tryAcquire());
  }

  /** Through the line of waiters, where it stands for one attempt. */
  @Operation
  public String acquireWithoutTime(@Param(gen = ThreadIdGen.class) int thread) throws InterruptedException {
    try {
      return leases.get(thread) != null ? "has one" : keep(thread, (PooledLease<Thing>) pool.acquire(0));
    } catch (AcquireTimeoutException e) {
      return "none";
    }
  }

  private String keep(int thread, PooledLease<Thing> lease) {
    if (lease == null) {
      return "none";
    }
    if (lease.get().disposed) {
      throw new AssertionError("leased after its disposal");
    }
    leases.set(thread, lease);
    return "leased";
  }

  @Operation
  public void close(@Param(gen = ThreadIdGen.class) int thread) {
    PooledLease<Thing> lease = leases.getAndSet(thread, null);
    if (lease != null) {
      lease.close();
      stale.set(thread, lease);
    }
  }

  /** Late, and perhaps by another thread. */
  @Operation
  public void closeAgain(@Param(gen = IntGen.class, conf = "0:3") int thread) {
    PooledLease<Thing> lease = stale.get(thread);
    if (lease != null) {
      lease.close();
    }
  }

  @Validate
  public void nothing_is_lost_and_the_maximum_is_kept() {
    PoolStats stats = pool.stats();
    int present = stats.leased() + stats.idle();
    if (present < 0 || present > 1 || stats.opened() - stats.disposed() != present || stats.waiting() != 0) {
      throw new IllegalStateException("something was lost: " + stats);
    }
  }

  @Test
  void every_interleaving_that_the_model_checker_tries_is_linearizable() {
    assertThatCode(() -> ModelChecking.options().iterations(SCENARIOS).invocationsPerIteration(100).threads(2).actorsPerThread(3)
        .actorsBefore(2).actorsAfter(1).check(PoolLincheckTest.class)).doesNotThrowAnyException();
  }

  @Test
  void every_run_under_stress_is_linearizable() {
    assertThatCode(() -> new StressOptions().iterations(SCENARIOS).invocationsPerIteration(1000).threads(THREADS).actorsPerThread(3).actorsBefore(2)
        .actorsAfter(1).check(PoolLincheckTest.class)).doesNotThrowAnyException();
  }
}
