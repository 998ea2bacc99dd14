package leaksafe.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.Reference;
import leaksafe.FailureListener;
import leaksafe.resource.internal.TrackerCore;
import leaksafe.resource.internal.TrackedReference;
import leaksafe.testing.Gc;
import org.junit.jupiter.api.Test;

/** A tracker needs the reaper for as long as something is open, and no longer. */
class IdleTrackerTest {

  @Test
  void the_thread_ends_when_nothing_is_open_and_is_there_again_when_something_is() {
    TrackerCore core = new TrackerCore("tracker", "resource", "site", 0, null, FailureListener.logging());
    Object object = new Object();
    for (int i = 0; i < 2; i++) {
      TrackedReference tracked = core.track(object, null);
      assertThat(Reaper.isRunning()).isTrue();
      long later = System.nanoTime() + 10_000_000_000L;
      assertThat(core.work(later)).as("while it is open").isLessThan(Long.MAX_VALUE);
      tracked.close();
      Gc.await("the thread ended", () -> !Reaper.isRunning());
    }
    Reference.reachabilityFence(object);
    Reference.reachabilityFence(core);
  }
}
