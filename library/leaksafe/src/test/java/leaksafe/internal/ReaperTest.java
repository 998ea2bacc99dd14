package leaksafe.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import leaksafe.testing.Gc;
import org.junit.jupiter.api.Test;

class ReaperTest {

  @Test
  void a_client_is_called_soon_and_as_often_as_it_asks() {
    AtomicInteger calls = new AtomicInteger();
    Reaper.Client client = now -> {
      calls.incrementAndGet();
      return 1_000_000;
    };
    Reaper.Registration registration = Reaper.register(client, false);
    Gc.awaitWithoutGc("called three times", () -> calls.get() >= 3);
    registration.cancel();
    Reference.reachabilityFence(client);
  }

  @Test
  void a_callback_that_hangs_holds_up_no_other() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    CountDownLatch hanging = new CountDownLatch(1);
    Reaper.userCodeExecutor().execute(() -> {
      hanging.countDown();
      try {
        go.await();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    });
    try {
      hanging.await();
      CountDownLatch other = new CountDownLatch(1);
      Reaper.userCodeExecutor().execute(other::countDown);
      assertThat(other.await(20, TimeUnit.SECONDS)).isTrue();
    } finally {
      go.countDown();
    }
  }

  @Test
  void a_client_that_asked_for_never_is_called_when_woken() {
    AtomicInteger calls = new AtomicInteger();
    Reaper.Client client = now -> {
      calls.incrementAndGet();
      return Long.MAX_VALUE;
    };
    Reaper.Registration registration = Reaper.register(client, false);
    Gc.awaitWithoutGc("called once", () -> calls.get() == 1);
    registration.wake();
    Gc.awaitWithoutGc("called again", () -> calls.get() == 2);
    registration.cancel();
    Reference.reachabilityFence(client);
  }

  @Test
  void a_failing_client_does_not_stop_the_others() {
    AtomicInteger calls = new AtomicInteger();
    Reaper.Client bad = now -> {
      throw new IllegalStateException("a client that fails on purpose");
    };
    Reaper.Client good = now -> {
      calls.incrementAndGet();
      return 1_000_000;
    };
    Reaper.Registration first = Reaper.register(bad, false);
    Reaper.Registration second = Reaper.register(good, false);
    Gc.awaitWithoutGc("called", () -> calls.get() >= 5);
    first.cancel();
    second.cancel();
    Reference.reachabilityFence(bad);
    Reference.reachabilityFence(good);
  }

  @Test
  void an_interruption_of_the_thread_ends_neither_it_nor_the_work_of_the_next_client() {
    AtomicInteger calls = new AtomicInteger();
    AtomicInteger seen = new AtomicInteger();
    AtomicReference<Thread> thread = new AtomicReference<>();
    Reaper.Client bad = now -> {
      thread.set(Thread.currentThread());
      Thread.currentThread().interrupt(); // as the disposer of a pool does, whose executor runs what it is given at once
      return 1_000_000;
    };
    Reaper.Client good = now -> {
      seen.addAndGet(Thread.currentThread().isInterrupted() ? 1 : 0);
      calls.incrementAndGet();
      return 1_000_000;
    };
    Reaper.Registration first = Reaper.register(bad, false);
    Reaper.Registration second = Reaper.register(good, false);
    Gc.awaitWithoutGc("called", () -> calls.get() >= 5);
    assertThat(seen).hasValue(0);
    first.cancel();
    for (int i = 0; i < 20; i++) {
      thread.get().interrupt(); // as whoever interrupts all threads there are
      int before = calls.get();
      Gc.awaitWithoutGc("called again", () -> calls.get() > before);
    }
    second.cancel();
    assertThat(thread.get().isAlive()).isTrue();
    Reference.reachabilityFence(bad);
    Reference.reachabilityFence(good);
  }

  @Test
  void the_clock_ticks_while_a_timed_client_is_there() {
    Reaper.Client client = now -> Long.MAX_VALUE;
    Reaper.Registration registration = Reaper.register(client, true);
    long start = CoarseClock.read();
    Gc.awaitWithoutGc("ticked", () -> CoarseClock.read() - start >= 3 * CoarseClock.TICK_NANOS);
    assertThat(CoarseClock.read() - System.nanoTime()).isLessThanOrEqualTo(0);
    registration.cancel();
    Reference.reachabilityFence(client);
  }

  @Test
  void a_dropped_client_is_collected_and_the_thread_ends() {
    WeakReference<Reaper.Client> dropped = registerAndDrop();
    Gc.awaitCleared(dropped);
    Gc.await("the thread ended", () -> !Reaper.isRunning());
  }

  private static WeakReference<Reaper.Client> registerAndDrop() {
    AtomicInteger calls = new AtomicInteger();
    Reaper.Client client = now -> {
      calls.incrementAndGet();
      return 1_000_000;
    };
    Reaper.register(client, true);
    Gc.awaitWithoutGc("called", () -> calls.get() > 0);
    return new WeakReference<>(client);
  }
}
