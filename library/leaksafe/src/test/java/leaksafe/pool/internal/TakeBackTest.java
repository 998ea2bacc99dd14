package leaksafe.pool.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import leaksafe.Leak;
import leaksafe.Lease;
import leaksafe.internal.LeakWatch;
import leaksafe.testing.ManualTicker;
import org.junit.jupiter.api.Test;

/** What becomes of the objects of leases that are taken back. White-box: rounds are done by hand, and so is what is left to the executor. */
class TakeBackTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final Parts parts = new Parts();
  private final ManualTicker ticker = new ManualTicker();
  private final List<Leak> leaks = new ArrayList<>();
  private final List<Runnable> tasks = new ArrayList<>();
  private final Handlers<String, Parts.Part> handlers = new Handlers<>(key -> parts.open(), null, null); // a field, since cores hold it weakly
  private final Settings<Parts.Part> settings = new Settings<>("parts", "here", parts::dispose, Settings.NEVER, Settings.NEVER, 0,
      TimeUnit.MINUTES.toNanos(1), true, 0, failure -> {}, leaks::add, tasks::add, ticker);

  private void runTasks() {
    tasks.forEach(Runnable::run);
    tasks.clear();
  }

  private void assertTakenBack(Lease<Parts.Part> lease) {
    assertThat(lease.isClosed()).isTrue();
    assertThat(parts.disposed).hasValue(0);
    assertThat(tasks).hasSize(1);
  }

  private void assertDone() {
    assertThat(parts.faults).isEmpty();
    assertThat(parts.disposed).hasValue(1);
    assertThat(leaks).hasSize(1);
  }

  @Test
  void who_closes_a_pool_waits_until_they_are_disposed_of() throws Exception {
    PoolCore<Parts.Part> core = new PoolCore<>(settings, handlers, 0, 1);
    Lease<Parts.Part> lease = core.acquire(0);
    core.upkeep(0);
    ticker.advance(MINUTE);
    core.upkeep(0);
    assertTakenBack(lease);
    assertThat(core.stats().leased()).isZero();
    assertThat(core.close(0)).isFalse();
    runTasks();
    assertThat(core.close(0)).isTrue();
    assertDone();
  }

  @Test
  void who_closes_a_pool_with_keys_waits_until_they_are_disposed_of() throws Exception {
    KeyedCore<String, Parts.Part> core = new KeyedCore<>(settings, 1, 1);
    Lease<Parts.Part> lease = core.acquire(handlers, "a", 0);
    core.work(0);
    ticker.advance(MINUTE);
    core.work(0);
    assertTakenBack(lease);
    assertThat(core.keys()).isZero();
    assertThat(core.close(0)).isFalse();
    runTasks();
    assertThat(core.close(0)).isTrue();
    assertDone();
  }

  @Test
  void they_are_disposed_of_although_a_watch_over_all_leaks_fails() throws Exception {
    PoolCore<Parts.Part> core = new PoolCore<>(settings, handlers, 0, 1);
    Lease<Parts.Part> lease = core.acquire(0);
    core.upkeep(0);
    ticker.advance(MINUTE);
    try (LeakWatch watch = LeakWatch.open(leak -> {
      throw new OutOfMemoryError("on purpose");
    })) {
      assertThat(watch).isNotNull();
      assertThatThrownBy(() -> core.upkeep(0)).isInstanceOf(OutOfMemoryError.class).hasMessage("on purpose");
    }
    assertTakenBack(lease);
    runTasks();
    assertDone();
  }

  @Test
  void a_task_that_nobody_takes_is_handed_over_in_each_round_until_it_is_taken_and_is_run_once() {
    List<Runnable> taken = new ArrayList<>();
    int[] refusals = {3};
    Errands errands = new Errands(task -> {
      taken.add(task); // even if it throws
      if (refusals[0]-- > 0) {
        throw new OutOfMemoryError("unable to create native thread");
      }
    });
    List<String> done = new ArrayList<>();
    errands.hand(() -> done.add("first"));
    errands.hand(() -> done.add("second"));
    errands.handAgain();
    assertThat(taken).hasSize(3);
    errands.handAgain();
    errands.handAgain();
    assertThat(taken).hasSize(5);
    taken.forEach(Runnable::run);
    assertThat(done).containsExactly("first", "second");
  }

  private Slot<Parts.Part> slotOf(PoolCore<Parts.Part> core) {
    return core.slots.all()[0];
  }

  @Test
  void a_claim_that_was_cut_short_before_the_lease_was_noted_is_taken_back_after_a_minute() throws Exception {
    PoolCore<Parts.Part> core = new PoolCore<>(settings, handlers, 0, 1);
    PooledLease<Parts.Part> lease = (PooledLease<Parts.Part>) core.acquire(0);
    lease.turns.forget(lease);
    core.upkeep(0);
    ticker.advance(MINUTE.minusNanos(1));
    core.upkeep(0);
    assertThat(lease.isClosed()).isFalse();
    ticker.advance(Duration.ofNanos(1));
    core.upkeep(0);
    assertTakenBack(lease);
    assertThat(core.stats().leaked()).isOne();
    core.acquire(0).close();
    assertThat(slotOf(core).object()).isNotNull();
    runTasks();
    assertDone();
  }

  @Test
  void an_object_that_its_owner_could_not_get_rid_of_is_disposed_of_once_by_the_executor() throws Exception {
    PoolCore<Parts.Part> core = new PoolCore<>(settings, handlers, 0, 1);
    core.acquire(0).close();
    assertThat(slotOf(core).idle2busy()).isTrue();
    core.upkeep(0);
    ticker.advance(MINUTE);
    core.upkeep(0); // as long as somebody has it, nobody else does
    assertThat(tasks).isEmpty();
    slotOf(core).adrift = true;
    core.upkeep(0);
    ticker.advance(MINUTE);
    core.upkeep(0);
    assertThat(tasks).hasSize(1);
    core.retire(slotOf(core)); // its owner, after a long sleep
    assertThat(parts.disposed).hasValue(0);
    runTasks();
    assertThat(parts.disposed).hasValue(1);
    assertThat(parts.faults).isEmpty();
    assertThat(core.stats().leased()).isZero();
  }
}
