package leaksafe.resource.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import leaksafe.FailureListener;
import org.junit.jupiter.api.Test;

class TrackerCoreTest {
  private static final int ROUNDS = 300;
  private static final int OPEN = 7;
  private static final int MORE = 100 * Chunk.SLOTS;

  @Test
  void counting_is_exact_while_empty_chunks_are_given_back() throws Exception {
    TrackerCore core = new TrackerCore("tracker", "resource", "site", 0, null, FailureListener.logging());
    Object object = new Object();
    for (int i = 0; i < OPEN; i++) {
      core.track(object, null);
    }
    AtomicInteger quiet = new AtomicInteger(); // the round, while nothing is opened and closed in it, or 0
    AtomicBoolean over = new AtomicBoolean();
    AtomicLong wrong = new AtomicLong(OPEN);
    Thread counter = new Thread(() -> {
      while (!over.get()) {
        int before = quiet.get();
        long count = core.open();
        if (before > 0 && quiet.get() == before && count != OPEN) {
          wrong.set(count);
        }
      }
    });
    counter.start();
    for (int round = 1; round <= ROUNDS; round++) {
      List<TrackedReference> more = new ArrayList<>();
      for (int i = 0; i < MORE; i++) {
        more.add(core.track(object, null));
      }
      more.forEach(TrackedReference::close);
      quiet.set(round);
      core.work(System.nanoTime());
      quiet.set(0);
    }
    over.set(true);
    counter.join();
    assertThat(wrong).hasValue(OPEN);
    assertThat(core.open()).isEqualTo(OPEN);
    Reference.reachabilityFence(object);
  }
}
