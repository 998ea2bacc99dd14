package leaksafe.stress;

import java.util.List;
import leaksafe.resource.OpenGroup;
import leaksafe.resource.Tracked;
import leaksafe.resource.Tracker;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Who lists what is open while it is opened and closed sees each record whole, or not at all. */
@JCStressTest
@Outcome(id = {"0, 0", "1, 1"}, expect = Expect.ACCEPTABLE, desc = "Not seen, or seen whole.")
@Outcome(expect = Expect.FORBIDDEN, desc = "A record without its class.")
@State
public class TrackedPublication {
  private final Tracker<Object> tracker = Tracker.builder("stress").sampleSites(0).build();
  private final Object object = new Object();

  /** Opens and closes. */
  @Actor
  public void opener() {
    try (Tracked tracked = tracker.track(object)) {
      tracked.touch("open");
    }
  }

  /** Lists. */
  @Actor
  public void reader(II_Result result) {
    List<OpenGroup> groups = tracker.openGroups();
    result.r1 = groups.size();
    result.r2 = groups.isEmpty() ? 0 : groups.get(0).what().equals("java.lang.Object") ? 1 : 2;
  }
}
