package leaksafe.pool.internal;

import static org.assertj.core.api.Assertions.assertThatCode;

import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/**
 * An object is not disposed of for the time that another one lay idle before it in the same slot, whenever it is replaced while the upkeep looks.
 * The bare core, without the reaper; the upkeep disposes of things itself.
 */
public class ReplacedIdleLincheckTest {
  private static final int SCENARIOS = Integer.getInteger("lincheck.scenarios", 6);

  private volatile long time;
  private volatile Thread upkeeper;
  private volatile boolean tooEarly;
  private final Handlers<String, Long> handlers = new Handlers<>(key -> time, null, null); // an object is the time of its opening
  private final PoolCore<Long> pool = new PoolCore<>(new Settings<>("things", "here", this::dispose, 10, Settings.NEVER, 0, Settings.NEVER,
      false, 0, failure -> { }, leak -> { }, Runnable::run, () -> time), handlers, 1, 2);

  public ReplacedIdleLincheckTest() throws InterruptedException {
    try (PooledLease<Long> one = pool.tryAcquire(); PooledLease<Long> two = pool.tryAcquire()) {
      if (one == null || two == null) {
        throw new IllegalStateException("there is room for two");
      }
    }
    pool.upkeep(0);
    time = 10;
  }

  private void dispose(long opened) {
    tooEarly |= opened == time && Thread.currentThread() == upkeeper;
  }

  @Operation(nonParallelGroup = "upkeep")
  public void upkeep() {
    upkeeper = Thread.currentThread();
    pool.upkeep(0);
  }

  @Operation(nonParallelGroup = "users")
  public void replace() {
    pool.surplus.retireIdle();
    pool.refill();
  }

  @Validate
  public void nothing_went_too_early() {
    if (tooEarly) {
      throw new IllegalStateException("it was not idle yet");
    }
  }

  @Test
  void every_interleaving_that_the_model_checker_tries_is_right() {
    assertThatCode(() -> ModelChecking.options().iterations(SCENARIOS).invocationsPerIteration(1000).threads(2).actorsPerThread(1)
        .actorsBefore(0).actorsAfter(0).check(ReplacedIdleLincheckTest.class)).doesNotThrowAnyException();
  }
}
