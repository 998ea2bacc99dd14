package leaksafe.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import leaksafe.RemovalCause;
import leaksafe.cache.internal.Verify;
import leaksafe.testing.Gc;
import org.junit.jupiter.api.Test;

/** Reloads that hang, wait for a thread, find none or are too many. */
class CacheRefreshExecutorTest extends CacheRefreshFixture {
  @Test
  void a_reload_that_hangs_is_given_up_reported_and_its_late_result_dropped() throws Exception {
    CountDownLatch hanging = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    ExecutorService thread = Executors.newCachedThreadPool();
    try {
      Cache<String, String> cache = Cache.<String, String>builder().name("slow").maximumSize(10).ticker(ticker).executor(thread)
          .failureListener(failures::add).refreshTimeout(Duration.ofSeconds(5)).refreshAfterWrite(FRESH, key -> {
            int number = loads.incrementAndGet();
            if (number == 1) {
              hanging.countDown();
              awaitQuietly(release);
            }
            return "new" + number;
          }).removalListener((String key, String value, RemovalCause cause) -> told.add(value + " " + cause)).build();
      cache.put("a", "old");
      ticker.advance(FRESH);
      assertThat(cache.getIfPresent("a")).isEqualTo("old");
      assertThat(hanging.await(20, TimeUnit.SECONDS)).isTrue();
      ticker.advance(Duration.ofSeconds(5));
      Gc.awaitWithoutGc("the hung reload reported", () -> !failures.isEmpty());
      assertThat(failures.peek().cause()).isInstanceOf(TimeoutException.class).hasMessage("no value within PT5S: what comes later is dropped");
      assertThat(Verify.reloads(cache)).isZero();
      assertThat(cache.getIfPresent("a")).isEqualTo("old");
      ticker.advance(FRESH);
      assertThat(cache.getIfPresent("a")).isEqualTo("old");
      Gc.awaitWithoutGc("reloaded by another thread", () -> "new2".equals(cache.policy().getIfPresentQuietly("a")));
      release.countDown();
      Gc.awaitWithoutGc("the late result told", () -> told.contains("new1 EXPIRED"));
      assertThat(cache.getIfPresent("a")).isEqualTo("new2");
      assertThat(failures).hasSize(1);
      Verify.structure(cache);
    } finally {
      release.countDown();
      thread.shutdownNow();
    }
  }

  @Test
  void what_a_reload_that_was_given_up_throws_later_is_reported_even_if_it_is_a_timeout_of_its_own() throws Exception {
    CountDownLatch hanging = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try {
      Cache<String, String> cache = Cache.<String, String>builder().maximumSize(10).ticker(ticker).executor(thread)
          .failureListener(failures::add).refreshTimeout(Duration.ofSeconds(5)).refreshAfterWrite(FRESH, key -> {
            hanging.countDown();
            awaitQuietly(release);
            throw CacheRefreshExecutorTest.<RuntimeException>unchecked(new TimeoutException("of the server"));
          }).build();
      cache.put("a", "old");
      ticker.advance(FRESH);
      cache.getIfPresent("a");
      assertThat(hanging.await(20, TimeUnit.SECONDS)).isTrue();
      ticker.advance(Duration.ofSeconds(5));
      Gc.awaitWithoutGc("given up", () -> failures.size() == 1);
      release.countDown();
      Gc.awaitWithoutGc("the late failure reported", () -> failures.size() == 2);
      assertThat(failures).extracting(failure -> failure.cause().getMessage())
          .containsExactly("no value within PT5S: what comes later is dropped", "of the server");
    } finally {
      release.countDown();
      thread.shutdownNow();
    }
  }

  /** Throws a checked exception where none is declared, as code in other languages does. */
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <X extends Throwable> X unchecked(Exception cause) throws X {
    throw (X) cause;
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void a_reload_that_waited_for_a_thread_for_too_long_does_not_run() {
    Cache<String, String> cache = Cache.<String, String>builder().maximumSize(100).ticker(ticker).executor(tasks::add).failureListener(failures::add)
        .refreshTimeout(Duration.ofSeconds(1)).refreshAfterWrite(FRESH, key -> key + loads.incrementAndGet()).build();
    cache.put("a", "old");
    ticker.advance(FRESH);
    cache.getIfPresent("a");
    ticker.advance(Duration.ofSeconds(1));
    Gc.awaitWithoutGc("given up", () -> !failures.isEmpty());
    runTasks();
    assertThat(loads).hasValue(0);
  }

  @Test
  void an_executor_that_rejects_is_reported_and_the_value_served() {
    Cache<String, String> cache = Cache.<String, String>builder().maximumSize(10).ticker(ticker).failureListener(failures::add)
        .executor(task -> {
          throw new RejectedExecutionException("full");
        }).refreshAfterWrite(FRESH, key -> "new").build();
    cache.put("a", "old");
    ticker.advance(FRESH);
    assertThat(cache.getIfPresent("a")).isEqualTo("old");
    assertThat(failures).singleElement().satisfies(failure -> assertThat(failure.cause()).isInstanceOf(RejectedExecutionException.class));
    assertThat(Verify.reloads(cache)).isZero();
  }

  @Test
  void the_number_of_reloads_in_flight_is_bounded() {
    Cache<Integer, String> cache = Cache.<Integer, String>builder().maximumSize(5000).ticker(ticker).executor(tasks::add)
        .refreshAfterWrite(FRESH, key -> "new").build();
    for (int i = 0; i < 3000; i++) {
      cache.put(i, "old");
    }
    ticker.advance(FRESH);
    for (int i = 0; i < 3000; i++) {
      assertThat(cache.getIfPresent(i)).isEqualTo("old");
    }
    assertThat(tasks).hasSize(1024);
    runTasks();
    for (int i = 0; i < 3000; i++) {
      cache.getIfPresent(i);
    }
    assertThat(tasks).as("the rest at a later read").hasSize(1024);
  }

  @Test
  void a_cache_is_collected_while_its_reload_hangs_and_a_given_up_reload_keeps_no_value() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try {
      WeakReference<Object> value = hang(release, thread);
      ticker.advance(Duration.ofSeconds(60));
      Gc.awaitWithoutGc("given up", () -> !failures.isEmpty());
      kept.invalidateAll();
      Gc.awaitCleared(value);
    } finally {
      release.countDown();
      thread.shutdownNow();
    }
  }

  private Cache<String, Object> kept;

  private WeakReference<Object> hang(CountDownLatch release, ExecutorService thread) {
    kept = Cache.<String, Object>builder().maximumSize(10).ticker(ticker).executor(thread).failureListener(failures::add)
        .refreshAfterWrite(FRESH, (String key) -> {
          awaitQuietly(release);
          return (Object) "late";
        }).build();
    Object value = new Object();
    kept.put("a", value);
    ticker.advance(FRESH);
    kept.getIfPresent("a");
    return new WeakReference<>(value);
  }
}
