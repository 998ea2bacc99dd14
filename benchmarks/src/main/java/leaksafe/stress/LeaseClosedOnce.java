package leaksafe.stress;

import leaksafe.Lease;
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
  private final OnlyObject only = new OnlyObject();
  private Lease<int[]> next;
  private int seen = -1;

  /** Uses the object, and closes its lease, twice. */
  @Actor
  public void holder() {
    only.first.get()[0] = 7;
    only.first.close();
    only.first.close();
  }

  /** Takes the object, if it is there. */
  @Actor
  public void other() {
    try {
      next = only.pool.tryAcquire();
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
    only.first.close();
    result.r1 = seen;
    result.r2 = next == null ? -1 : next.isClosed() ? 0 : 1;
    only.pool.close();
  }
}
