package leaksafe.stress;

import java.util.concurrent.atomic.AtomicIntegerArray;
import leaksafe.event.Topic;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** A handler is called for what its own thread publishes after it subscribed, although another thread makes a snapshot meanwhile. */
@JCStressTest
@Outcome(id = {"0, 1", "1, 1"}, expect = Expect.ACCEPTABLE, desc = "The other thread's event came before or after the subscription.")
@Outcome(expect = Expect.FORBIDDEN, desc = "A subscription was missed, or an event came twice.")
@State
public class EventPublishAgainstSubscribe {
  private final AtomicIntegerArray calls = new AtomicIntegerArray(2);
  private final Topic<Integer> topic = Topic.create();

  /** Publishes event 0. */
  @Actor
  public void publisher() {
    topic.publish(0);
  }

  /** Subscribes, and publishes event 1. */
  @Actor
  public void subscriber() {
    topic.subscribe(calls, AtomicIntegerArray::incrementAndGet);
    topic.publish(1);
  }

  /** Counts the calls for each event. */
  @Arbiter
  public void count(II_Result result) {
    result.r1 = calls.get(0);
    result.r2 = calls.get(1);
  }
}
