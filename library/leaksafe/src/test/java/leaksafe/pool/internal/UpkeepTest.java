package leaksafe.pool.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.ref.Reference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import leaksafe.AcquireTimeoutException;
import leaksafe.Failure;
import leaksafe.Leak;
import leaksafe.Lease;
import leaksafe.testing.ManualTicker;
import org.junit.jupiter.api.Test;

/** The upkeep, driven by hand: the reaper does not know these pools, and the executor is the calling thread. */
class UpkeepTest {
  private static final long NEVER = Settings.NEVER;

  private final Parts parts = new Parts();
  private final ManualTicker ticker = new ManualTicker();
  private final List<Leak> leaks = new ArrayList<>();
  private final List<Failure> failures = new ArrayList<>();
  private boolean openerFails;
  private final Handlers<String, Parts.Part> handlers = new Handlers<>(key -> { // a field, since the core holds them weakly
    if (openerFails) {
      throw new IllegalStateException("no part");
    }
    return parts.open();
  }, null, null);

  private PoolCore<Parts.Part> core(int minimum, int maximum, long idle, long age, double jitter, long limit, boolean reclaim) {
    return new PoolCore<>(new Settings<>("parts", "here", parts::dispose, idle, age, jitter, limit, reclaim, 1,
        failures::add, leaks::add, Runnable::run, ticker), handlers, minimum, maximum);
  }

  private static long seconds(long count) {
    return TimeUnit.SECONDS.toNanos(count);
  }

  private void pass(PoolCore<?> core, long seconds) {
    ticker.advance(Duration.ofSeconds(seconds));
    core.upkeep(0);
  }

  private static void fill(PoolCore<Parts.Part> core, int count) throws InterruptedException {
    List<Lease<Parts.Part>> leases = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      leases.add(core.acquire(0));
    }
    leases.forEach(Lease::close);
  }

  @Test
  void idle_objects_shrink_to_the_minimum_and_no_further() throws Exception {
    PoolCore<Parts.Part> core = core(2, 8, seconds(10), NEVER, 0, NEVER, false);
    fill(core, 6);
    pass(core, 1);
    pass(core, 9);
    assertThat(core.stats().idle()).isEqualTo(6);
    pass(core, 1);
    assertThat(core.stats().idle()).isEqualTo(2);
    pass(core, 100);
    assertThat(core.stats().idle()).isEqualTo(2);
    assertThat(parts.disposed).hasValue(4);
  }

  @Test
  void what_waits_to_be_disposed_of_does_not_count_as_kept() throws Exception {
    List<Runnable> tasks = new ArrayList<>();
    PoolCore<Parts.Part> core = new PoolCore<>(new Settings<>("parts", "here", parts::dispose, seconds(10), NEVER, 0, NEVER, false, 1,
        failures::add, leaks::add, tasks::add, ticker), handlers, 1, 4);
    fill(core, 4);
    pass(core, 1);
    pass(core, 10);
    pass(core, 1);
    assertThat(tasks).hasSize(3);
    assertThat(core.stats().idle()).isEqualTo(1);
    assertThat(core.stats().leased()).isEqualTo(3); // which have their places until they are disposed of
    tasks.forEach(Runnable::run);
    assertThat(core.stats().leased()).isZero();
    assertThat(parts.disposed).hasValue(3);
  }

  @Test
  void what_is_used_does_not_count_as_idle() throws Exception {
    PoolCore<Parts.Part> core = core(0, 8, seconds(10), NEVER, 0, NEVER, false);
    fill(core, 4);
    for (int i = 0; i < 12; i++) {
      pass(core, 1);
      core.acquire(0).close();
    }
    assertThat(core.stats().idle()).isEqualTo(1);
    assertThat(parts.faults).isEmpty();
  }

  @Test
  void an_object_past_its_age_is_never_leased_and_soon_disposed_of() throws Exception {
    PoolCore<Parts.Part> core = core(0, 8, NEVER, seconds(10), 0, NEVER, false);
    Parts.Part first;
    try (Lease<Parts.Part> lease = core.acquire(0)) {
      first = lease.get();
    }
    ticker.advance(Duration.ofSeconds(10));
    try (Lease<Parts.Part> lease = core.acquire(0)) {
      assertThat(lease.get()).isNotSameAs(first);
    }
    assertThat(first.isDisposed()).isTrue();
    pass(core, 9);
    assertThat(core.stats().idle()).isEqualTo(1);
    pass(core, 1);
    assertThat(core.stats().idle()).isZero();
    assertThat(parts.disposed).hasValue(2);
  }

  @Test
  void jitter_shortens_the_age_at_random() throws Exception {
    PoolCore<Parts.Part> core = core(0, 200, NEVER, seconds(10), 0.5, NEVER, false);
    fill(core, 200);
    ticker.advance(Duration.ofMillis(4999));
    core.upkeep(0);
    assertThat(core.stats().idle()).isEqualTo(200);
    ticker.advance(Duration.ofMillis(2500));
    core.upkeep(0);
    assertThat(core.stats().idle()).isBetween(1, 199); // all alike once in 2^199 runs
    ticker.advance(Duration.ofMillis(2501));
    core.upkeep(0);
    assertThat(core.stats().idle()).isZero();
  }

  @Test
  void worn_objects_of_the_minimum_are_replaced() throws Exception {
    PoolCore<Parts.Part> core = core(3, 8, NEVER, seconds(10), 0, NEVER, false);
    core.upkeep(0);
    assertThat(core.stats().idle()).isEqualTo(3);
    pass(core, 10);
    assertThat(core.stats().idle()).isEqualTo(3);
    assertThat(parts.opened).hasValue(6);
    assertThat(parts.mostPresent).hasValue(3);
  }

  @Test
  void an_opener_that_fails_for_the_minimum_is_reported_and_tried_again() {
    PoolCore<Parts.Part> core = core(2, 8, NEVER, NEVER, 0, NEVER, false);
    openerFails = true;
    core.upkeep(0);
    assertThat(failures).hasSize(1);
    assertThat(failures.get(0).role()).isEqualTo("opener");
    assertThat(failures.get(0).cause()).hasMessage("no part");
    assertThat(core.stats().leased()).isZero();
    openerFails = false;
    core.upkeep(0);
    assertThat(core.stats().idle()).isZero();
    pass(core, 1);
    assertThat(core.stats().idle()).isEqualTo(2);
  }

  @Test
  void an_overdue_lease_is_reported_once_and_stays_in_force() throws Exception {
    PoolCore<Parts.Part> core = core(0, 1, NEVER, NEVER, 0, seconds(30), false);
    Lease<Parts.Part> lease = core.acquire(0);
    core.upkeep(0);
    pass(core, 29);
    assertThat(leaks).isEmpty();
    pass(core, 1);
    pass(core, 30);
    assertThat(leaks).hasSize(1);
    assertThat(leaks.get(0).kind()).isEqualTo("overdue lease");
    assertThat(leaks.get(0).age()).isEqualTo(Duration.ofSeconds(30));
    assertThat(leaks.get(0).site()).contains("UpkeepTest.java:");
    assertThat(leaks.get(0).toString()).contains("an overdue lease (" + Parts.Part.class.getName() + ") is still open after 30000 ms");
    assertThat(lease.isClosed()).isFalse();
    lease.get().use();
    lease.close();
    assertThat(core.stats().idle()).isEqualTo(1);
    assertThat(core.stats().overdue()).isEqualTo(1);
  }

  @Test
  void an_overdue_lease_is_taken_back_on_request() throws Exception {
    PoolCore<Parts.Part> core = core(0, 1, NEVER, NEVER, 0, seconds(30), true);
    Lease<Parts.Part> lease = core.acquire(0);
    Parts.Part part = lease.get();
    core.upkeep(0);
    pass(core, 30);
    assertThat(leaks).hasSize(1);
    assertThat(lease.isClosed()).isTrue();
    assertThatThrownBy(lease::get).isInstanceOf(IllegalStateException.class);
    assertThat(part.isDisposed()).isTrue();
    try (Lease<Parts.Part> next = core.acquire(0)) {
      lease.close(); // late: harmless
      assertThat(next.get()).isNotSameAs(part);
      assertThat(next.isClosed()).isFalse();
    }
    assertThat(parts.disposed).hasValue(1);
  }

  @Test
  void the_timeout_names_the_oldest_lease() throws Exception {
    PoolCore<Parts.Part> core = core(0, 2, NEVER, NEVER, 0, NEVER, false);
    Lease<Parts.Part> old = core.acquire(0);
    pass(core, 1);
    Lease<Parts.Part> young = core.acquire(0);
    pass(core, 41);
    assertThatThrownBy(() -> core.acquire(0)).isInstanceOf(AcquireTimeoutException.class)
        .hasMessageStartingWith("parts: no lease within 0 ms (2 leased, 0 idle, 1 waiting); oldest lease is 41 s old, from "
            + "leaksafe.pool.internal.UpkeepTest.the_timeout_names_the_oldest_lease(UpkeepTest.java:");
    old.close();
    young.close();
  }

  @Test
  void a_lease_under_watch_closes_as_any_other() throws Exception {
    PoolCore<Parts.Part> core = core(0, 1, NEVER, NEVER, 0, NEVER, false);
    Lease<Parts.Part> lease = core.acquire(0);
    core.upkeep(0);
    core.upkeep(0);
    assertThat(lease.isClosed()).isFalse();
    lease.get().use();
    lease.close();
    lease.close();
    assertThat(lease.isClosed()).isTrue();
    assertThat(core.stats().idle()).isEqualTo(1);
  }

  @Test
  void a_large_pool_is_looked_at_in_slices() throws Exception {
    PoolCore<Parts.Part> core = core(0, 10_000, seconds(1), NEVER, 0, NEVER, false);
    fill(core, 10_000);
    assertThat(core.upkeep(0)).isZero();
    while (core.upkeep(0) == 0) {
      // the next slice
    }
    ticker.advance(Duration.ofSeconds(1));
    while (core.upkeep(0) == 0) {
      // the next slice
    }
    assertThat(core.stats().idle()).isZero();
    assertThat(parts.disposed).hasValue(10_000);
  }

  @Test
  void an_object_given_back_unseen_when_the_pool_is_closed_is_disposed_of() throws Exception {
    PoolCore<Parts.Part> core = core(0, 1, NEVER, NEVER, 0, NEVER, false);
    Lease<Parts.Part> lease = core.acquire(0);
    core.closeNow();
    Parts.closeUnseen(lease);
    assertThat(parts.disposed).hasValue(0);
    pass(core, 1);
    assertThat(parts.disposed).hasValue(1);
    assertThat(core.close(0)).isTrue();
  }

  @Test
  void an_object_given_back_unseen_when_the_maximum_is_lowered_is_disposed_of() throws Exception {
    PoolCore<Parts.Part> core = core(0, 2, NEVER, NEVER, 0, NEVER, false);
    Lease<Parts.Part> first = core.acquire(0);
    Lease<Parts.Part> second = core.acquire(0);
    core.resize(0, 1);
    Parts.closeUnseen(first);
    pass(core, 1);
    assertThat(parts.disposed).hasValue(1);
    second.close();
    pass(core, 1);
    assertThat(core.stats().idle()).isEqualTo(1);
    assertThat(parts.disposed).hasValue(1);
  }

  @Test
  void a_waiter_makes_no_lease_older_than_it_is() throws Exception {
    PoolCore<Parts.Part> core = core(0, 1, NEVER, NEVER, 0, seconds(10), true);
    core.upkeep(0);
    ticker.advance(Duration.ofSeconds(9)); // without a round, in which nothing was leased yet
    Lease<Parts.Part> lease = core.acquire(0);
    assertThatThrownBy(() -> core.acquire(0)).isInstanceOf(AcquireTimeoutException.class).hasMessageContaining("oldest lease is 0 ms old, from ");
    pass(core, 9);
    assertThat(lease.isClosed()).isFalse();
    assertThat(leaks).isEmpty();
    pass(core, 1);
    assertThat(lease.isClosed()).isTrue();
    assertThat(leaks).hasSize(1);
  }

  /** Has rounds of the upkeep when it asks for them, and returns for how long an object lay idle that was given back just after one. */
  private long idleFor(PoolCore<Parts.Part> core) throws InterruptedException {
    long passed = 0;
    long wait = core.upkeep(0);
    core.acquire(0).close();
    while (core.stats().idle() > 0 && passed < seconds(1000)) {
      ticker.advance(Duration.ofNanos(wait));
      passed += wait;
      wait = core.upkeep(0);
    }
    return passed;
  }

  @Test
  void an_object_goes_at_most_two_seconds_after_its_idle_time_and_one_after_its_age() throws Exception {
    for (long millis : new long[] {1, 10, 999, 1500, 5000, 5999, 60_000}) {
      long time = TimeUnit.MILLISECONDS.toNanos(millis);
      assertThat(idleFor(core(0, 1, time, NEVER, 0, NEVER, false))).isBetween(time, time + seconds(2));
      assertThat(idleFor(core(0, 1, NEVER, time, 0, NEVER, false))).isBetween(time, time + seconds(1));
    }
  }

  @Test
  void what_was_used_since_somebody_looked_is_not_as_it_was() throws Exception {
    PoolCore<Parts.Part> core = core(0, 1, NEVER, NEVER, 0, NEVER, false);
    core.acquire(0).close();
    Slot<Parts.Part> slot = core.slots.all()[0];
    long before = slot.state();
    core.acquire(0).close();
    assertThat(slot.idle2busy(before)).isFalse();
    assertThat(slot.idle2busy(slot.state())).isTrue();
    slot.busy2idle();
  }

  @Test
  void so_many_lines_are_captured_between_two_rounds_and_no_more() throws Exception {
    PoolCore<Parts.Part> core = new PoolCore<>(new Settings<>("parts", "here", parts::dispose, NEVER, NEVER, 0, NEVER, false, 2,
        failures::add, leaks::add, Runnable::run, ticker), handlers, 0, 1);
    for (int round = 0; round < 3; round++) {
      int captured = 0;
      for (int i = 0; i < 1000; i++) { // one in two would like to be
        try (PooledLease<Parts.Part> lease = core.tryAcquire()) {
          captured += lease.slot().site(lease.stamp) == null ? 0 : 1;
        }
      }
      assertThat(captured).isEqualTo(64);
      core.upkeep(0);
    }
  }

  @Test
  void opening_for_the_minimum_ends_when_the_opener_closes_the_pool() {
    AtomicReference<PoolCore<Parts.Part>> pool = new AtomicReference<>();
    Handlers<String, Parts.Part> closing = new Handlers<>(key -> {
      if (parts.opened.get() > 9) {
        throw new IllegalStateException("opened for a closed pool, again and again");
      }
      pool.get().closeNow();
      return parts.open();
    }, null, null);
    pool.set(new PoolCore<>(new Settings<>("parts", "here", parts::dispose, NEVER, NEVER, 0, NEVER, false, 1, failures::add, leaks::add,
        Runnable::run, ticker), closing, 3, 4));
    pool.get().upkeep(0);
    assertThat(parts.opened).hasValue(1);
    assertThat(parts.disposed).hasValue(1);
    assertThat(pool.get().stats().idle()).isZero();
    Reference.reachabilityFence(closing);
  }

  @Test
  void a_maximum_that_is_raised_again_has_nobody_go_the_long_way() throws Exception {
    PoolCore<Parts.Part> core = core(0, 4, NEVER, NEVER, 0, NEVER, false);
    List<Lease<Parts.Part>> leases = List.of(core.acquire(0), core.acquire(0));
    core.resize(0, 1);
    assertThat(core.line.signs()).isEqualTo(Line.EXCESS);
    core.resize(0, 4);
    assertThat(core.line.signs()).isZero();
    leases.forEach(Lease::close);
    assertThat(core.stats().idle()).isEqualTo(2);
  }

  @Test
  void leases_of_many_runs_of_turns_stay_closed() throws Exception {
    PoolCore<Parts.Part> core = core(0, 1, NEVER, NEVER, 0, NEVER, false);
    List<Lease<Parts.Part>> old = new ArrayList<>();
    for (int turn = 1; turn <= 3 * Turns.LENGTH; turn++) {
      Lease<Parts.Part> lease = core.acquire(0);
      old.forEach(Lease::close);
      assertThat(lease.isClosed()).isFalse();
      assertThat(core.tryAcquire()).isNull();
      lease.get().use();
      lease.close();
      old.add(lease);
      assertThat(old).allMatch(Lease::isClosed);
    }
    assertThat(core.stats().acquired()).isEqualTo(3L * Turns.LENGTH);
    assertThat(parts.opened).hasValue(1);
    assertThat(parts.faults).isEmpty();
  }
}
