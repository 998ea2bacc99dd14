package leaksafe.pool.internal;

import static org.assertj.core.api.Assertions.assertThatCode;

import leaksafe.Lease;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/**
 * A lease is held by its note or by a watch at any time, however many look at its slot at once and wherever each of them sleeps over later turns:
 * a lease with neither could be dropped and never missed. The bare core, without the reaper.
 */
public class WatchLincheckTest {
  private static final int SCENARIOS = Integer.getInteger("lincheck.scenarios", 6);

  private final Handlers<String, Object> handlers = new Handlers<>(key -> new Object(), null, null);
  private final PoolCore<Object> pool = new PoolCore<>(new Settings<>("things", "here", null, Settings.NEVER, Settings.NEVER, 0, Settings.NEVER,
      false, 0, failure -> { }, leak -> { }, Runnable::run, () -> 0), handlers, 0, 1);
  private Lease<Object> lease; // of the thread that leases, one at a time

  public WatchLincheckTest() throws InterruptedException {
    for (int turn = 1; turn < Turns.LENGTH; turn++) {
      lease(); // up to the last one that is noted in these turns
    }
  }

  @Operation(nonParallelGroup = "holder")
  public void lease() throws InterruptedException {
    if (lease != null) {
      lease.close();
    }
    lease = pool.acquire(0);
  }

  @Operation
  public void watch() {
    pool.watchAll();
  }

  @Validate
  public void the_lease_is_watched_once_somebody_looks() {
    pool.watchAll();
    if (pool.slots.all()[0].currentWatch() == null) {
      throw new IllegalStateException("neither noted nor watched");
    }
  }

  @Test
  void every_interleaving_that_the_model_checker_tries_is_right() {
    assertThatCode(() -> ModelChecking.options().iterations(SCENARIOS).invocationsPerIteration(1000).threads(3).actorsPerThread(1)
        .actorsBefore(0).actorsAfter(0).check(WatchLincheckTest.class)).doesNotThrowAnyException();
  }
}
