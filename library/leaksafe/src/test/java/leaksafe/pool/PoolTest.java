package leaksafe.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import leaksafe.AcquireTimeoutException;
import leaksafe.Container;
import leaksafe.Lease;
import leaksafe.internal.Containers;
import leaksafe.pool.internal.Parts;
import leaksafe.pool.internal.Parts.Part;
import leaksafe.testing.Gc;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
@SuppressWarnings("try")
class PoolTest {
  private static final Duration LONG = Duration.ofMinutes(5); // longer than any test may take: who is not woken fails it

  private final Parts parts = new Parts();

  @Test
  void an_object_is_opened_when_it_is_needed_and_used_again() throws Exception {
    try (Pool<Part> pool = parts.builder().size(0, 2).build()) {
      Part first;
      try (Lease<Part> lease = pool.acquire(LONG)) {
        first = lease.get();
      }
      try (Lease<Part> lease = pool.acquire(LONG)) {
        assertThat(lease.get()).isSameAs(first);
      }
      assertThat(pool.stats().opened()).isEqualTo(1);
      assertThat(pool.stats().acquired()).isEqualTo(2);
    }
    assertThat(parts.disposed).hasValue(1);
  }

  @Test
  void a_closed_lease_gives_nothing_away_and_closing_it_again_is_harmless() throws Exception {
    try (Pool<Part> pool = parts.builder().size(0, 1).build()) {
      Lease<Part> stale = pool.acquire(LONG);
      stale.close();
      Lease<Part> current = pool.acquire(LONG);
      stale.close();
      Thread other = new Thread(stale::close);
      other.start();
      other.join();
      assertThat(stale.isClosed()).isTrue();
      assertThat(current.isClosed()).isFalse();
      assertThat(pool.tryAcquire()).isNull();
      assertThatThrownBy(stale::get).isInstanceOf(IllegalStateException.class).hasMessageContaining("parts: this lease is closed");
      assertThat(stale).hasToString("Lease[parts, closed]");
      current.get().use();
      current.close();
      assertThat(pool.stats().leased()).isZero();
    }
    assertThat(parts.faults).isEmpty();
  }

  @Test
  void a_lease_may_be_closed_by_another_thread() throws Exception {
    try (Pool<Part> pool = parts.builder().size(0, 1).build()) {
      Lease<Part> lease = pool.acquire(LONG);
      CompletableFuture.runAsync(lease::close).get();
      assertThat(pool.tryAcquire()).isNotNull();
    }
  }

  @Test
  void the_maximum_is_kept_and_a_timeout_tells_who_has_what() throws Exception {
    try (Pool<Part> pool = parts.builder().name("orders-db").size(0, 2).sampleSites(1).build()) {
      Lease<Part> first = pool.acquire(LONG);
      Lease<Part> second = pool.acquire(LONG);
      assertThatThrownBy(() -> pool.acquire(Duration.ofMillis(20))).isInstanceOf(AcquireTimeoutException.class)
          .hasMessageContaining("orders-db: no lease within 20 ms (2 leased, 0 idle, 1 waiting); oldest lease is ")
          .hasMessageContaining("PoolTest.java:");
      assertThat(pool.stats().waiting()).isZero();
      assertThat(pool.stats().timeouts()).isEqualTo(1);
      first.close();
      second.close();
    }
    assertThat(parts.mostPresent).hasValue(2);
  }

  @Test
  void a_timed_out_acquire_leaves_nothing_behind() throws Exception {
    try (Pool<Part> pool = parts.builder().size(0, 1).build()) {
      for (int i = 0; i < 20; i++) {
        Lease<Part> lease = pool.acquire(LONG);
        assertThatThrownBy(() -> pool.acquire(Duration.ofMillis(1))).isInstanceOf(AcquireTimeoutException.class);
        lease.close();
        assertThat(pool.stats().waiting()).isZero();
        assertThat(pool.stats().idle()).isEqualTo(1);
      }
      assertThat(parts.opened).hasValue(1);
    }
  }

  @Test
  void an_interrupted_acquire_leaves_nothing_behind() throws Exception {
    try (Pool<Part> pool = parts.builder().size(0, 1).build()) {
      Lease<Part> lease = pool.acquire(LONG);
      AtomicReference<Throwable> thrown = new AtomicReference<>();
      Thread waiter = new Thread(() -> {
        try {
          pool.acquire(LONG);
        } catch (Throwable e) {
          thrown.set(e);
        }
      });
      waiter.start();
      awaitWaiting(pool, 1);
      waiter.interrupt();
      waiter.join();
      assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
      assertThat(pool.stats().waiting()).isZero();
      lease.close();
      try (Lease<Part> next = pool.acquire(Duration.ZERO)) {
        assertThat(next).isNotNull();
      }
    }
  }

  @Test
  void an_interrupted_thread_that_need_not_wait_gets_its_lease() throws Exception {
    try (Pool<Part> pool = parts.builder().size(0, 1).build()) {
      Thread.currentThread().interrupt();
      try (Lease<Part> lease = pool.acquire(LONG)) {
        assertThat(Thread.interrupted()).isTrue();
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> pool.acquire(LONG)).isInstanceOf(InterruptedException.class);
      }
      assertThat(pool.stats().waiting()).isZero();
    }
  }

  @Test
  void waiters_are_served_in_the_order_in_which_they_came() throws Exception {
    try (Pool<Part> pool = parts.builder().size(0, 1).build()) {
      Lease<Part> lease = pool.acquire(LONG);
      List<Integer> served = new ArrayList<>();
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        int number = i;
        Thread thread = new Thread(() -> {
          try (Lease<Part> mine = pool.acquire(LONG)) {
            served.add(number); // guarded by the only lease
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        });
        thread.start();
        threads.add(thread);
        awaitWaiting(pool, i + 1);
      }
      lease.close();
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(served).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
    }
  }

  @Test
  void a_waiter_is_served_although_the_one_before_it_gives_up() throws Exception {
    try (Pool<Part> pool = parts.builder().size(0, 1).build()) {
      Lease<Part> lease = pool.acquire(LONG);
      Thread first = new Thread(() -> {
        try {
          pool.acquire(LONG).close();
        } catch (InterruptedException e) {
          // as intended
        }
      });
      first.start();
      awaitWaiting(pool, 1);
      CompletableFuture<Boolean> second = CompletableFuture.supplyAsync(() -> {
        try (Lease<Part> mine = pool.acquire(LONG)) {
          return true;
        } catch (InterruptedException e) {
          throw new AssertionError(e);
        }
      }, task -> new Thread(task).start());
      awaitWaiting(pool, 2);
      lease.close(); // signals the first at the same time as it is interrupted
      first.interrupt();
      assertThat(second.get(30, TimeUnit.SECONDS)).isTrue();
      first.join();
      assertThat(pool.stats().idle()).isEqualTo(1);
      assertThat(pool.stats().waiting()).isZero();
    }
  }

  @Test
  void bad_input_is_refused_with_what_was_given() {
    assertThatThrownBy(() -> parts.builder().build()).isInstanceOf(IllegalStateException.class)
        .hasMessage("this pool would grow for ever: set size(minimum, maximum)");
    assertThatThrownBy(() -> parts.builder().size(0, 0)).isInstanceOf(IllegalArgumentException.class)
        .hasMessage("maximum must be at least 1, but was 0");
    assertThatThrownBy(() -> parts.builder().size(3, 2)).isInstanceOf(IllegalArgumentException.class)
        .hasMessage("minimum must be from 0 to the maximum of 2, but was 3");
    assertThatThrownBy(() -> parts.builder().sampleSites(-1)).hasMessage(
        "sampleSites must be at least 0 (1 for all call sites, 0 for none), but was -1");
    assertThatThrownBy(() -> parts.builder().expireAfterCreate(LONG, 1.5)).hasMessage("jitter must be from 0 to 1, but was 1.5");
    assertThatThrownBy(() -> parts.builder().expireAfterIdle(Duration.ZERO))
        .hasMessage("expireAfterIdle must be at least 1 ms, but was PT0S");
    assertThatThrownBy(() -> Pool.builder(null)).isInstanceOf(NullPointerException.class).hasMessage("opener");
    try (Pool<Part> pool = parts.builder().size(0, 1).build()) {
      assertThatThrownBy(() -> pool.acquire(Duration.ofSeconds(-1))).hasMessage("timeout must be at least zero, but was PT-1S");
      assertThatThrownBy(() -> pool.acquire(null)).isInstanceOf(NullPointerException.class).hasMessage("timeout");
      assertThatThrownBy(() -> pool.resize(2, 1)).isInstanceOf(IllegalArgumentException.class);
      assertThat(pool.stats().maximum()).isEqualTo(1);
    }
  }

  @Test
  void an_acquire_may_wait_for_the_longest_duration() throws Exception {
    try (Pool<Part> pool = parts.builder().size(0, 1).build();
        Lease<Part> lease = pool.acquire(Duration.ofSeconds(Long.MAX_VALUE))) {
      CompletableFuture<Void> waiting = CompletableFuture.runAsync(() -> {
        try {
          pool.acquire(Duration.ofSeconds(Long.MAX_VALUE)).close();
        } catch (InterruptedException e) {
          throw new AssertionError(e);
        }
      }, task -> new Thread(task).start());
      awaitWaiting(pool, 1);
      lease.close();
      waiting.get(30, TimeUnit.SECONDS);
    }
  }

  @Test
  void a_closed_pool_disposes_of_what_is_idle_and_of_the_rest_as_it_comes_back() throws Exception {
    Pool<Part> pool = parts.builder().size(0, 3).build();
    Lease<Part> out = pool.acquire(LONG);
    pool.acquire(LONG).close();
    try (Lease<Part> one = pool.acquire(LONG); Lease<Part> two = pool.acquire(LONG)) {
      assertThat(one.get()).isNotSameAs(two.get());
    }
    pool.close();
    pool.close();
    assertThat(parts.disposed).hasValue(2);
    assertThat(pool.close(Duration.ofMillis(5))).isFalse();
    assertThat(out.get().isDisposed()).isFalse();
    assertThatThrownBy(() -> pool.acquire(LONG)).isInstanceOf(IllegalStateException.class).hasMessageContaining("parts: this pool is closed");
    assertThatThrownBy(pool::tryAcquire).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> pool.resize(0, 4)).isInstanceOf(IllegalStateException.class);
    out.close();
    assertThat(pool.close(Duration.ZERO)).isTrue();
    assertThat(pool.toString()).startsWith("Pool[parts, closed, PoolStats[leased=0, idle=0, ");
    assertThat(parts.disposed).hasValue(3);
    assertThat(parts.faults).isEmpty();
  }

  @Test
  void closing_waits_for_the_leases_and_can_be_interrupted() throws Exception {
    Pool<Part> pool = parts.builder().size(0, 1).build();
    Lease<Part> out = pool.acquire(LONG);
    CompletableFuture<Boolean> closing = new CompletableFuture<>();
    Thread closer = new Thread(() -> {
      try {
        closing.complete(pool.close(LONG));
      } catch (InterruptedException e) {
        closing.completeExceptionally(e);
      }
    });
    closer.start();
    Gc.awaitWithoutGc("closed", pool::isClosed);
    closer.interrupt();
    assertThatThrownBy(() -> closing.get(30, TimeUnit.SECONDS)).isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(InterruptedException.class);
    CompletableFuture<Boolean> again = CompletableFuture.supplyAsync(() -> {
      try {
        return pool.close(LONG);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    });
    out.close();
    assertThat(again.get(30, TimeUnit.SECONDS)).isTrue();
    assertThat(parts.disposed).hasValue(1);
  }

  @Test
  void closing_wakes_all_waiters() throws Exception {
    Pool<Part> pool = parts.builder().size(0, 1).build();
    Lease<Part> out = pool.acquire(LONG);
    List<CompletableFuture<Void>> waiting = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      waiting.add(CompletableFuture.runAsync(() -> {
        try {
          pool.acquire(LONG);
        } catch (InterruptedException e) {
          throw new AssertionError(e);
        }
      }, task -> new Thread(task).start()));
    }
    awaitWaiting(pool, 3);
    pool.close();
    for (CompletableFuture<Void> one : waiting) {
      assertThatThrownBy(() -> one.get(30, TimeUnit.SECONDS)).hasCauseInstanceOf(IllegalStateException.class);
    }
    assertThat(pool.stats().waiting()).isZero();
    out.close();
  }

  @Test
  void an_object_that_is_opened_while_the_pool_is_closed_is_disposed_of() throws Exception {
    CountDownLatch opening = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    Pool<Part> pool = Pool.<Part>builder(() -> {
      opening.countDown();
      go.await();
      return parts.open();
    }).disposer(parts::dispose).size(0, 1).build();
    CompletableFuture<Void> acquiring = CompletableFuture.runAsync(() -> {
      try {
        pool.acquire(LONG);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }, task -> new Thread(task).start());
    opening.await();
    pool.close();
    go.countDown();
    assertThatThrownBy(() -> acquiring.get(30, TimeUnit.SECONDS)).hasCauseInstanceOf(IllegalStateException.class);
    assertThat(pool.close(LONG)).isTrue();
    assertThat(parts.disposed).hasValue(1);
  }

  @Test
  void a_raised_maximum_serves_waiters_and_a_lowered_one_is_reached_as_leases_close() throws Exception {
    try (Pool<Part> pool = parts.builder().size(0, 1).build()) {
      List<Lease<Part>> leases = new ArrayList<>(List.of(pool.acquire(LONG)));
      CompletableFuture<Lease<Part>> waiting = CompletableFuture.supplyAsync(() -> {
        try {
          return pool.acquire(LONG);
        } catch (InterruptedException e) {
          throw new AssertionError(e);
        }
      }, task -> new Thread(task).start());
      awaitWaiting(pool, 1);
      pool.resize(0, 40);
      leases.add(waiting.get(30, TimeUnit.SECONDS));
      while (leases.size() < 40) {
        leases.add(pool.acquire(Duration.ZERO));
      }
      assertThat(pool.tryAcquire()).isNull();
      leases.remove(39).close();
      pool.resize(0, 2);
      assertThat(pool.stats().leased() + pool.stats().idle()).isEqualTo(39);
      leases.forEach(Lease::close);
      assertThat(pool.stats().idle()).isEqualTo(2);
      assertThat(parts.disposed).hasValue(38);
    }
    assertThat(parts.disposed).hasValue(40);
    assertThat(parts.faults).isEmpty();
  }

  @Test
  void the_minimum_is_opened_without_a_call_and_not_by_the_reaper() throws Exception {
    List<String> threads = new java.util.concurrent.CopyOnWriteArrayList<>();
    try (Pool<Part> pool = Pool.<Part>builder(() -> {
      threads.add(Thread.currentThread().getName());
      return parts.open();
    }).disposer(parts::dispose).size(3, 5).build()) {
      Gc.awaitWithoutGc("filled", () -> pool.stats().idle() == 3);
      assertThat(threads).hasSize(3).doesNotContain("leaksafe-reaper");
      pool.resize(4, 5);
      Gc.awaitWithoutGc("filled up", () -> pool.stats().idle() == 4);
    }
    assertThat(parts.disposed).hasValue(4);
  }

  @Test
  void objects_that_can_be_closed_are_closed_by_default() throws Exception {
    AtomicBoolean closed = new AtomicBoolean();
    try (Pool<AutoCloseable> pool = Pool.<AutoCloseable>builder(() -> () -> closed.set(true)).size(0, 1).build()) {
      pool.acquire(LONG).close();
    }
    assertThat(closed).isTrue();
  }

  @Test
  void the_pool_is_visible_until_it_is_closed_and_drained() throws Exception {
    Pool<Part> pool = parts.builder().name("visible-pool").size(0, 4).build();
    Lease<Part> lease = pool.acquire(LONG);
    Container container = find("visible-pool");
    assertThat(container.kind()).isEqualTo("pool");
    assertThat(container.bound()).isEqualTo("size 0 to 4");
    assertThat(container.estimatedSize()).isEqualTo(1);
    assertThat(container.creationSite()).contains("PoolTest.java");
    assertThat(container.figures()).containsEntry("leased", 1).containsEntry("idle", 0).containsEntry("waiting", 0);
    lease.close();
    pool.close();
    assertThat(find("visible-pool")).isNull();
  }

  @Test
  void a_pool_without_a_name_is_named_after_the_line_that_built_it() {
    try (Pool<Part> pool = Pool.<Part>builder(parts::open).size(0, 1).build()) {
      assertThat(pool.name()).startsWith("pool@").contains("PoolTest.java:");
      assertThat(pool).hasToString("Pool[" + pool.name() + ", " + pool.stats() + "]");
    }
  }

  @Test
  void virtual_threads_share_a_small_pool() throws Exception {
    assumeTrue(Runtime.version().feature() >= 21, "virtual threads came with JDK 21");
    Method start = Thread.class.getMethod("startVirtualThread", Runnable.class);
    try (Pool<Part> pool = parts.builder().size(0, 3).build()) {
      CountDownLatch done = new CountDownLatch(2000);
      for (int i = 0; i < 2000; i++) {
        start.invoke(null, (Runnable) () -> {
          try (Lease<Part> lease = pool.acquire(LONG)) {
            lease.get().use();
            Thread.yield();
            lease.get().use();
          } catch (InterruptedException e) {
            parts.faults.add(e.toString());
          } finally {
            done.countDown();
          }
        });
      }
      assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
      assertThat(pool.stats().waiting()).isZero();
      assertThat(pool.stats().leased()).isZero();
      assertThat(pool.stats().acquired()).isEqualTo(2000);
    }
    assertThat(parts.mostPresent.get()).isLessThanOrEqualTo(3);
    assertThat(parts.faults).isEmpty();
  }

  private static Container find(String name) {
    return Containers.list().stream().filter(one -> one.name().equals(name)).findAny().orElse(null);
  }

  static void awaitWaiting(Pool<?> pool, int count) {
    Gc.awaitWithoutGc(count + " waiting", () -> pool.stats().waiting() == count);
  }
}
