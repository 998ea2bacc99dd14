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
 * The only lease of a value is closed and the next is noted in its place, while the reaper puts what it finds noted under watch: the open lease
 * is known after that, so that it would be missed if it were dropped, and the closed one is not.
 */
@JCStressTest
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "The open one is known, the closed one is not.")
@Outcome(expect = Expect.FORBIDDEN, desc = "The reaper took the note of the open lease away, or watches over the closed one.")
@State
public class LeaseNoted {
  private final NotedLeases leases = new NotedLeases();
  private final Lease<int[]> first = leases.acquire();
  private Lease<int[]> second;

  /** Goes from a lease to the next. */
  @Actor
  public void holder() {
    first.close();
    second = leases.acquire();
  }

  /** Comes by. */
  @Actor
  public void reaper() {
    leases.visit();
  }

  /** Looks. */
  @Arbiter
  public void look(II_Result result) {
    result.r1 = leases.open();
    second.close();
    result.r2 = leases.closed();
  }
}
