package leaksafe.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import leaksafe.AcquireTimeoutException;
import leaksafe.Lease;
import leaksafe.pool.internal.Parts.Part;
import leaksafe.testing.FailingLog;
import leaksafe.testing.Gc;
import leaksafe.testing.Throwing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every callback of a pool with keys fails, with exceptions and with errors, and neither room nor keys are lost. */
@Timeout(60)
class KeyedPoolFailureTest extends FailingCallbacks {
  private KeyedPoolBuilder<String, Part> builder(KeyedPool.Opener<String, Part> opener) {
    return KeyedPool.builder(opener).name("parts").disposer(parts::dispose).maximumPerKey(1).maximumTotal(2).failureListener(failures::add);
  }

  /** The room is there in full, for keys that were never asked for. */
  private void assertWorks(KeyedPool<String, Part> pool) throws InterruptedException {
    failing = false;
    try (Lease<Part> one = pool.acquire("fresh one", Duration.ZERO); Lease<Part> two = pool.acquire("fresh two", Duration.ZERO)) {
      one.get().use();
      two.get().use();
      assertThat(pool.tryAcquire("fresh three")).isNull();
    }
    assertThat(pool.stats().leased()).isZero();
    assertThat(pool.stats().idle()).isEqualTo(2);
    assertThat(pool.keys()).isEqualTo(2);
  }

  @ParameterizedTest
  @MethodSource("leaksafe.testing.Throwing#kinds")
  void a_failing_opener_costs_no_room_and_leaves_no_key(Throwable cause) throws Exception {
    try (KeyedPool<String, Part> pool = builder(key -> {
      failIfAsked(cause);
      return parts.open();
    }).build()) {
      for (int i = 0; i < 5; i++) {
        String key = "key " + i;
        if (cause instanceof Error) {
          assertThatThrownBy(() -> pool.acquire(key, LONG)).isSameAs(cause);
          assertThatThrownBy(() -> pool.tryAcquire(key)).isSameAs(cause);
        } else {
          assertThatThrownBy(() -> pool.acquire(key, LONG)).isInstanceOf(OpenFailedException.class).hasCause(cause);
          assertThatThrownBy(() -> pool.tryAcquire(key)).isInstanceOf(OpenFailedException.class).hasCause(cause);
        }
      }
      assertThat(pool.keys()).isZero();
      assertThat(pool.stats().openFailures()).isEqualTo(10);
      assertWorks(pool);
    }
    assertBalanced();
  }

  @Test
  void an_opener_that_fails_in_the_room_of_an_evicted_object_gives_that_room_back() throws Exception {
    try (KeyedPool<String, Part> pool = builder(key -> {
      if (key.startsWith("bad")) {
        throw new IOException("on purpose");
      }
      return parts.open();
    }).build()) {
      pool.acquire("a", LONG).close();
      pool.acquire("b", LONG).close();
      assertThatThrownBy(() -> pool.acquire("bad", Duration.ZERO)).isInstanceOf(OpenFailedException.class);
      assertThat(pool.stats().idle()).isEqualTo(1); // one was evicted for nothing
      assertThat(pool.keys()).isEqualTo(1);
      assertWorks(pool);
    }
    assertBalanced();
  }

  @Test
  void an_opener_that_returns_null_or_is_interrupted_costs_no_room() throws Exception {
    try (KeyedPool<String, Part> pool = builder(key -> {
      if (key.equals("null")) {
        return null;
      }
      if (key.equals("interrupted")) {
        throw new InterruptedException("in the opener");
      }
      return parts.open();
    }).build()) {
      assertThatThrownBy(() -> pool.acquire("null", LONG)).isInstanceOf(OpenFailedException.class)
          .hasMessageContaining("the opener returned null");
      assertThatThrownBy(() -> pool.acquire("interrupted", LONG)).isInstanceOf(InterruptedException.class).hasMessage("in the opener");
      assertThat(pool.keys()).isZero();
      assertWorks(pool);
    }
    assertBalanced();
  }

  @ParameterizedTest
  @MethodSource("leaksafe.testing.Throwing#kinds")
  void an_object_whose_validator_fails_is_replaced_in_its_own_room(Throwable cause) throws Exception {
    try (KeyedPool<String, Part> pool = builder(key -> parts.open()).validator(part -> {
      failIfAsked(cause);
      return true;
    }).build()) {
      pool.acquire("a", LONG).close();
      pool.acquire("a", LONG).close();
      assertReported("validator", cause, 1);
      assertThat(pool.stats("a").idle()).isEqualTo(1);
      assertThat(parts.disposed).hasValue(1);
      assertWorks(pool);
    }
    assertBalanced();
  }

  @ParameterizedTest
  @MethodSource("leaksafe.testing.Throwing#kinds")
  void an_object_whose_reset_fails_leaves_its_room_and_its_key(Throwable cause) throws Exception {
    try (KeyedPool<String, Part> pool = builder(key -> parts.open()).reset(part -> failIfAsked(cause)).build()) {
      Lease<Part> lease = pool.acquire("a", LONG);
      lease.close();
      lease.close();
      assertReported("reset", cause, 1);
      assertThat(parts.disposed).hasValue(1);
      assertThat(pool.keys()).isZero();
      assertWorks(pool);
    }
    assertBalanced();
  }

  @ParameterizedTest
  @MethodSource("leaksafe.testing.Throwing#kinds")
  void a_failing_disposer_is_reported_wherever_it_is_called_and_costs_no_room(Throwable cause) throws Exception {
    KeyedPool<String, Part> pool = builder(key -> parts.open()).disposer(part -> {
      parts.dispose(part);
      failIfAsked(cause);
    }).build();
    pool.acquire("a", LONG).close();
    pool.clear("a");
    assertReported("disposer", cause, 1);
    assertThat(pool.keys()).isZero();
    pool.acquire("a", LONG).close();
    pool.acquire("b", LONG).close();
    pool.resize(1, 1);
    assertReported("disposer", cause, 2);
    pool.acquire("c", Duration.ZERO).close(); // in the room of an evicted one
    assertReported("disposer", cause, 3);
    pool.resize(1, 2);
    assertWorks(pool);
    failures.clear();
    failing = true;
    assertThat(pool.close(LONG)).isTrue();
    assertReported("disposer", cause, 2);
    assertBalanced();
  }

  /** A key that is equal to no other, with a text as given. */
  private record Texted(Callable<String> text) {
    @Override
    public String toString() {
      try {
        return text.call();
      } catch (Exception e) {
        throw Throwing.raise(e);
      }
    }
  }

  private KeyedPool<Texted, Part> poolOfOne() {
    return KeyedPool.<Texted, Part>builder(key -> parts.open()).disposer(parts::dispose).maximumTotal(1).build();
  }

  @ParameterizedTest
  @MethodSource("leaksafe.testing.Throwing#kinds")
  void a_key_without_a_text_is_told_of_in_other_words(Throwable cause) throws Exception {
    Texted failing = new Texted(() -> {
      throw Throwing.raise(cause);
    });
    Texted none = new Texted(() -> null);
    Texted endless = new Texted(() -> "x".repeat(1_000_000));
    try (KeyedPool<Texted, Part> pool = poolOfOne(); Lease<Part> lease = pool.acquire(none, LONG)) {
      assertThatThrownBy(() -> pool.acquire(failing, Duration.ZERO)).isInstanceOf(AcquireTimeoutException.class)
          .hasMessageContaining(" for key a " + Texted.class.getName() + " whose toString fails with " + cause.getClass().getName());
      assertThatThrownBy(() -> pool.acquire(none, Duration.ZERO)).isInstanceOf(AcquireTimeoutException.class).hasMessageContaining(" for key null ");
      assertThatThrownBy(() -> pool.acquire(endless, Duration.ZERO)).isInstanceOf(AcquireTimeoutException.class)
          .hasMessageContaining(" for key " + "x".repeat(97) + "... with ");
      Texted pair = new Texted(() -> "x".repeat(96) + "\uD83D\uDE00" + "x".repeat(10));
      assertThatThrownBy(() -> pool.acquire(pair, Duration.ZERO)).isInstanceOf(AcquireTimeoutException.class)
          .hasMessageContaining(" for key " + "x".repeat(96) + "... with ");
      lease.get().use();
    }
    assertBalanced();
  }

  @Test
  void a_key_whose_text_hangs_holds_up_nobody() throws Exception {
    CountDownLatch hanging = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    Texted key = new Texted(() -> {
      hanging.countDown();
      go.await();
      return "at last";
    });
    try (KeyedPool<Texted, Part> pool = poolOfOne()) {
      Lease<Part> lease = pool.acquire(key, LONG);
      CompletableFuture<Lease<Part>> first = acquireLater(pool, key, Duration.ZERO);
      hanging.await();
      CompletableFuture<Lease<Part>> second = acquireLater(pool, key, LONG);
      lease.close();
      second.get(30, TimeUnit.SECONDS).close();
      go.countDown();
      assertThatThrownBy(() -> first.get(30, TimeUnit.SECONDS)).cause().isInstanceOf(AcquireTimeoutException.class)
          .hasMessageContaining(" for key at last ");
    } finally {
      go.countDown();
    }
    assertBalanced();
  }

  private static <K> CompletableFuture<Lease<Part>> acquireLater(KeyedPool<K, Part> pool, K key, Duration timeout) {
    return CompletableFuture.supplyAsync(() -> {
      try {
        return pool.acquire(key, timeout);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }, task -> new Thread(task).start());
  }

  @Test
  void an_interrupted_closing_waits_no_longer_but_the_pool_is_closed() throws Exception {
    KeyedPool<String, Part> pool = builder(key -> parts.open()).build();
    Lease<Part> lease = pool.acquire("a", LONG);
    pool.acquire("b", LONG).close();
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Thread closer = new Thread(() -> {
      try {
        pool.close(LONG);
      } catch (Throwable e) {
        thrown.set(e);
      }
    });
    closer.start();
    Gc.awaitWithoutGc("it waits", () -> closer.getState() == Thread.State.TIMED_WAITING);
    closer.interrupt();
    closer.join();
    assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
    assertThat(pool.isClosed()).isTrue();
    assertThat(parts.disposed).hasValue(1);
    lease.close();
    assertThat(pool.close(Duration.ZERO)).isTrue();
    assertBalanced();
  }

  @ParameterizedTest
  @MethodSource("leaksafe.testing.Throwing#kinds")
  void failing_listeners_change_nothing(Throwable cause) throws Exception {
    try (KeyedPool<String, Part> pool = KeyedPool.<String, Part>builder(key -> parts.open()).disposer(parts::dispose).maximumPerKey(1).maximumTotal(2)
        .sampleSites(1).validator(part -> {
          failIfAsked(cause);
          return true;
        }).failureListener(failure -> {
          throw Throwing.raise(cause);
        })
        .leakListener(leak -> {
          throw Throwing.raise(cause);
        }).build()) {
      pool.acquire("a", LONG).close();
      acquireAndDrop(pool);
      Gc.await("both disposed of though both listeners fail", () -> parts.disposed.get() == 2);
      assertWorks(pool);
    }
    assertBalanced();
  }

  private static void acquireAndDrop(KeyedPool<String, Part> pool) throws InterruptedException {
    pool.acquire("a", LONG).get().use(); // its validator fails first
  }

  @ParameterizedTest
  @MethodSource("leaksafe.testing.Throwing#kinds")
  void a_disposer_whose_failure_can_be_told_to_nobody_costs_no_room_where_an_object_gives_way(Throwable cause) throws Exception {
    try (FailingLog log = new FailingLog(cause, true); KeyedPool<String, Part> pool = KeyedPool.<String, Part>builder(key -> parts.open())
        .disposer(part -> {
          parts.dispose(part);
          failIfAsked(cause);
        }).maximumPerKey(1).maximumTotal(2).build()) {
      pool.acquire("a", LONG).close();
      pool.acquire("b", LONG).close();
      assertThatThrownBy(() -> pool.acquire("c", Duration.ZERO)).isSameAs(cause);
      assertThat(pool.stats().leased()).isZero();
      pool.acquire("c", Duration.ZERO).close(); // in the room of what gave way for nothing
      assertThatThrownBy(() -> pool.tryAcquire("d")).isSameAs(cause);
      assertThat(log.failed.get()).isPositive();
      assertThat(pool.stats().leased()).isZero();
      assertThat(pool.stats().idle()).isEqualTo(1);
      assertThat(pool.keys()).isEqualTo(1);
      assertWorks(pool);
    }
    assertBalanced();
  }

  /** A key whose hash code is asked for with consequences. */
  private record Meddling(Runnable whenAsked) {
    @Override
    public int hashCode() {
      whenAsked.run();
      return 1;
    }
  }

  @Test
  void a_pool_that_is_closed_while_a_key_comes_to_it_opens_nothing_for_the_key() throws Exception {
    KeyedPool<Meddling, Part> pool =
        KeyedPool.<Meddling, Part>builder(key -> parts.open()).name("parts").disposer(parts::dispose).maximumTotal(2).build();
    AtomicInteger asked = new AtomicInteger();
    Meddling key = new Meddling(() -> {
      if (asked.incrementAndGet() == 2) { // the key was looked for in vain, and is put in
        pool.close();
      }
    });
    assertThatThrownBy(() -> pool.acquire(key, Duration.ZERO)).isInstanceOf(IllegalStateException.class).hasMessageContaining("this pool is closed");
    assertThat(asked).hasValueGreaterThan(1);
    assertThat(parts.opened).hasValue(0);
    assertThat(pool.keys()).isZero();
    assertThat(pool.close(Duration.ZERO)).isTrue();
  }
}
