package leaksafe.pool.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.ref.Reference;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import leaksafe.Lease;
import leaksafe.testing.Gc;
import leaksafe.testing.ManualTicker;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who is next where threads with different keys wait for room. White-box: it has to know who stands in which line before it goes on. */
@Timeout(60)
class KeyedFairnessTest {
  private static final long LONG = TimeUnit.MINUTES.toNanos(5); // who is not told gets nothing, and the test fails before that

  private final Parts parts = new Parts();
  private final Handlers<String, Parts.Part> handlers = new Handlers<>(key -> parts.open(), null, null);

  private KeyedCore<String, Parts.Part> core(int perKey, int total) {
    return new KeyedCore<>(new Settings<>("parts", "here", parts::dispose, Settings.NEVER, Settings.NEVER, 0, Settings.NEVER, false, 0,
        failure -> {}, leak -> {}, Runnable::run, new ManualTicker()), perKey, total);
  }

  private CompletableFuture<Lease<Parts.Part>> acquireLater(KeyedCore<String, Parts.Part> core, String key) {
    return CompletableFuture.supplyAsync(() -> {
      try {
        return core.acquire(handlers, key, LONG);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }, task -> new Thread(task).start());
  }

  private static void awaitWaiting(KeyedCore<String, Parts.Part> core, int waiting, int forRoom) {
    Gc.awaitWithoutGc(waiting + " waiting, " + forRoom + " of them for room",
        () -> core.stats().waiting() == waiting && core.total.length() == forRoom);
  }

  private static Lease<Parts.Part> get(CompletableFuture<Lease<Parts.Part>> later) throws Exception {
    return later.get(30, TimeUnit.SECONDS);
  }

  @Test
  void threads_with_different_keys_get_room_in_the_order_in_which_they_came() throws Exception {
    KeyedCore<String, Parts.Part> core = core(1, 1);
    Lease<Parts.Part> lease = core.acquire(handlers, "a", 0);
    CompletableFuture<Lease<Parts.Part>> b = acquireLater(core, "b");
    awaitWaiting(core, 1, 1);
    CompletableFuture<Lease<Parts.Part>> c = acquireLater(core, "c");
    awaitWaiting(core, 2, 2);
    CompletableFuture<Lease<Parts.Part>> a = acquireLater(core, "a"); // waits for the object of its own key
    awaitWaiting(core, 3, 2);
    Thread.sleep(3); // all of them may be passed over for a millisecond
    lease.close();
    Lease<Parts.Part> first = get(b);
    awaitWaiting(core, 2, 2);
    assertThat(c).isNotDone();
    assertThat(a).isNotDone();
    first.close();
    Lease<Parts.Part> second = get(c);
    awaitWaiting(core, 1, 1);
    assertThat(a).isNotDone();
    second.close();
    get(a).close();
    assertThat(core.total.length()).isZero();
    assertThat(core.keys()).isEqualTo(1);
    assertThat(parts.mostPresent).hasValue(1);
    assertThat(parts.faults).isEmpty();
    Reference.reachabilityFence(handlers);
  }

  @Test
  void who_waits_longer_for_his_own_keys_object_is_served_before_who_waits_for_room() throws Exception {
    KeyedCore<String, Parts.Part> core = core(1, 1);
    Lease<Parts.Part> lease = core.acquire(handlers, "a", 0);
    CompletableFuture<Lease<Parts.Part>> a = acquireLater(core, "a");
    awaitWaiting(core, 1, 0);
    CompletableFuture<Lease<Parts.Part>> b = acquireLater(core, "b");
    awaitWaiting(core, 2, 1);
    Thread.sleep(3);
    lease.close();
    Lease<Parts.Part> first = get(a);
    assertThat(b).isNotDone();
    assertThat(parts.opened).hasValue(1);
    first.close();
    get(b).close();
    assertThat(parts.opened).hasValue(2);
    assertThat(core.total.length()).isZero();
    Reference.reachabilityFence(handlers);
  }

  @Test
  void room_that_is_owed_goes_neither_to_a_newcomer_nor_back_to_the_key_that_had_it() throws Exception {
    for (String newcomer : List.of("c", "a")) {
      KeyedCore<String, Parts.Part> core = core(1, 1);
      Lease<Parts.Part> lease = core.acquire(handlers, "a", 0);
      CompletableFuture<Lease<Parts.Part>> b = acquireLater(core, "b");
      awaitWaiting(core, 1, 1);
      Thread.sleep(3); // it may be passed over for a millisecond
      lease.close();
      assertThat(core.tryAcquire(handlers, newcomer)).as(newcomer).isNull(); // though b is just waking up
      get(b).close();
    }
    Reference.reachabilityFence(handlers);
  }

  @Test
  void who_comes_to_be_first_for_its_key_has_the_place_of_its_time_in_the_line_for_room() throws Exception {
    KeyedCore<String, Parts.Part> core = core(1, 1);
    Lease<Parts.Part> lease = core.acquire(handlers, "x", 0);
    Thread first = new Thread(() -> assertThatThrownBy(() -> core.acquire(handlers, "a", LONG)).isInstanceOf(InterruptedException.class));
    first.start();
    awaitWaiting(core, 1, 1);
    CompletableFuture<Lease<Parts.Part>> a = acquireLater(core, "a");
    awaitWaiting(core, 2, 1);
    CompletableFuture<Lease<Parts.Part>> b = acquireLater(core, "b");
    awaitWaiting(core, 3, 2);
    first.interrupt();
    first.join();
    awaitWaiting(core, 2, 2);
    Thread.sleep(3);
    lease.close();
    Lease<Parts.Part> served = get(a);
    assertThat(b).isNotDone();
    served.close();
    get(b).close();
    assertThat(core.total.length()).isZero();
    Reference.reachabilityFence(handlers);
  }

  @Test
  void an_object_whose_own_key_has_somebody_who_waits_longer_gives_way_to_nobody() throws Exception {
    KeyedCore<String, Parts.Part> core = core(1, 1);
    PooledLease<Parts.Part> lease = (PooledLease<Parts.Part>) core.acquire(handlers, "a", 0);
    CompletableFuture<Lease<Parts.Part>> a = acquireLater(core, "a");
    awaitWaiting(core, 1, 0);
    Thread.sleep(5); // past its first sleep, after which it looks by itself
    assertThat(lease.slot().leased2busy(lease.stamp)).isTrue(); // closed, but told to nobody yet
    lease.slot().busy2idle();
    assertThat(core.tryAcquire(handlers, "b")).isNull();
    core.work(0);
    Lease<Parts.Part> served = get(a);
    assertThat(parts.opened).hasValue(1);
    served.close();
    Reference.reachabilityFence(handlers);
  }

  @Test
  void who_gives_up_for_room_while_some_becomes_free_tells_the_next() throws Exception {
    KeyedCore<String, Parts.Part> core = core(1, 1);
    for (int round = 0; round < 100; round++) {
      Lease<Parts.Part> lease = core.acquire(handlers, "a", 0);
      Thread b = new Thread(() -> {
        try (Lease<Parts.Part> mine = core.acquire(handlers, "b", LONG)) {
          mine.get().use();
        } catch (InterruptedException e) {
          // as intended
        }
      });
      b.start();
      awaitWaiting(core, 1, 1);
      CompletableFuture<Lease<Parts.Part>> c = acquireLater(core, "c");
      awaitWaiting(core, 2, 2);
      b.interrupt();
      for (int i = round % 50 * 20; i > 0; i--) {
        Thread.onSpinWait(); // from at once until after it has left
      }
      lease.close();
      c.get(10, TimeUnit.SECONDS).close(); // there is no upkeep here to tell it
      b.join();
    }
    assertThat(core.total.length()).isZero();
    assertThat(parts.faults).isEmpty();
    Reference.reachabilityFence(handlers);
  }

  /** Has the waiter for "b" tried once more, and calls the action while it waits for the lock in doing so: whatever wakes it then ends that wait. */
  private static void whileItWaitsForTheLock(KeyedCore<String, Parts.Part> core, Runnable action) throws Exception {
    awaitWaiting(core, 1, 1);
    Thread.sleep(5); // past its first sleep, after which it looks by itself
    core.deciding.lock();
    try {
      core.resize(1, 1); // tells it
      Gc.awaitWithoutGc("it waits for the lock", core.deciding::hasQueuedThreads);
      action.run();
      Thread.sleep(20); // for it to be woken in vain
    } finally {
      core.deciding.unlock();
    }
    Thread.sleep(20); // for it to go to sleep
  }

  @Test
  void what_a_waiter_is_told_while_it_waits_for_a_lock_is_not_lost() throws Exception {
    KeyedCore<String, Parts.Part> core = core(1, 1);
    Lease<Parts.Part> lease = core.acquire(handlers, "a", 0);
    CompletableFuture<Lease<Parts.Part>> b = acquireLater(core, "b");
    whileItWaitsForTheLock(core, () -> core.resize(1, 1));
    lease.close();
    get(b).close();
    Reference.reachabilityFence(handlers);
  }

  @Test
  void a_waiter_that_waits_for_a_lock_learns_that_the_pool_is_closed() throws Exception {
    KeyedCore<String, Parts.Part> core = core(1, 1);
    Lease<Parts.Part> lease = core.acquire(handlers, "a", 0);
    CompletableFuture<Lease<Parts.Part>> b = acquireLater(core, "b");
    whileItWaitsForTheLock(core, core::closeNow);
    assertThatThrownBy(() -> get(b)).hasCauseInstanceOf(IllegalStateException.class).hasMessageContaining("this pool is closed");
    lease.close();
    Reference.reachabilityFence(handlers);
  }
}
