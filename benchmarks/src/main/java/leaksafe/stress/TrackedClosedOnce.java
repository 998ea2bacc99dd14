package leaksafe.stress;

import leaksafe.resource.Tracked;
import leaksafe.resource.Tracker;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * A record that two threads close, of which one then opens another, is closed once, and the place that it leaves goes to one record at most: the
 * other stays open whoever closes the first a second time.
 */
@JCStressTest
@Outcome(id = "1, 0, 1", expect = Expect.ACCEPTABLE, desc = "Cleaned up after once; the first is closed, the second open.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Closed twice or never, or the other's place was taken.")
@State
public class TrackedClosedOnce {
  private static final Tracker<Object> TRACKER = Tracker.builder("stress").sampleSites(0).build();

  private final Object one = new Object();
  private final Object two = new Object();
  private final Count cleanups = new Count();
  private final Tracked first = TRACKER.track(one, cleanups);
  private Tracked second;

  /** Counts how often it runs: each time is after a compare-and-set that only one thread wins. */
  static final class Count implements Runnable {
    private int runs;

    @Override
    public synchronized void run() {
      runs++;
    }

    synchronized int runs() {
      return runs;
    }
  }

  /** Closes the first. */
  @Actor
  public void closer() {
    first.close();
  }

  /** Closes it as well, and opens another, perhaps in the place that is left. */
  @Actor
  public void otherCloser() {
    first.close();
    second = TRACKER.track(two);
  }

  /** Looks, and closes all. */
  @Arbiter
  public void look(III_Result result) {
    first.close();
    result.r1 = cleanups.runs();
    result.r2 = first.isOpen() ? 1 : 0;
    result.r3 = second.isOpen() ? 1 : 0;
    second.close();
  }
}
