package leaksafe.stress;

import leaksafe.AcquireTimeoutException;
import leaksafe.Lease;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * A thread closes a lease, which is a plain store, while another begins to wait for the only object: it gets it, long before its time is up.
 */
@JCStressTest
@Outcome(id = "7", expect = Expect.ACCEPTABLE, desc = "It got the object as the last holder left it.")
@Outcome(expect = Expect.FORBIDDEN, desc = "It was not woken, or saw the object as it was before.")
@State
public class LeaseClosedForWaiter {
  private final OnlyObject only = new OnlyObject();

  /** Uses the object, and closes its lease. */
  @Actor
  public void holder() {
    only.first.get()[0] = 7;
    only.first.close();
  }

  /** Waits for the object. */
  @Actor
  public void waiter(I_Result result) {
    try (Lease<int[]> lease = only.acquire()) {
      result.r1 = lease.get()[0];
    } catch (AcquireTimeoutException e) {
      result.r1 = -1;
    }
  }
}
