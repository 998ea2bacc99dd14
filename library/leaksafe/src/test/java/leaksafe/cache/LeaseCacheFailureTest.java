package leaksafe.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import leaksafe.AcquireTimeoutException;
import leaksafe.Failure;
import leaksafe.Leak;
import leaksafe.Lease;
import leaksafe.testing.FailsOnce;
import leaksafe.testing.Gc;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(90)
@SuppressWarnings("try")
class LeaseCacheFailureTest {
  private static final Duration SHORT = Duration.ofMillis(30);

  private final Handle.Source source = new Handle.Source();
  private final List<Failure> failures = new CopyOnWriteArrayList<>();
  private final List<Leak> leaks = new CopyOnWriteArrayList<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void end() {
    threads.shutdownNow();
    assertThat(source.faults).isEmpty();
  }

  private LeaseCacheBuilder<String, Handle> builder(int maximum) {
    return LeaseCache.<String, Handle>builder().name("handles").maximumOpen(maximum).failureListener(failures::add).leakListener(leaks::add);
  }

  @Test
  void an_opener_that_fails_leaves_nothing_and_its_exception_is_the_callers() throws Exception {
    try (LeaseCache<String, Handle> cache = builder(1).build()) {
      for (int i = 0; i < 5; i++) {
        assertThatThrownBy(() -> cache.acquire("a", key -> {
          throw new IOException("down");
        })).isInstanceOf(IOException.class);
      }
      assertThatNullPointerException().isThrownBy(() -> cache.acquire("a", key -> null))
          .withMessage("handles: the opener returned null for a; it must return an open value, or throw");
      assertThat(cache.stats()).isEqualTo(new LeaseCacheStats(0, 0, 0, 0, 0, 6, 0, 0, 0, 0, 0));
      cache.acquire("a", source::open, Duration.ZERO).close();
    }
    assertThat(failures).isEmpty();
  }

  /** What is done to a cache while its key or its ticker fails at some moment. */
  @FunctionalInterface
  private interface Work {
    void on(LeaseCache<FailsOnce, Handle> cache, FailsOnce key) throws Exception;
  }

  private void failAtEachMoment(FailsOnce failing, FailsOnce key, Work work) throws Exception {
    boolean failed = true;
    for (int moment = 1; failed; moment++) {
      LeaseCache<FailsOnce, Handle> cache = LeaseCache.<FailsOnce, Handle>builder().name("handles").maximumOpen(1).ticker(failing == key ? () -> 1 : failing)
          .expireAfterAccess(SHORT).failureListener(failures::add).leakListener(leaks::add).build();
      failed = failing.failsAt(moment, failures, () -> work.on(cache, key));
      cache.acquire(new FailsOnce(), at -> source.open("other"), Duration.ZERO).close(); // so the only place has come back
      assertThat(cache.acquireIfPresent(key)).isNull();
      cache.acquire(key, at -> source.open("again"), Duration.ZERO).close();
      cache.close();
      assertThat(source.open).as("left open by moment " + moment).hasValue(0);
      assertThat(moment).isLessThan(100);
    }
  }

  @Test
  void a_key_that_fails_at_any_moment_leaves_nothing_open_and_takes_no_place() throws Exception {
    FailsOnce key = new FailsOnce();
    failAtEachMoment(key, key, (cache, k) -> cache.acquire(k, at -> source.open("a")).close());
    failAtEachMoment(key, key, (cache, k) -> cache.replace(k, at -> source.open("a")).close());
    failAtEachMoment(key, key, (cache, k) -> {
      cache.acquire(k, at -> source.open("a")).close();
      cache.invalidate(k);
      cache.acquire(k, at -> source.open("a")).close();
      cache.invalidateAll();
    });
    failAtEachMoment(key, key, (cache, k) -> {
      cache.acquire(k, at -> source.open("a")).close();
      cache.acquire(new FailsOnce(), at -> source.open("evicts it")).close();
    });
  }

  @Test
  void a_ticker_that_fails_at_any_moment_leaves_nothing_open_and_takes_no_place() throws Exception {
    FailsOnce ticker = new FailsOnce();
    failAtEachMoment(ticker, new FailsOnce(), (cache, k) -> cache.acquire(k, at -> source.open("a")).close());
    failAtEachMoment(ticker, new FailsOnce(), (cache, k) -> cache.replace(k, at -> source.open("a")).close());
  }

  @Test
  void those_who_waited_for_a_failing_opener_try_their_own() throws Exception {
    try (LeaseCache<String, Handle> cache = builder(1).build()) {
      CountDownLatch opening = new CountDownLatch(1);
      CountDownLatch go = new CountDownLatch(1);
      Future<?> first = threads.submit(() -> cache.acquire("a", key -> {
        opening.countDown();
        await(go);
        throw new IOException("down");
      }));
      opening.await();
      List<Future<Integer>> others = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        others.add(threads.submit(() -> {
          try (Lease<Handle> lease = cache.acquire("a", source::open)) {
            return lease.get().use().number;
          }
        }));
      }
      go.countDown();
      assertThatThrownBy(first::get).isInstanceOf(ExecutionException.class).hasRootCauseMessage("down");
      for (Future<Integer> other : others) {
        assertThat(other.get(30, TimeUnit.SECONDS)).isEqualTo(1);
      }
    }
  }

  @Test
  void a_hanging_opener_holds_up_its_own_key_alone_and_no_longer_than_the_timeout() throws Exception {
    try (LeaseCache<String, Handle> cache = builder(3).acquireTimeout(SHORT).build()) {
      CountDownLatch opening = new CountDownLatch(1);
      CountDownLatch go = new CountDownLatch(1);
      Future<Handle> hanging = threads.submit(() -> {
        try (Lease<Handle> lease = cache.acquire("a", key -> {
          opening.countDown();
          await(go);
          return source.open(key);
        })) {
          return lease.get();
        }
      });
      opening.await();
      cache.acquire("b", source::open).close();
      assertThatThrownBy(() -> cache.acquire("a", source::open)).isInstanceOf(AcquireTimeoutException.class)
          .hasMessageStartingWith("handles: a was not opened within 30 ms by the thread that opens it (maximumOpen 3: 2 open, 1 idle");
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> cache.acquire("a", source::open)).isInstanceOf(InterruptedException.class)
          .hasMessageMatching("handles: interrupted while waiting for another thread to open a, after \\d+ ms \\(maximumOpen 3: 2 open, .*")
          .hasCauseInstanceOf(InterruptedException.class);
      go.countDown();
      assertThat(hanging.get(30, TimeUnit.SECONDS).isClosed()).isFalse();
    }
    assertThat(source.open).hasValue(0);
  }

  @Test
  void a_key_invalidated_while_it_is_opened_is_leased_to_its_opener_and_closed_then() throws Exception {
    try (LeaseCache<String, Handle> cache = builder(3).build()) {
      Lease<Handle> lease = cache.acquire("a", key -> {
        cache.invalidate(key);
        return source.open(key);
      });
      Handle handle = lease.get().use();
      assertThat(cache.acquireIfPresent("a")).isNull();
      lease.close();
      assertThat(handle.isClosed()).isTrue();
    }
  }

  @Test
  void an_opener_may_use_other_keys_but_not_its_own() throws Exception {
    try (LeaseCache<String, Handle> cache = builder(3).build()) {
      cache.acquire("outer", key -> {
        cache.acquire("inner", source::open).close();
        return source.open(key);
      }).close();
      assertThat(source.opened).hasValue(2);
      assertThatIllegalStateException().isThrownBy(() -> cache.acquire("a", key -> cache.acquire("a", source::open).get()))
          .withMessage("handles: the opener of a acquires a; an opener must not need the value that it opens");
    }
  }

  @Test
  void a_closer_that_throws_is_reported_and_stops_nothing() throws Exception {
    LeaseCache<String, Handle> cache = builder(3).build();
    for (String key : List.of("a", "b", "c")) {
      try (Lease<Handle> lease = cache.acquire(key, source::open)) {
        lease.get().failure = new IllegalStateException("cannot close " + key);
      }
    }
    assertThat(cache.close(Duration.ofSeconds(30))).isTrue();
    assertThat(source.open).hasValue(0);
    assertThat(failures).hasSize(3).allSatisfy(failure -> {
      assertThat(failure.container()).isEqualTo("handles");
      assertThat(failure.role()).isEqualTo("closer");
      assertThat(failure.detail()).isEqualTo("of a leaksafe.cache.Handle");
      assertThat(failure.cause()).hasMessageStartingWith("cannot close");
    });
    assertThat(cache.stats().closed()).isEqualTo(3);
  }

  @Test
  void a_closer_that_is_interrupted_leaves_the_interrupt_to_the_caller() throws Exception {
    LeaseCache<String, String> cache = LeaseCache.<String, String>builder().maximumOpen(1).failureListener(failures::add)
        .<String>closer(value -> {
          throw new InterruptedException("while closing");
        }).build();
    cache.acquire("a", key -> key).close();
    cache.invalidate("a");
    assertThat(Thread.interrupted()).isTrue();
    assertThat(failures).hasSize(1);
    assertThat(cache.stats().open()).isZero();
  }

  @Test
  void values_that_cannot_be_closed_need_a_closer() throws Exception {
    LeaseCache<String, String> without = LeaseCache.<String, String>builder().name("names").maximumOpen(1).build();
    assertThatIllegalArgumentException().isThrownBy(() -> without.acquire("a", key -> key))
        .withMessage("names: the opener returned a java.lang.String, must return something AutoCloseable, or else the cache needs a closer:"
            + " set closer(…)");
    List<String> closed = new ArrayList<>();
    try (LeaseCache<String, String> cache = LeaseCache.<String, String>builder().maximumOpen(1).<String>closer(closed::add).build()) {
      cache.acquire("a", key -> "value of " + key).close();
    }
    assertThat(closed).containsExactly("value of a");
  }

  @Test
  void who_waits_for_room_when_the_cache_is_closed_is_told_so() throws Exception {
    LeaseCache<String, Handle> cache = builder(1).build();
    Lease<Handle> lease = cache.acquire("a", source::open);
    List<Future<?>> waiting = new ArrayList<>();
    for (String key : List.of("b", "c")) {
      waiting.add(threads.submit(() -> cache.acquire(key, source::open)));
    }
    Gc.awaitWithoutGc("they wait", () -> cache.stats().waiting() == 2);
    cache.close();
    for (Future<?> one : waiting) {
      assertThatThrownBy(() -> one.get(30, TimeUnit.SECONDS)).hasRootCauseMessage(
          "handles: this cache is closed; nothing can be acquired from it any more");
    }
    lease.close();
    assertThat(cache.close(Duration.ZERO)).isTrue();
    assertThat(source.opened).hasValue(1);
  }

  @Test
  void a_wait_for_room_can_be_interrupted_and_leaves_nothing() throws Exception {
    try (LeaseCache<String, Handle> cache = builder(1).build()) {
      Lease<Handle> lease = cache.acquire("a", source::open);
      Future<?> waiting = threads.submit(() -> {
        Thread.currentThread().interrupt();
        return cache.acquire("b", source::open);
      });
      assertThatThrownBy(() -> waiting.get(30, TimeUnit.SECONDS)).cause().isInstanceOf(InterruptedException.class)
          .hasMessageMatching("handles: interrupted while waiting for room for another value, after \\d+ ms \\(maximumOpen 1: 1 open, 0 idle;.*");
      assertThat(cache.stats().waiting()).isZero();
      lease.close();
      Thread.currentThread().interrupt();
      cache.acquire("b", source::open).close();
      assertThat(Thread.interrupted()).as("it need not wait, so it got its lease and kept the interrupt").isTrue();
    }
  }

  @Test
  void a_wait_for_the_leases_of_a_closed_cache_can_be_interrupted_and_it_is_closed_nevertheless() throws Exception {
    LeaseCache<String, Handle> cache = builder(1).build();
    Lease<Handle> lease = cache.acquire("a", source::open);
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> cache.close(Duration.ofHours(1))).isInstanceOf(InterruptedException.class)
        .hasMessageMatching("handles: interrupted while waiting for its last leases to be closed, after \\d+ ms \\(maximumOpen 1: 1 open, .*");
    assertThat(cache.isClosed()).isTrue();
    lease.close();
    assertThat(cache.close(Duration.ZERO)).isTrue();
  }

  @Test
  void wrong_options_are_refused() {
    assertThatIllegalStateException().isThrownBy(() -> LeaseCache.builder().build())
        .withMessage("this cache would open values without end: set maximumOpen");
    assertThatIllegalArgumentException().isThrownBy(() -> LeaseCache.builder().maximumOpen(0))
        .withMessage("maximumOpen must be at least 1, but was 0");
    assertThatIllegalArgumentException().isThrownBy(() -> LeaseCache.builder().acquireTimeout(Duration.ofMillis(-1)))
        .withMessage("acquireTimeout must be at least zero, but was PT-0.001S");
    assertThatIllegalArgumentException().isThrownBy(() -> LeaseCache.builder().expireAfterAccess(Duration.ZERO))
        .withMessage("expireAfterAccess must be longer than 0, but was PT0S");
    assertThatIllegalArgumentException().isThrownBy(() -> LeaseCache.builder().sampleSites(-1)).withMessageContaining("sampleSites");
    try (LeaseCache<String, Handle> cache = builder(1).build()) {
      assertThatNullPointerException().isThrownBy(() -> cache.acquire(null, source::open)).withMessage("key");
      assertThatNullPointerException().isThrownBy(() -> cache.acquire("a", null)).withMessage("opener");
      assertThatIllegalArgumentException().isThrownBy(() -> cache.acquire("a", source::open, Duration.ofSeconds(-1)))
          .withMessage("timeout must be at least zero, but was PT-1S");
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
