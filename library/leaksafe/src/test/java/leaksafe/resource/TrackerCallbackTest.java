package leaksafe.resource;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import leaksafe.FailureListener;
import leaksafe.Leak;
import leaksafe.testing.Gc;
import org.junit.jupiter.api.Test;

/** Cleanup actions and listeners of one tracker run one after the other on one thread: what one of them does to it is not for the next. */
class TrackerCallbackTest {
  private static final int LEAKS = 10;

  private final ConcurrentLinkedQueue<Leak> leaks = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<Boolean> interrupted = new ConcurrentLinkedQueue<>();
  private final CountDownLatch allFound = new CountDownLatch(1);
  private final AtomicInteger ran = new AtomicInteger();

  /** Drops so many objects with a cleanup action, of which none runs before all of them are found. */
  private void leakAll(FailureListener failures, Runnable cleanup) {
    Tracker<Object> tracker = Tracker.builder("callbacks").sampleSites(0).leakListener(leaks::add).failureListener(failures).build();
    for (int i = 0; i < LEAKS; i++) {
      tracker.track(new Object(), () -> {
        awaitAllFound();
        ran.incrementAndGet();
        cleanup.run();
      });
    }
    Gc.await("all found", () -> tracker.leaked() == LEAKS);
    allFound.countDown();
    Gc.awaitWithoutGc("all actions ran", () -> ran.get() == LEAKS);
    Gc.awaitWithoutGc("all leaks told", () -> leaks.size() == LEAKS);
  }

  private void awaitAllFound() {
    try {
      allFound.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void an_interrupt_that_a_cleanup_action_leaves_is_not_for_the_others() {
    leakAll(FailureListener.logging(), () -> {
      interrupted.add(Thread.currentThread().isInterrupted());
      Thread.currentThread().interrupt();
    });
    assertThat(interrupted).hasSize(LEAKS).containsOnly(false);
  }

  /** What has no text. */
  private static final class Mute extends RuntimeException {
    private static final long serialVersionUID = 1L;

    @Override
    public String toString() {
      throw new AssertionError("a throwable whose text fails on purpose");
    }
  }

  @Test
  void what_cannot_even_be_logged_stops_nobody() {
    leakAll(FailureListener.logging(), () -> {
      throw new Mute();
    });
  }

  @Test
  void what_a_failure_listener_cannot_tell_stops_nobody() {
    leakAll(failure -> {
      throw new IllegalStateException(failure.toString());
    }, () -> {
      throw new Mute();
    });
  }
}
