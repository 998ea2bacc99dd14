package leaksafe.pool.internal;

import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.concurrent.atomic.AtomicReferenceArray;
import leaksafe.Lease;
import leaksafe.pool.PoolStats;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/**
 * A pool of one object for three keys is a linearizable lock, whatever the keys: an idle object gives way to another key's. Keys come and go
 * all the time. The bare core, without the reaper.
 */
@Param(name = "key", gen = IntGen.class, conf = "0:2")
public class KeyedPoolLincheckTest {
  private static final int SCENARIOS = Integer.getInteger("lincheck.scenarios", 15);
  private static final int THREADS = 3;

  private final Handlers<Integer, Object> handlers = new Handlers<>(key -> new Object(), null, null);
  private final KeyedCore<Integer, Object> pool = new KeyedCore<>(new Settings<>("things", "here", null, Settings.NEVER, Settings.NEVER, 0,
      Settings.NEVER, false, 0, failure -> { }, leak -> { }, Runnable::run, () -> 0), 1, 1);
  private final AtomicReferenceArray<Lease<Object>> leases = new AtomicReferenceArray<>(THREADS + 2); // by thread, each sets its own

  @Operation
  public String tryAcquire(@Param(gen = ThreadIdGen.class) int thread, @Param(name = "key") int key) throws InterruptedException {
    if (leases.get(thread) != null) {
      return "has one";
    }
    Lease<Object> lease = pool.tryAcquire(handlers, key);
    leases.set(thread, lease);
    return lease == null ? "none" : "leased";
  }

  @Operation
  public void close(@Param(gen = ThreadIdGen.class) int thread) {
    Lease<Object> lease = leases.getAndSet(thread, null);
    if (lease != null) {
      lease.close();
      lease.close();
    }
  }

  @Validate
  public void nothing_is_lost_and_no_key_stays_without_objects() {
    PoolStats stats = pool.stats();
    int present = stats.leased() + stats.idle();
    if (present < 0 || present > 1 || stats.opened() - stats.disposed() != present || stats.waiting() != 0 || pool.keys() != present) {
      throw new IllegalStateException("something was lost: " + stats);
    }
  }

  @Test
  void under_stress_nothing_is_leased_twice_or_lost() {
    assertThatCode(() -> new StressOptions().iterations(SCENARIOS).invocationsPerIteration(1000).threads(THREADS).actorsPerThread(3).actorsBefore(2)
        .actorsAfter(1).check(KeyedPoolLincheckTest.class)).doesNotThrowAnyException();
  }
}
