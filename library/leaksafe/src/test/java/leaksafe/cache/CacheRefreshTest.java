package leaksafe.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import leaksafe.Failure;
import leaksafe.RemovalCause;
import leaksafe.cache.internal.Verify;
import leaksafe.testing.Gc;
import leaksafe.testing.ManualTicker;
import leaksafe.testing.Seeded;
import org.junit.jupiter.api.Test;

class CacheRefreshTest {
  private static final Duration FRESH = Duration.ofSeconds(10);

  private final ManualTicker ticker = new ManualTicker();
  private final Deque<Runnable> tasks = new ArrayDeque<>(); // what the executor was given
  private final AtomicInteger loads = new AtomicInteger();
  private final Queue<Failure> failures = new ConcurrentLinkedQueue<>();
  private final Queue<String> told = new ConcurrentLinkedQueue<>();

  private CacheBuilder<String, String> builder() {
    return Cache.<String, String>builder().maximumSize(100).refreshAfterWrite(FRESH, key -> key + loads.incrementAndGet()).ticker(ticker)
        .executor(tasks::add).failureListener(failures::add)
        .removalListener((key, value, cause) -> told.add(value + " " + cause));
  }

  private void runTasks() {
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      task.run();
    }
  }

  @Test
  void a_stale_value_is_served_and_reloaded_once() {
    Cache<String, String> cache = builder().recordStats().build();
    cache.put("a", "old");
    ticker.advance(FRESH.minusNanos(1));
    assertThat(cache.getIfPresent("a")).isEqualTo("old");
    assertThat(tasks).isEmpty();
    ticker.advance(Duration.ofNanos(1));
    assertThat(cache.getIfPresent("a")).isEqualTo("old");
    assertThat(cache.get("a", key -> "unused")).isEqualTo("old");
    assertThat(cache.asMap()).containsEntry("a", "old");
    assertThat(tasks).hasSize(1);
    runTasks();
    assertThat(cache.getIfPresent("a")).isEqualTo("a1");
    assertThat(told).containsExactly("old REPLACED");
    assertThat(cache.stats().loadSuccessCount()).isEqualTo(1);
    ticker.advance(FRESH.minusNanos(1));
    assertThat(cache.getIfPresent("a")).isEqualTo("a1");
    assertThat(tasks).as("a new value is fresh").isEmpty();
    assertThat(Verify.reloads(cache)).isZero();
    Verify.structure(cache);
  }

  @Test
  void looking_quietly_reloads_nothing() {
    Cache<String, String> cache = builder().build();
    cache.put("a", "old");
    ticker.advance(FRESH);
    assertThat(cache.policy().getIfPresentQuietly("a")).isEqualTo("old");
    assertThat(cache.policy().hottest(10)).containsKey("a");
    assertThat(cache.asMap().entrySet()).hasSize(1);
    assertThat(tasks).isEmpty();
  }

  @Test
  void a_reload_is_dropped_if_the_entry_was_replaced_or_removed_meanwhile() {
    Cache<String, String> cache = builder().build();
    cache.put("replaced", "old");
    cache.put("same", "old");
    cache.put("removed", "old");
    ticker.advance(FRESH);
    cache.getAllPresent(List.of("replaced", "same", "removed"));
    assertThat(tasks).hasSize(3);
    cache.put("replaced", "new");
    cache.put("same", "old");
    cache.invalidate("removed");
    told.clear();
    runTasks();
    assertThat(cache.getIfPresent("replaced")).isEqualTo("new");
    assertThat(cache.getIfPresent("same")).isEqualTo("old");
    assertThat(cache.getIfPresent("removed")).isNull();
    assertThat(told).as("what was loaded for nothing").containsExactlyInAnyOrder("replaced1 REPLACED", "same2 REPLACED", "removed3 REPLACED");
    assertThat(failures).isEmpty();
    ticker.advance(FRESH);
    cache.getIfPresent("same");
    assertThat(tasks).as("and can be reloaded when stale again").hasSize(1);
    Verify.structure(cache);
  }

  @Test
  void a_key_has_one_reload_in_flight_even_if_its_entry_is_another() {
    Cache<String, String> cache = builder().build();
    cache.put("a", "old");
    ticker.advance(FRESH);
    cache.getIfPresent("a");
    cache.invalidate("a");
    cache.put("a", "new");
    ticker.advance(FRESH);
    cache.getIfPresent("a");
    assertThat(tasks).hasSize(1);
    runTasks();
    assertThat(cache.getIfPresent("a")).isEqualTo("new");
    assertThat(tasks).as("now it may").hasSize(1);
    runTasks();
    assertThat(cache.getIfPresent("a")).isEqualTo("a2");
  }

  @Test
  void a_computation_takes_precedence_over_a_reload() {
    Cache<String, String> cache = builder().build();
    cache.put("a", "old");
    ticker.advance(FRESH);
    cache.getIfPresent("a");
    cache.asMap().compute("a", (key, value) -> {
      runTasks();
      return value + "er";
    });
    assertThat(cache.getIfPresent("a")).isEqualTo("older");
    assertThat(told).containsExactlyInAnyOrder("a1 REPLACED", "old REPLACED");
    Verify.structure(cache);
  }

  @Test
  void a_reloader_that_fails_keeps_the_old_value_is_reported_and_tried_again_later() {
    AtomicReference<RuntimeException> thrown = new AtomicReference<>(new IllegalStateException("the database is down"));
    Cache<String, String> cache = Cache.<String, String>builder().name("orders").maximumSize(10).ticker(ticker).executor(tasks::add)
        .failureListener(failures::add).recordStats().refreshAfterWrite(FRESH, key -> {
          loads.incrementAndGet();
          if (thrown.get() != null) {
            throw thrown.get();
          }
          return "new";
        }).build();
    cache.put("a", "old");
    ticker.advance(FRESH);
    cache.getIfPresent("a");
    runTasks();
    assertThat(failures).singleElement().satisfies(failure -> {
      assertThat(failure).hasToString("orders: the reloader failed (the old value of a is kept): java.lang.IllegalStateException: the database is down");
      assertThat(failure.cause()).isSameAs(thrown.get());
    });
    assertThat(cache.getIfPresent("a")).isEqualTo("old");
    assertThat(tasks).as("not at once").isEmpty();
    thrown.set(null);
    ticker.advance(FRESH.dividedBy(10));
    assertThat(cache.getIfPresent("a")).isEqualTo("old");
    runTasks();
    assertThat(cache.getIfPresent("a")).isEqualTo("new");
    assertThat(cache.stats().loadFailureCount()).isEqualTo(1);
    assertThat(failures).hasSize(1);
  }

  @Test
  void a_weigher_that_fails_on_a_reloaded_value_keeps_the_old_one_and_the_new_one_is_told() {
    Cache<String, String> cache = Cache.<String, String>builder().maximumWeight(10).weigher((String key, String value) -> {
      if (value.equals("bad")) {
        throw new IllegalArgumentException("on purpose");
      }
      return 1;
    }).refreshAfterWrite(FRESH, (String key) -> "bad").ticker(ticker).executor(Runnable::run).failureListener(failures::add)
        .removalListener((String key, String value, RemovalCause cause) -> told.add(value + " " + cause)).build();
    cache.put("a", "old");
    ticker.advance(FRESH);
    assertThat(cache.getIfPresent("a")).isEqualTo("old");
    assertThat(failures).hasSize(1);
    assertThat(told).containsExactly("bad REPLACED");
    assertThat(cache.asMap()).containsEntry("a", "old");
    assertThat(Verify.reloads(cache)).isZero();
    Verify.structure(cache);
  }

  @Test
  void a_reloader_that_returns_null_removes_the_entry() {
    Cache<String, String> cache = Cache.<String, String>builder().maximumSize(10).ticker(ticker).executor(Runnable::run)
        .refreshAfterWrite(FRESH, key -> null).removalListener((String key, String value, RemovalCause cause) -> told.add(value + " " + cause))
        .build();
    cache.put("a", "old");
    ticker.advance(FRESH);
    assertThat(cache.getIfPresent("a")).isEqualTo("old");
    assertThat(cache.getIfPresent("a")).isNull();
    assertThat(told).containsExactly("old EXPLICIT");
    Verify.structure(cache);
  }

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

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void a_reload_that_waited_for_a_thread_for_too_long_does_not_run() {
    Cache<String, String> cache = builder().refreshTimeout(Duration.ofSeconds(1)).build();
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
  void values_that_were_read_are_reloaded_without_a_reader_where_that_is_wanted() {
    AtomicInteger hot = new AtomicInteger();
    AtomicInteger cold = new AtomicInteger();
    Cache<String, String> cache = Cache.<String, String>builder().maximumSize(1000).ticker(ticker).refreshProactively()
        .refreshAfterWrite(FRESH, key -> "new" + (key.equals("hot") ? hot : cold).incrementAndGet()).build();
    cache.put("hot", "old");
    cache.put("cold", "old");
    cache.getIfPresent("hot");
    ticker.advance(FRESH);
    Gc.awaitWithoutGc("reloaded", () -> "new1".equals(cache.policy().getIfPresentQuietly("hot")));
    assertThat(cold).hasValue(0);
    ticker.advance(FRESH);
    cache.put("other", "old");
    cache.getIfPresent("other");
    ticker.advance(FRESH);
    Gc.awaitWithoutGc("another reloaded", () -> cold.get() == 1);
    assertThat(hot).as("not read since").hasValue(1);
    assertThat(cache.policy().getIfPresentQuietly("cold")).isEqualTo("old");
  }

  @Test
  void expiry_goes_on_beside_refreshing() {
    Cache<String, String> cache = builder().expireAfterWrite(FRESH.multipliedBy(2)).build();
    cache.put("a", "old");
    cache.put("late", "old");
    ticker.advance(FRESH);
    assertThat(cache.getIfPresent("a")).isEqualTo("old");
    runTasks();
    ticker.advance(FRESH);
    assertThat(cache.getIfPresent("a")).as("lives from its reload on").isEqualTo("a1");
    assertThat(cache.getIfPresent("late")).isNull();
    ticker.advance(FRESH);
    tasks.clear();
    assertThat(cache.getIfPresent("a")).as("expires if nothing reloads it").isNull();
  }

  @Test
  void a_reload_of_an_entry_that_expired_meanwhile_is_dropped() {
    Cache<String, String> cache = builder().expireAfterWrite(FRESH.multipliedBy(2)).build();
    cache.put("a", "old");
    ticker.advance(FRESH);
    cache.getIfPresent("a");
    ticker.advance(FRESH);
    runTasks();
    assertThat(cache.getIfPresent("a")).isNull();
    assertThat(told).contains("a1 REPLACED", "old EXPIRED");
    Verify.structure(cache);
  }

  @Test
  void lifetimes_of_their_own_are_asked_of_reloaded_values() {
    Cache<String, String> cache = Cache.<String, String>builder().maximumSize(10).ticker(ticker).executor(Runnable::run)
        .refreshAfterWrite(FRESH, (String key) -> "new")
        .expireAfter(Expiry.writing((String key, String value) -> value.equals("new") ? FRESH.multipliedBy(5) : FRESH.multipliedBy(2))).build();
    cache.put("a", "old");
    ticker.advance(FRESH);
    cache.getIfPresent("a");
    assertThat(cache.policy().expiresIn("a")).contains(FRESH.multipliedBy(5));
  }

  @Test
  void weak_keys_and_values_are_reloaded_and_not_kept() {
    Cache<Object, Object> cache = Cache.builder().weakKeys().weakValues().ticker(ticker).executor(Runnable::run)
        .refreshAfterWrite(FRESH, (Object key) -> (Object) key.toString()).build();
    Object key = new Object();
    String old = new String("old");
    cache.put(key, old);
    ticker.advance(FRESH);
    assertThat(cache.getIfPresent(key)).isSameAs(old);
    assertThat(old).isNotNull();
    Gc.await("the reloaded value, which nobody holds, collected", () -> cache.estimatedSize() == 0);
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

  @Test
  void a_cache_that_refreshes_proactively_is_collected_when_it_is_dropped() {
    Gc.awaitCleared(dropped());
  }

  private WeakReference<Object> dropped() {
    Cache<String, String> cache = builder().refreshProactively().build();
    cache.put("a", "old");
    return new WeakReference<>(cache);
  }

  @Test
  void bad_input_is_refused() {
    assertThatThrownBy(() -> Cache.<String, String>builder().refreshAfterWrite(Duration.ZERO, key -> "")).isInstanceOf(IllegalArgumentException.class)
        .hasMessage("refreshAfterWrite must be longer than 0, but was PT0S");
    assertThatThrownBy(() -> Cache.<String, String>builder().refreshAfterWrite(FRESH, null)).isInstanceOf(NullPointerException.class)
        .hasMessage("reloader");
    assertThatThrownBy(() -> Cache.<String, String>builder().refreshAfterWrite(FRESH, key -> "").build()).isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("this cache would grow for ever");
    assertThatThrownBy(() -> Cache.builder().maximumSize(1).refreshTimeout(FRESH).build()).isInstanceOf(IllegalStateException.class)
        .hasMessage("refreshTimeout has no effect without a time: set refreshAfterWrite");
    assertThatThrownBy(() -> Cache.builder().maximumSize(1).refreshProactively().build()).isInstanceOf(IllegalStateException.class)
        .hasMessage("refreshProactively has no effect without a time: set refreshAfterWrite");
    assertThatThrownBy(() -> Cache.<String, String>builder().expireAfterWrite(FRESH).refreshAfterWrite(FRESH, key -> "").build())
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("refreshAfterWrite PT10S has no effect when values expire before: set it shorter than expireAfterWrite PT10S");
    Cache<String, String> cache = builder().build();
    assertThatThrownBy(() -> cache.put("a", "b", FRESH)).isInstanceOf(IllegalStateException.class);
  }

  /** A value of the model: since when it is stale, and whether it is being reloaded. */
  private static final class Entry {
    final String value;
    long staleFrom;
    boolean reloading;

    Entry(String value, long staleFrom) {
      this.value = value;
      this.staleFrom = staleFrom;
    }
  }

  /** A reload of the model, in the order in which the executor was given the tasks. */
  private record Task(String key, Entry entry) {}

  @Test
  void a_cache_that_refreshes_behaves_as_its_model() {
    Seeded.check(100, random -> {
      ManualTicker clock = new ManualTicker();
      Deque<Runnable> given = new ArrayDeque<>();
      AtomicInteger numbers = new AtomicInteger();
      AtomicReference<String> next = new AtomicReference<>();
      Cache<String, String> cache = Cache.<String, String>builder().maximumSize(100).ticker(clock).executor(given::add)
          .failureListener(failure -> { }).refreshTimeout(Duration.ofDays(1)).refreshAfterWrite(Duration.ofNanos(100), key -> {
            if (next.get().equals("throw")) {
              throw new IllegalStateException("on purpose");
            }
            return next.get().equals("null") ? null : next.get();
          }).build();
      Map<String, Entry> model = new HashMap<>();
      Deque<Task> expected = new ArrayDeque<>();
      long now = 0;
      for (int i = 0; i < 300; i++) {
        String key = String.valueOf(random.nextInt(4));
        switch (random.nextInt(7)) {
          case 0 -> {
            String value = "put" + numbers.incrementAndGet();
            cache.put(key, value);
            model.put(key, new Entry(value, now + 100));
          }
          case 1 -> {
            cache.invalidate(key);
            model.remove(key);
          }
          case 2, 3 -> {
            Entry entry = model.get(key);
            assertThat(cache.getIfPresent(key)).isEqualTo(entry == null ? null : entry.value);
            if (entry != null && entry.staleFrom <= now && !entry.reloading && expected.stream().noneMatch(task -> task.key.equals(key))) {
              entry.reloading = true;
              expected.add(new Task(key, entry));
            }
          }
          case 4 -> {
            int step = random.nextInt(80);
            clock.advance(Duration.ofNanos(step));
            now += step;
          }
          default -> {
            if (!given.isEmpty()) {
              String result = switch (random.nextInt(5)) {
                case 0 -> "throw";
                case 1 -> "null";
                default -> "load" + numbers.incrementAndGet();
              };
              next.set(result);
              given.poll().run();
              Task task = expected.poll();
              task.entry.reloading = false;
              if (model.get(task.key) == task.entry) {
                switch (result) {
                  case "throw" -> task.entry.staleFrom = now + 10;
                  case "null" -> model.remove(task.key);
                  default -> model.put(task.key, new Entry(result, now + 100));
                }
              }
            }
          }
        }
        assertThat(given).hasSameSizeAs(expected);
      }
      Verify.structure(cache);
      Map<String, String> values = new HashMap<>();
      model.forEach((key, entry) -> values.put(key, entry.value));
      assertThat(cache.asMap()).isEqualTo(values);
    });
  }

  @Test
  void threads_never_have_a_key_reloaded_twice_at_a_time_and_every_value_leaves_once() throws Exception {
    Map<Integer, AtomicInteger> running = new ConcurrentHashMap<>();
    AtomicInteger twice = new AtomicInteger();
    Map<Object, AtomicInteger> left = new ConcurrentHashMap<>();
    Queue<Object> all = new ConcurrentLinkedQueue<>();
    ExecutorService reloads = Executors.newFixedThreadPool(3);
    ExecutorService threads = Executors.newFixedThreadPool(3);
    try {
      Cache<Integer, Object> cache = Cache.<Integer, Object>builder().maximumSize(50).executor(reloads)
          .refreshAfterWrite(Duration.ofNanos(1), (Integer key) -> {
            AtomicInteger count = running.computeIfAbsent(key, k -> new AtomicInteger());
            if (count.incrementAndGet() > 1) {
              twice.incrementAndGet();
            }
            Thread.yield();
            count.decrementAndGet();
            Object value = new Object();
            all.add(value);
            return value;
          }).removalListener((Integer key, Object value, RemovalCause cause) -> left.computeIfAbsent(value, v -> new AtomicInteger()).incrementAndGet())
          .build();
      List<Future<?>> workers = new ArrayList<>();
      for (int t = 0; t < 3; t++) {
        int seed = t;
        workers.add(threads.submit(() -> {
          java.util.SplittableRandom random = new java.util.SplittableRandom(seed);
          for (int i = 0; i < 20_000; i++) {
            int key = random.nextInt(60);
            if (i % 5 == 0) {
              Object value = new Object();
              all.add(value);
              cache.put(key, value);
            } else if (i % 17 == 0) {
              cache.invalidate(key);
            } else {
              cache.getIfPresent(key);
            }
          }
        }));
      }
      for (Future<?> worker : workers) {
        worker.get();
      }
      Gc.awaitWithoutGc("all reloads ended", () -> Verify.reloads(cache) == 0);
      reloads.shutdown();
      assertThat(reloads.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
      assertThat(twice).hasValue(0);
      Verify.structure(cache);
      cache.invalidateAll();
      assertThat(all).allMatch(value -> left.containsKey(value) && left.get(value).get() == 1);
    } finally {
      threads.shutdownNow();
      reloads.shutdownNow();
    }
  }
}
