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
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * Two threads close one lease while two more take the only object: one of these at most gets it, and keeps it. The lease is the last of its
 * run of turns, so that the next one renews them.
 */
@JCStressTest
@Outcome(id = "1, 0, 0", expect = Expect.ACCEPTABLE, desc = "The first got it.")
@Outcome(id = "0, 1, 0", expect = Expect.ACCEPTABLE, desc = "The second got it.")
@Outcome(id = "0, 0, 1", expect = Expect.ACCEPTABLE, desc = "Both came before the lease was closed; it is there now.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Two have it, a lease was closed with the old one, or the object is lost.")
@State
public class LeaseClosedByTwo {
  private static final int TURNS = 63; // see leaksafe.pool.internal.Turns

  private final Pool<Object> pool = Pool.<Object>builder(Object::new).size(0, 1).sampleSites(0).build();
  private final Lease<Object> first = last();
  private Lease<Object> a;
  private Lease<Object> b;

  private Lease<Object> last() {
    try {
      for (int turn = 1; turn < TURNS; turn++) {
        pool.acquire(Duration.ZERO).close();
      }
      return pool.acquire(Duration.ZERO);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private Lease<Object> take() {
    try {
      return pool.tryAcquire();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Closes the lease, and then takes the object. */
  @Actor
  public void closesAndTakes() {
    first.close();
    a = take();
  }

  /** Closes the same lease. */
  @Actor
  public void closes() {
    first.close();
  }

  /** Takes the object. */
  @Actor
  public void takes() {
    b = take();
  }

  /** Looks who has the object. */
  @Arbiter
  public void look(III_Result result) {
    result.r1 = a != null && !a.isClosed() ? 1 : 0;
    result.r2 = b != null && !b.isClosed() ? 1 : 0;
    result.r3 = take() == null ? 0 : 1;
    pool.close();
  }
}
