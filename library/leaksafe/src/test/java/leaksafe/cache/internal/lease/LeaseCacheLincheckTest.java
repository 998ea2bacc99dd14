package leaksafe.cache.internal.lease;

import java.util.concurrent.TimeUnit;
import leaksafe.FailureListener;
import leaksafe.LeakListener;
import leaksafe.Lease;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Test;

/**
 * Acquiring, closing, replacing and invalidating take effect each at one instant. By stress alone: Lincheck's model checker follows the
 * static field of the census into encapsulated classes of the JDK, and fails there.
 */
@Param(name = "key", gen = IntGen.class, conf = "1:2")
public class LeaseCacheLincheckTest {
  // Not started: thousands of caches are made here, and neither the reaper nor the census has a part in this.
  private final LeaseCore<Integer, int[]> cache = new LeaseCore<>(new LeaseSettings<>("lincheck", "site", 10, LeaseSettings.NEVER,
      LeaseSettings.NEVER, Long.MAX_VALUE, value -> value[1]++, 0, FailureListener.logging(), LeakListener.logging(), Runnable::run, null));

  private long time = System.nanoTime();

  /**
   * Returns whether the value was that of the key and open all the while. Not which of several it was: the opener runs outside every lock, so
   * two that run at once, since the key was invalidated meanwhile, may end in any order.
   */
  @Operation
  public String use(@Param(name = "key") int key) throws InterruptedException {
    try (Lease<int[]> lease = cache.acquire(key, of -> new int[] {of, 0}, Long.MAX_VALUE)) {
      int[] value = lease.get();
      return value[0] + (value[1] == 0 ? " open" : " CLOSED");
    }
  }

  @Operation
  public String replace(@Param(name = "key") int key) throws InterruptedException {
    try (Lease<int[]> lease = cache.replace(key, of -> new int[] {of, 0})) {
      int[] value = lease.get();
      return value[0] + (value[1] == 0 ? " open" : " CLOSED");
    }
  }

  @Operation
  public boolean isPresent(@Param(name = "key") int key) {
    Lease<int[]> lease = cache.acquireIfPresent(key);
    if (lease == null) {
      return false;
    }
    lease.close();
    return true;
  }

  @Operation
  public void invalidate(@Param(name = "key") int key) {
    cache.invalidate(key);
  }

  /** The reaper's round, which puts the leases under watch that it meets. */
  @Operation(nonParallelGroup = "reaper")
  public void visit() {
    cache.leases().visit(time += TimeUnit.DAYS.toNanos(1));
  }

  /** Two leases of one value; each is closed twice. */
  @Operation
  public boolean share(@Param(name = "key") int key) throws InterruptedException {
    Lease<int[]> one = cache.acquire(key, of -> new int[] {of, 0}, Long.MAX_VALUE);
    Lease<int[]> other = cache.acquire(key, of -> new int[] {of, 0}, Long.MAX_VALUE);
    one.close();
    boolean open = other.get()[1] == 0;
    one.close();
    other.close();
    other.close();
    return open;
  }

  @Test
  void stress() {
    new StressOptions().iterations(10).invocationsPerIteration(100).threads(2).actorsPerThread(3).check(LeaseCacheLincheckTest.class);
  }
}
