package leaksafe.pool.internal;

import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import leaksafe.pool.PoolStats;
import org.jetbrains.kotlinx.lincheck.Actor;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/**
 * A pool whose maximum is changed while it is used: once leases have come back, it has no more objects than the maximum of the end, and nothing
 * is lost. The bare core, without the reaper, which could mend later what was missed.
 */
@Param(name = "place", gen = IntGen.class, conf = "0:1")
@Param(name = "maximum", gen = IntGen.class, conf = "1:2")
public class PoolResizeLincheckTest {
  private static final int SCENARIOS = Integer.getInteger("lincheck.scenarios", 6);

  private final Handlers<String, Object> handlers = new Handlers<>(key -> new Object(), null, null);
  private final PoolCore<Object> pool = new PoolCore<>(new Settings<>("things", "here", null, Settings.NEVER, Settings.NEVER, 0, Settings.NEVER,
      false, 0, failure -> { }, leak -> { }, Runnable::run, () -> 0), handlers, 0, 2);
  private final AtomicReferenceArray<PooledLease<Object>> leases = new AtomicReferenceArray<>(2);

  /** Whether there is a lease to be had depends on a moment within the resizing, so that is not asked. */
  @Operation
  public void acquire(@Param(name = "place") int place) throws InterruptedException {
    PooledLease<Object> lease = pool.tryAcquire();
    if (lease != null && !leases.compareAndSet(place, null, lease)) {
      lease.close();
    }
  }

  @Operation
  public void close(@Param(name = "place") int place) {
    PooledLease<Object> lease = leases.getAndSet(place, null);
    if (lease != null) {
      lease.close();
    }
  }

  @Operation
  public void resize(@Param(name = "maximum") int maximum) {
    pool.resize(0, maximum);
  }

  @Validate
  public void no_object_is_one_too_many_and_none_is_lost() {
    PoolStats stats = pool.stats();
    int held = (leases.get(0) == null ? 0 : 1) + (leases.get(1) == null ? 0 : 1);
    if (stats.leased() != held || stats.leased() + stats.idle() > Math.max(held, stats.maximum())
        || stats.opened() - stats.disposed() != stats.leased() + stats.idle()) {
      throw new IllegalStateException("held " + held + ", but " + stats);
    }
  }

  private static Actor actor(String name, int argument) {
    try {
      return new Actor(PoolResizeLincheckTest.class.getMethod(name, int.class), List.of(argument));
    } catch (NoSuchMethodException e) {
      throw new AssertionError(e);
    }
  }

  /** The second object is being counted while the maximum is lowered to one. */
  private static ExecutionScenario lowered() {
    return new ExecutionScenario(List.of(actor("acquire", 0)), List.of(List.of(actor("acquire", 1)), List.of(actor("resize", 1))),
        List.of(actor("close", 0), actor("close", 1)), null);
  }

  @Test
  void no_interleaving_of_opening_and_lowering_leaves_an_object_too_many() {
    assertThatCode(() -> ModelChecking.options().addCustomScenario(lowered()).iterations(0).invocationsPerIteration(50)
        .check(PoolResizeLincheckTest.class)).doesNotThrowAnyException();
  }

  @Test
  void nothing_is_lost_or_too_many_under_stress() {
    assertThatCode(() -> new StressOptions().iterations(SCENARIOS).invocationsPerIteration(500).threads(2).actorsPerThread(4).actorsBefore(1)
        .actorsAfter(2).check(PoolResizeLincheckTest.class)).doesNotThrowAnyException();
  }
}
