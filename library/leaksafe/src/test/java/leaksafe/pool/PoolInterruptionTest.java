package leaksafe.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import leaksafe.AcquireTimeoutException;
import leaksafe.Lease;
import leaksafe.pool.internal.Parts;
import leaksafe.pool.internal.Parts.Part;
import leaksafe.testing.Gc;
import leaksafe.testing.VirtualThreads;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A thread, platform or virtual, is interrupted wherever a pool has it wait: it is told, and withdraws as if it had never been there. */
@Timeout(60)
class PoolInterruptionTest {
  private static final Duration LONG = Duration.ofMinutes(5); // longer than any test may take: who is not woken fails it
  private static final String MESSAGE = "parts: interrupted while waiting for a lease";

  private final Parts parts = new Parts();

  /** What kind of thread waits. */
  enum Kind {
    PLATFORM, VIRTUAL;

    Executor executor() {
      return this == PLATFORM ? task -> new Thread(task).start() : VirtualThreads.executor();
    }
  }

  /** A call that waits. */
  @FunctionalInterface
  private interface Call {
    Object make() throws InterruptedException;
  }

  /** A thread that makes such a call. */
  private static final class Waiter {
    private final CompletableFuture<Thread> thread = new CompletableFuture<>();
    private final CompletableFuture<Object> result = new CompletableFuture<>();

    Waiter(Executor executor, Call call) {
      executor.execute(() -> {
        thread.complete(Thread.currentThread());
        try {
          result.complete(call.make());
        } catch (Throwable e) {
          result.completeExceptionally(e);
        }
      });
    }

    void assertInterrupted(String message) throws Exception {
      thread.get(30, TimeUnit.SECONDS).interrupt();
      assertThatThrownBy(() -> result.get(30, TimeUnit.SECONDS)).cause().isInstanceOf(InterruptedException.class).hasMessage(message);
    }

    Object result() throws Exception {
      return result.get(30, TimeUnit.SECONDS);
    }
  }

  private static void await(IntSupplier waiting, int count) {
    Gc.awaitWithoutGc(count + " waiting", () -> waiting.getAsInt() == count);
  }

  private static void use(Lease<Part> lease) {
    try (lease) {
      lease.get().use();
    }
  }

  @AfterEach
  void nothing_was_lost() {
    assertThat(parts.faults).isEmpty();
    assertThat(parts.disposed.get()).isEqualTo(parts.opened.get());
  }

  @ParameterizedTest
  @EnumSource
  void in_the_line_of_a_pool(Kind kind) throws Exception {
    Executor executor = kind.executor();
    try (Pool<Part> pool = parts.builder().size(0, 1).build()) {
      Lease<Part> lease = pool.acquire(LONG);
      Waiter[] waiters = new Waiter[4];
      for (int i = 0; i < waiters.length; i++) {
        int number = i;
        waiters[i] = new Waiter(executor, () -> {
          use(pool.acquire(LONG));
          return number;
        });
        await(() -> pool.stats().waiting(), i + 1);
      }
      waiters[1].assertInterrupted(MESSAGE); // amid
      waiters[0].assertInterrupted(MESSAGE); // at the head
      waiters[3].assertInterrupted(MESSAGE); // at the end
      assertThat(pool.stats().waiting()).isEqualTo(1);
      lease.close();
      assertThat(waiters[2].result()).isEqualTo(2);
      assertThat(pool.stats().waiting()).isZero();
      assertThat(pool.stats().leased()).isZero();
      use(pool.acquire(Duration.ZERO));
    }
  }

  @ParameterizedTest
  @EnumSource
  void in_the_lines_of_a_pool_with_keys(Kind kind) throws Exception {
    Executor executor = kind.executor();
    try (KeyedPool<String, Part> pool =
        KeyedPool.<String, Part>builder(key -> parts.open()).name("parts").disposer(parts::dispose).maximumPerKey(1).maximumTotal(1).build()) {
      Lease<Part> lease = pool.acquire("a", LONG);
      Waiter[] waiters = new Waiter[5];
      String[] keys = {"a", "a", "b", "b", "c"}; // the first for its key's object, the third and the last for room
      for (int i = 0; i < waiters.length; i++) {
        int number = i;
        waiters[i] = new Waiter(executor, () -> {
          use(pool.acquire(keys[number], LONG));
          return number;
        });
        await(() -> pool.stats().waiting(), i + 1);
      }
      waiters[0].assertInterrupted(MESSAGE);
      waiters[1].assertInterrupted(MESSAGE);
      waiters[2].assertInterrupted(MESSAGE);
      waiters[4].assertInterrupted(MESSAGE);
      assertThat(pool.stats().waiting()).isEqualTo(1);
      assertThat(pool.keys()).isEqualTo(2);
      lease.close();
      assertThat(waiters[3].result()).isEqualTo(3);
      assertThat(pool.stats().waiting()).isZero();
      use(pool.acquire("d", Duration.ZERO));
      assertThat(pool.keys()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void in_a_closing_that_waits_for_leases(Kind kind) throws Exception {
    Executor executor = kind.executor();
    Pool<Part> pool = parts.builder().size(0, 1).build();
    KeyedPool<String, Part> keyed = KeyedPool.<String, Part>builder(key -> parts.open()).disposer(parts::dispose).maximumTotal(1).build();
    assertThatClosingCanBeInterrupted(executor, () -> pool.close(LONG), pool.acquire(LONG));
    assertThatClosingCanBeInterrupted(executor, () -> keyed.close(LONG), keyed.acquire("a", LONG));
    assertThat(pool.isClosed()).isTrue();
    assertThat(keyed.isClosed()).isTrue();
  }

  private static void assertThatClosingCanBeInterrupted(Executor executor, Call closing, Lease<Part> last) throws Exception {
    Waiter patient = new Waiter(executor, closing);
    Waiter impatient = new Waiter(executor, closing);
    Gc.awaitWithoutGc("it waits", () -> impatient.thread.join().getState() == Thread.State.TIMED_WAITING);
    impatient.assertInterrupted(null);
    last.close();
    assertThat(patient.result()).isEqualTo(true);
  }

  @Test
  void an_interrupted_thread_that_does_not_want_to_wait_is_told_that_there_is_no_lease() throws Exception {
    try (Pool<Part> pool = parts.builder().size(0, 1).build(); KeyedPool<String, Part> keyed =
        KeyedPool.<String, Part>builder(key -> parts.open()).disposer(parts::dispose).maximumPerKey(1).maximumTotal(2).build();
        Lease<Part> lease = pool.acquire(LONG); Lease<Part> ofKey = keyed.acquire("a", LONG)) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> pool.acquire(Duration.ZERO)).isInstanceOf(AcquireTimeoutException.class);
      assertThatThrownBy(() -> keyed.acquire("a", Duration.ZERO)).isInstanceOf(AcquireTimeoutException.class);
      assertThat(pool.tryAcquire()).isNull();
      keyed.acquire("b", Duration.ZERO).close();
      assertThat(Thread.interrupted()).isTrue();
      assertThat(lease.get()).isNotSameAs(ofKey.get());
    }
  }

  @Test
  void an_interrupted_thread_that_closes_a_pool_and_need_not_wait_is_told_that_all_is_disposed_of() throws Exception {
    Pool<Part> pool = parts.builder().size(0, 1).failureListener(failure -> { }).disposer(part -> {
      parts.dispose(part);
      throw new InterruptedException("on purpose");
    }).build();
    KeyedPool<String, Part> keyed = KeyedPool.<String, Part>builder(key -> parts.open()).disposer(parts::dispose).maximumTotal(1).build();
    use(pool.acquire(LONG));
    use(keyed.acquire("a", LONG));
    assertThat(pool.close(LONG)).isTrue(); // its disposer leaves the thread interrupted
    assertThat(Thread.currentThread().isInterrupted()).isTrue();
    assertThat(keyed.close(LONG)).isTrue();
    assertThat(Thread.interrupted()).isTrue();
  }
}
