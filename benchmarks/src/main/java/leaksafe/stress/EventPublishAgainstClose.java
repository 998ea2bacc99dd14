package leaksafe.stress;

import java.util.concurrent.atomic.AtomicIntegerArray;
import leaksafe.event.Subscription;
import leaksafe.event.Topic;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * A handler is not called for what its own thread publishes after it closed the subscription, and never twice for one event, whatever other
 * threads publish meanwhile.
 */
@JCStressTest
@Outcome(id = {"0, 0", "1, 0"}, expect = Expect.ACCEPTABLE, desc = "The other thread's event came before the close, or was for nobody.")
@Outcome(expect = Expect.FORBIDDEN, desc = "An event came twice, or after the close.")
@State
public class EventPublishAgainstClose {
  private final AtomicIntegerArray calls = new AtomicIntegerArray(2);
  private final Topic<Integer> topic = Topic.create();
  private final Subscription subscription = topic.subscribe(calls, AtomicIntegerArray::incrementAndGet);

  /** Publishes event 0. */
  @Actor
  public void publisher() {
    topic.publish(0);
  }

  /** Closes, and publishes event 1. */
  @Actor
  public void closer() {
    subscription.close();
    topic.publish(1);
  }

  /** Counts the calls for each event. */
  @Arbiter
  public void count(II_Result result) {
    result.r1 = calls.get(0);
    result.r2 = calls.get(1);
  }
}
