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
 * A value has a lease all the while, and two threads each go from one lease of it to the next, while the reaper puts what it finds noted under
 * watch: the open lease of the first is known after that, and those that are closed are not.
 */
@JCStressTest
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "The open one is known, the closed ones are not.")
@Outcome(expect = Expect.FORBIDDEN, desc = "The note of an open lease was taken away or written over, or a closed one is watched over.")
@State
public class LeaseNotedInCompany {
  private final NotedLeases leases = new NotedLeases();
  private final Lease<int[]> all = leases.acquire();
  private Lease<int[]> last;

  /** Goes from a lease to the next, and leaves that open. */
  @Actor
  public void holder() {
    leases.acquire().close();
    last = leases.acquire();
  }

  /** Goes from a lease to the next, and closes that. */
  @Actor
  public void other() {
    leases.acquire().close();
    leases.acquire().close();
  }

  /** Comes by. */
  @Actor
  public void reaper() {
    leases.visit();
  }

  /** Looks. */
  @Arbiter
  public void look(II_Result result) {
    all.close();
    result.r1 = leases.open();
    last.close();
    result.r2 = leases.closed();
  }
}
