package leaksafe.stress;

import java.time.Duration;
import leaksafe.Lease;
import leaksafe.pool.Pool;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * A thread closes a lease, and closes it again, while another takes the only object: if it gets it, it sees what the last holder did to it, and
 * keeps it whatever is done to the old lease.
 */
@JCStressTest
@Outcome(id = "-1, -1", expect = Expect.ACCEPTABLE, desc = "The other came before the lease was closed.")
@Outcome(id = "7, 1", expect = Expect.ACCEPTABLE, desc = "It came after that, and its lease is in force.")
@Outcome(expect = Expect.FORBIDDEN, desc = "An object as it was before, or a lease that was closed with the old one.")
@State
public class LeaseClosedOnce {
  private final Pool<int[]> pool = Pool.<int[]>builder(() -> new int[1]).size(0, 1).sampleSites(0).build();
  private final Lease<int[]> first = acquire();
  private Lease<int[]> next;
  private int seen = -1;

  private Lease<int[]> acquire() {
    try {
      return pool.acquire(Duration.ZERO);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Uses the object, and closes its lease, twice. */
  @Actor
  public void holder() {
    first.get()[0] = 7;
    first.close();
    first.close();
  }

  /** Takes the object, if it is there. */
  @Actor
  public void other() {
    try {
      next = pool.tryAcquire();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    if (next != null) {
      seen = next.get()[0];
    }
  }

  /** Looks. */
  @Arbiter
  public void look(II_Result result) {
    first.close();
    result.r1 = seen;
    result.r2 = next == null ? -1 : next.isClosed() ? 0 : 1;
    pool.close();
  }
}
