package leaksafe.pool.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import leaksafe.Lease;
import leaksafe.testing.Gc;
import leaksafe.testing.ManualTicker;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who gets what comes back, in a pool of one object that has no upkeep but by hand. White-box: it wakes and tells whom it likes. */
@Timeout(60)
class WaitingTest {
  private final Parts parts = new Parts();
  private final Handlers<String, Parts.Part> handlers = new Handlers<>(key -> parts.open(), null, null); // a field, since the core holds them weakly

  private PoolCore<Parts.Part> core() {
    return new PoolCore<>(new Settings<>("parts", "here", parts::dispose, Settings.NEVER, Settings.NEVER, 0, Settings.NEVER, false, 0,
        failure -> {}, leak -> {}, Runnable::run, new ManualTicker()), handlers, 0, 1);
  }

  @Test
  void a_waiter_gets_an_object_that_was_given_back_unseen() throws Exception {
    PoolCore<Parts.Part> core = core();
    Lease<Parts.Part> lease = core.acquire(0);
    AtomicBoolean served = new AtomicBoolean();
    Thread waiter = startWaiter(core, () -> served.set(true)); // past its first sleep, or not: it is served by its second look, or by the upkeep
    Parts.closeUnseen(lease);
    while (waiter.isAlive()) {
      core.upkeep(0);
    }
    assertThat(served).isTrue();
    assertThat(parts.faults).isEmpty();
  }

  /** Returns a thread that waits for a lease, and closes it if it is not interrupted before. */
  private static Thread waiter(PoolCore<Parts.Part> core, Runnable served) {
    return new Thread(() -> {
      try (Lease<Parts.Part> mine = core.acquire(Long.MAX_VALUE)) {
        mine.get().use();
        served.run();
      } catch (InterruptedException e) {
        // as intended
      }
    });
  }

  private static Thread startWaiter(PoolCore<Parts.Part> core, Runnable served) {
    Thread waiter = waiter(core, served);
    int before = core.stats().waiting();
    waiter.start();
    Gc.awaitWithoutGc("it waits", () -> core.stats().waiting() > before);
    return waiter;
  }

  @Test
  void a_waiter_looks_again_by_itself_soon_after_it_came() throws Exception {
    PoolCore<Parts.Part> core = core();
    boolean alone = false;
    for (int round = 0; round < 100 && !alone; round++) { // it may be past its second look when we come
      Lease<Parts.Part> lease = core.acquire(0);
      Thread waiter = waiter(core, () -> { });
      waiter.start();
      while (waiter.getState() != Thread.State.TIMED_WAITING) {
        Thread.onSpinWait();
      }
      Parts.closeUnseen(lease);
      waiter.join(100);
      alone = !waiter.isAlive();
      core.upkeep(0);
      waiter.join();
    }
    assertThat(alone).isTrue();
  }

  @Test
  void who_gives_up_in_the_line_while_an_object_comes_back_tells_the_next() throws Exception {
    PoolCore<Parts.Part> core = core();
    for (int round = 0; round < 200; round++) {
      Lease<Parts.Part> lease = core.acquire(0);
      AtomicBoolean served = new AtomicBoolean();
      Thread first = startWaiter(core, () -> { });
      Thread second = startWaiter(core, () -> served.set(true));
      first.interrupt();
      for (int i = round % 50 * 20; i > 0; i--) {
        Thread.onSpinWait(); // from at once until after it has left: what comes back in between is signalled to it, and it alone
      }
      lease.close();
      first.join();
      second.join(10_000); // there is no upkeep here to tell it
      assertThat(served).as("served in round " + round).isTrue();
    }
    assertThat(core.stats().waiting()).isZero();
    assertThat(parts.faults).isEmpty();
  }

  @Test
  void only_the_first_in_the_line_takes_what_comes_back_whoever_wakes_and_looks() throws Exception {
    PoolCore<Parts.Part> core = core();
    Lease<Parts.Part> lease = core.acquire(0);
    List<String> served = new CopyOnWriteArrayList<>();
    Thread first = startWaiter(core, () -> served.add("first"));
    Thread second = startWaiter(core, () -> served.add("second"));
    Thread.sleep(5); // past their first sleeps, after which they look by themselves
    Parts.closeUnseen(lease);
    for (int i = 0; i < 20; i++) {
      LockSupport.unpark(second); // as the system may do at any time
      Thread.sleep(1);
    }
    core.upkeep(0);
    first.join();
    second.join();
    assertThat(served).containsExactly("first", "second");
    assertThat(parts.faults).isEmpty();
  }

  @Test
  void who_was_overtaken_for_a_millisecond_bars_newcomers_until_he_is_served_or_gives_up() throws Exception {
    PoolCore<Parts.Part> core = core();
    for (boolean gives : new boolean[] {false, true}) {
      Lease<Parts.Part> lease = core.acquire(0);
      AtomicBoolean served = new AtomicBoolean();
      Thread waiter = startWaiter(core, () -> served.set(true));
      Gc.awaitWithoutGc("hungry", () -> {
        core.line.signalHead(); // as of an object that a newcomer takes before he looks
        return (core.line.signs() & Line.HUNGRY) != 0;
      });
      if (gives) {
        waiter.interrupt();
        waiter.join();
      }
      lease.close();
      waiter.join();
      assertThat(served.get()).isNotEqualTo(gives);
      assertThat(core.line.signs()).isZero();
    }
    core.line.raise(Line.HUNGRY); // of somebody who does not get to look
    assertThat(core.stats().idle()).isEqualTo(1);
    assertThat(core.acquireIdle()).isNull();
    assertThat(core.tryAcquire()).isNull();
    core.line.lower(Line.HUNGRY);
    core.tryAcquire().close();
    assertThat(parts.faults).isEmpty();
  }

  @Test
  void who_waited_in_vain_is_told_of_a_lease_that_came_after_him() throws Exception {
    PoolCore<Parts.Part> core = core();
    try (Lease<Parts.Part> lease = core.acquire(0)) { // nobody has looked at it
      assertThat(Complaint.timeout(core, 0, core.stats())).contains("; oldest lease is 0 ms old, from ");
      assertThat(lease.isClosed()).isFalse();
    }
    assertThat(Complaint.timeout(core, 0, core.stats())).doesNotContain("oldest lease");
  }
}
