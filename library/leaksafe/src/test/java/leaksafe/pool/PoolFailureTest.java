package leaksafe.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import leaksafe.Failure;
import leaksafe.Leak;
import leaksafe.Lease;
import leaksafe.pool.internal.Parts.Part;
import leaksafe.testing.FailingLog;
import leaksafe.testing.Gc;
import leaksafe.testing.Throwing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every callback fails, with exceptions and with errors, and nothing is lost. */
@Timeout(60)
@SuppressWarnings("try")
class PoolFailureTest extends FailingCallbacks {
  private static void assertWorks(Pool<Part> pool) throws InterruptedException {
    try (Lease<Part> one = pool.acquire(Duration.ZERO); Lease<Part> two = pool.acquire(Duration.ZERO)) {
      one.get().use();
      two.get().use();
    }
    assertThat(pool.stats().leased()).isZero();
    assertThat(pool.stats().idle()).isEqualTo(2);
  }

  @ParameterizedTest
  @MethodSource("leaksafe.testing.Throwing#kinds")
  void a_failing_opener_costs_no_capacity_and_the_caller_gets_the_cause(Throwable cause) throws Exception {
    try (Pool<Part> pool = Pool.<Part>builder(() -> {
      failIfAsked(cause);
      return parts.open();
    }).size(0, 2).build()) {
      for (int i = 0; i < 5; i++) {
        if (cause instanceof Error) {
          assertThatThrownBy(() -> pool.acquire(LONG)).isSameAs(cause);
          assertThatThrownBy(pool::tryAcquire).isSameAs(cause);
        } else {
          assertThatThrownBy(() -> pool.acquire(LONG)).isInstanceOf(OpenFailedException.class).hasCause(cause).hasMessageContaining("on purpose");
          assertThatThrownBy(pool::tryAcquire).isInstanceOf(OpenFailedException.class).hasCause(cause);
        }
      }
      assertThat(pool.stats().leased() + pool.stats().idle()).isZero();
      assertThat(pool.stats().openFailures()).isEqualTo(10);
      failing = false;
      assertWorks(pool);
    }
  }

  @Test
  void an_opener_that_returns_null_or_is_interrupted_costs_no_capacity() throws Exception {
    try (Pool<Part> pool = Pool.<Part>builder(() -> null).size(0, 1).build()) {
      assertThatThrownBy(() -> pool.acquire(LONG)).isInstanceOf(OpenFailedException.class).hasMessageContaining("the opener returned null");
      assertThat(pool.stats().leased()).isZero();
    }
    try (Pool<Part> pool = Pool.<Part>builder(() -> {
      throw new InterruptedException("in the opener");
    }).size(0, 1).build()) {
      assertThatThrownBy(() -> pool.acquire(LONG)).isInstanceOf(InterruptedException.class).hasMessage("in the opener");
      assertThat(pool.stats().leased()).isZero();
    }
  }

  @Test
  void an_exception_of_the_opener_without_a_text_is_told_all_the_same() throws Exception {
    IllegalStateException mute = new IllegalStateException() {
      private static final long serialVersionUID = 1;

      @Override
      public String toString() {
        throw new UnsupportedOperationException();
      }
    };
    try (Pool<Part> pool = Pool.<Part>builder(() -> {
      throw mute;
    }).size(0, 1).build()) {
      OpenFailedException told = catchThrowableOfType(OpenFailedException.class, () -> pool.acquire(LONG));
      assertThat(told.getCause()).isSameAs(mute);
      assertThat(told.getMessage()).contains("the opener failed: " + mute.getClass().getName());
    }
  }

  @Test
  void a_waiter_gets_the_capacity_of_a_failed_opening() throws Exception {
    CompletableFuture<Void> fail = new CompletableFuture<>();
    try (Pool<Part> pool = Pool.<Part>builder(() -> {
      if (failing) {
        failing = false;
        fail.join();
        throw new IOException("on purpose");
      }
      return parts.open();
    }).size(0, 1).build()) {
      CompletableFuture<Lease<Part>> first = acquireLater(pool);
      Gc.awaitWithoutGc("opening", () -> pool.stats().leased() == 1);
      CompletableFuture<Lease<Part>> second = acquireLater(pool);
      PoolTest.awaitWaiting(pool, 1);
      fail.complete(null);
      assertThatThrownBy(() -> first.get(30, TimeUnit.SECONDS)).hasCauseInstanceOf(OpenFailedException.class);
      second.get(30, TimeUnit.SECONDS).close();
      assertThat(pool.stats().idle()).isEqualTo(1);
    }
  }

  private static CompletableFuture<Lease<Part>> acquireLater(Pool<Part> pool) {
    return CompletableFuture.supplyAsync(() -> {
      try {
        return pool.acquire(LONG);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }, task -> new Thread(task).start());
  }

  @ParameterizedTest
  @MethodSource("leaksafe.testing.Throwing#kinds")
  void an_object_whose_validator_fails_is_replaced_and_the_failure_reported(Throwable cause) throws Exception {
    try (Pool<Part> pool = parts.builder().size(0, 2).failureListener(failures::add).validator(part -> {
      failIfAsked(cause);
      return true;
    }).build()) {
      pool.acquire(LONG).close();
      pool.acquire(LONG).close();
      assertReported("validator", cause, 1);
      assertThat(parts.opened).hasValue(2);
      assertThat(parts.disposed).hasValue(1);
      failing = false;
      assertWorks(pool);
    }
    assertBalanced();
  }

  @Test
  void an_object_that_the_validator_refuses_is_replaced() throws Exception {
    try (Pool<Part> pool = parts.builder().size(0, 1).validator(part -> part.number != 1).failureListener(failures::add).build()) {
      pool.acquire(LONG).close();
      try (Lease<Part> lease = pool.acquire(LONG)) {
        assertThat(lease.get().number).isEqualTo(2);
      }
    }
    assertThat(failures).isEmpty();
    assertBalanced();
  }

  @ParameterizedTest
  @MethodSource("leaksafe.testing.Throwing#kinds")
  void an_object_whose_reset_fails_is_disposed_of_and_the_failure_reported(Throwable cause) throws Exception {
    try (Pool<Part> pool = parts.builder().size(0, 2).failureListener(failures::add).reset(part -> failIfAsked(cause)).build()) {
      Lease<Part> lease = pool.acquire(LONG);
      lease.close();
      lease.close();
      assertReported("reset", cause, 1);
      assertThat(parts.disposed).hasValue(1);
      assertThat(pool.stats().leased() + pool.stats().idle()).isZero();
      failing = false;
      assertWorks(pool);
    }
    assertBalanced();
  }

  @ParameterizedTest
  @MethodSource("leaksafe.testing.Throwing#kinds")
  void a_failing_disposer_is_reported_and_costs_no_capacity(Throwable cause) throws Exception {
    Pool<Part> pool = Pool.<Part>builder(parts::open).size(0, 2).failureListener(failures::add).validator(part -> !failing)
        .disposer(part -> {
          parts.dispose(part);
          failIfAsked(cause);
        }).build();
    pool.acquire(LONG).close();
    pool.acquire(LONG).close();
    assertReported("disposer", cause, 1);
    failing = false;
    assertWorks(pool);
    failing = true;
    assertThat(pool.close(LONG)).isTrue();
    assertReported("disposer", cause, 3);
    assertBalanced();
  }

  @ParameterizedTest
  @MethodSource("leaksafe.testing.Throwing#kinds")
  void failing_listeners_change_nothing(Throwable cause) throws Exception {
    try (Pool<Part> pool = parts.builder().size(0, 2).sampleSites(1).validator(part -> {
      failIfAsked(cause);
      return true;
    }).failureListener(failure -> {
      throw Throwing.raise(cause);
    }).leakListener(leak -> {
      throw Throwing.raise(cause);
    }).build()) {
      pool.acquire(LONG).close();
      pool.acquire(LONG).get();
      Gc.await("disposed of though both listeners fail", () -> parts.disposed.get() == 2);
      failing = false;
      assertWorks(pool);
    }
    assertBalanced();
  }

  @Test
  void an_interruption_inside_a_callback_costs_nothing_and_stays_for_the_caller() throws Exception {
    InterruptedException cause = new InterruptedException("on purpose");
    try (Pool<Part> pool = parts.builder().size(0, 2).failureListener(failures::add).validator(part -> {
      failIfAsked(cause);
      return true;
    }).reset(part -> {
      if (part.number == 2) {
        failIfAsked(cause);
      }
    }).build()) {
      pool.acquire(LONG).close();
      Lease<Part> lease = pool.acquire(LONG); // interrupted in the validator, and served with another object
      assertThat(Thread.interrupted()).isTrue();
      assertThat(lease.get().number).isEqualTo(2);
      lease.close();
      assertThat(Thread.interrupted()).isTrue();
      assertThat(failures).extracting(Failure::role).containsExactly("validator", "reset");
      assertThat(pool.stats().leased() + pool.stats().idle()).isZero();
      failing = false;
      assertWorks(pool);
    }
    assertBalanced();
  }

  @Test
  void an_interruption_inside_the_disposer_costs_nothing_and_stays_for_the_caller() throws Exception {
    Pool<Part> pool = parts.builder().size(0, 2).failureListener(failures::add).disposer(part -> {
      parts.dispose(part);
      throw new InterruptedException("on purpose");
    }).build();
    pool.acquire(LONG).close();
    pool.close();
    assertThat(Thread.interrupted()).isTrue();
    assertReported("disposer", failures.get(0).cause(), 1);
    assertThat(pool.close(Duration.ZERO)).isTrue();
    assertBalanced();
  }

  @Test
  void an_executor_that_refuses_loses_nothing() throws Exception {
    try (Pool<Part> pool = parts.builder().size(2, 2).failureListener(failures::add).executor(task -> {
      throw new RejectedExecutionException("full");
    }).build()) {
      Gc.awaitWithoutGc("filled all the same", () -> pool.stats().idle() == 2);
      assertThat(failures).isNotEmpty().allMatch(failure -> failure.role().equals("executor"));
      assertWorks(pool);
    }
    assertBalanced();
  }

  @Test
  void an_executor_that_refuses_loses_nothing_of_what_goes_or_is_taken_back() throws Exception {
    List<Leak> leaks = new CopyOnWriteArrayList<>();
    try (Pool<Part> pool = parts.builder().size(0, 2).expireAfterIdle(Duration.ofMillis(1)).leakListener(leaks::add).failureListener(failures::add)
        .executor(task -> {
          throw new RejectedExecutionException("full");
        }).build()) {
      pool.acquire(LONG).close();
      Gc.awaitWithoutGc("disposed of all the same", () -> parts.disposed.get() == 1);
      pool.acquire(LONG).get();
      Gc.await("taken back all the same", () -> parts.disposed.get() == 2 && leaks.size() == 1);
      assertThat(failures).hasSize(2).allMatch(failure -> failure.role().equals("executor"));
      assertHasRoomForTwo(pool);
    }
    assertBalanced();
  }

  private static void assertHasRoomForTwo(Pool<Part> pool) throws InterruptedException {
    try (Lease<Part> one = pool.acquire(LONG); Lease<Part> two = pool.acquire(LONG)) {
      one.get().use();
      two.get().use();
      assertThat(pool.tryAcquire()).isNull();
    }
  }

  @ParameterizedTest
  @MethodSource("leaksafe.testing.Throwing#kinds")
  void an_executor_that_throws_although_it_runs_the_task_has_it_done_once(Throwable cause) throws Exception {
    try (Pool<Part> pool = parts.builder().size(0, 2).expireAfterIdle(Duration.ofMillis(1)).failureListener(failures::add).executor(task -> {
      task.run();
      throw Throwing.raise(cause);
    }).build()) {
      for (int i = 1; i <= 3; i++) {
        assertHasRoomForTwo(pool);
        int count = 2 * i;
        Gc.awaitWithoutGc("disposed of, and told", () -> parts.disposed.get() == count && failures.size() == count);
        assertReported("executor", cause, count);
        assertThat(pool.stats().leased() + pool.stats().idle()).isZero();
      }
    }
    assertBalanced();
  }

  @Test
  void an_interruption_in_what_the_executor_runs_on_the_thread_that_hands_it_over_stops_nothing() throws Exception {
    try (Pool<Part> pool = parts.builder().size(0, 2).expireAfterIdle(Duration.ofMillis(1)).failureListener(failures::add).executor(Runnable::run)
        .disposer(part -> {
          parts.dispose(part);
          throw new InterruptedException("on purpose");
        }).build()) {
      for (int i = 1; i <= 3; i++) {
        pool.acquire(LONG).close();
        int count = i;
        Gc.awaitWithoutGc("disposed of", () -> parts.disposed.get() == count);
      }
    }
    assertBalanced();
  }

  @ParameterizedTest
  @MethodSource("leaksafe.testing.Throwing#kinds")
  void what_fails_and_can_be_told_to_nobody_costs_no_capacity_either(Throwable cause) throws Exception {
    try (FailingLog log = new FailingLog(cause, true); Pool<Part> pool = Pool.<Part>builder(parts::open).size(0, 2).validator(part -> {
      failIfAsked(cause);
      return true;
    }).reset(part -> {
      if (part.number == 2) {
        failIfAsked(cause);
      }
    }).disposer(part -> {
      parts.dispose(part);
      failIfAsked(cause);
    }).build()) {
      pool.acquire(LONG).close();
      ignoring(cause, () -> pool.acquire(LONG).close()); // not good, disposed of, another opened, which cannot be reset
      ignoring(cause, () -> pool.acquire(LONG).close());
      assertThat(pool.stats().leased()).isZero();
      failing = false;
      assertHasRoomForTwo(pool);
      assertThat(log.failed.get()).isPositive();
    }
    assertBalanced();
  }

  private static void ignoring(Throwable cause, Work work) {
    assertThatCode(work::run).satisfiesAnyOf(thrown -> assertThat(thrown).isNull(), thrown -> assertThat(thrown).isSameAs(cause));
  }

  /** Something that may fail. */
  @FunctionalInterface
  private interface Work {
    void run() throws InterruptedException;
  }

  /** Returns a pool with three idle objects, whose disposer does that with it. */
  private Pool<Part> poolOfThree(Consumer<Pool<Part>> use) throws InterruptedException {
    Pool<Part>[] self = newArray();
    self[0] = parts.builder().size(0, 3).failureListener(failures::add).disposer(part -> {
      parts.dispose(part);
      use.accept(self[0]);
    }).build();
    try (Lease<Part> one = self[0].acquire(LONG); Lease<Part> two = self[0].acquire(LONG); Lease<Part> three = self[0].acquire(LONG)) {
      assertThat(List.of(one.get(), two.get(), three.get())).doesNotHaveDuplicates();
    }
    return self[0];
  }

  @Test
  void a_disposer_may_close_the_closing_pool_and_is_refused_whatever_else_it_wants_of_it() throws Exception {
    Thread closer = Thread.currentThread();
    Pool<Part> pool = poolOfThree(self -> {
      assertThat(Thread.currentThread()).isSameAs(closer);
      self.close();
      assertThat(self.isClosed()).isTrue();
      assertThatThrownBy(() -> self.acquire(LONG)).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(self::tryAcquire).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> self.resize(0, 9)).isInstanceOf(IllegalStateException.class);
    });
    assertThat(pool.close(Duration.ZERO)).isTrue();
    assertThat(failures).isEmpty();
    assertThat(parts.opened).hasValue(3);
    assertThat(parts.disposed).hasValue(3);
  }

  @Test
  void a_disposer_may_lease_from_resize_and_close_the_pool_that_is_being_resized() throws Exception {
    try (Pool<Part> pool = poolOfThree(self -> {
      try (Lease<Part> lease = self.tryAcquire()) {
        assertThat(lease == null || !lease.get().isDisposed()).isTrue();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      self.resize(0, 2);
    })) {
      pool.resize(0, 1);
      assertThat(pool.stats().maximum()).isEqualTo(2); // the latest that was set
      assertThat(pool.stats().leased()).isZero();
      assertThat(pool.stats().idle()).isLessThanOrEqualTo(2).isEqualTo(parts.present.get()); // perhaps less: what is being disposed of counts
    }
    Pool<Part> closed = poolOfThree(Pool::close);
    closed.resize(0, 2);
    assertThat(closed.close(Duration.ZERO)).isTrue();
    assertThat(parts.disposed.get()).isEqualTo(parts.opened.get());
    assertThat(parts.faults).isEmpty();
  }

  @Test
  void a_pool_that_its_validator_closes_opens_nothing_in_the_place_of_what_is_refused() throws Exception {
    Pool<Part>[] self = newArray();
    self[0] = parts.builder().size(0, 2).validator(part -> {
      self[0].close();
      return false;
    }).build();
    self[0].acquire(LONG).close();
    assertThatThrownBy(() -> self[0].acquire(LONG)).isInstanceOf(IllegalStateException.class).hasMessageContaining("this pool is closed");
    assertThat(parts.opened).hasValue(1);
    assertThat(self[0].close(Duration.ZERO)).isTrue();
    assertBalanced();
  }

  @Test
  void callbacks_may_use_the_pool_themselves() throws Exception {
    Pool<Part>[] self = newArray();
    try (Pool<Part> pool = parts.builder().size(0, 3).reset(part -> self[0].stats()).validator(part -> {
      Lease<Part> nested = self[0].tryAcquire();
      return nested == null || nested.get() != part;
    }).build()) {
      self[0] = pool;
      try (Lease<Part> one = pool.acquire(LONG)) {
        one.get().use();
      }
      try (Lease<Part> one = pool.acquire(LONG)) {
        one.get().use();
      }
    }
    assertThat(parts.faults).isEmpty();
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static Pool<Part>[] newArray() {
    return new Pool[1];
  }
}
