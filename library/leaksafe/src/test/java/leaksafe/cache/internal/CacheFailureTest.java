package leaksafe.cache.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.lang.ref.Reference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import leaksafe.Failure;
import leaksafe.RemovalCause;
import leaksafe.RemovalListener;
import leaksafe.cache.Cache;
import leaksafe.cache.CacheBuilder;
import leaksafe.cache.Eviction;
import leaksafe.cache.Expiry;
import leaksafe.testing.Gc;
import leaksafe.testing.ManualTicker;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Executors, keys and listeners that do what they must not: the cache goes on, loses nobody's value and says what happened. */
@Timeout(60)
class CacheFailureTest {
  private final ConcurrentLinkedQueue<String> told = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<Failure> failures = new ConcurrentLinkedQueue<>();
  private final ManualTicker ticker = new ManualTicker();

  private CacheBuilder<String, String> builder() {
    return Cache.<String, String>builder().failureListener(failures::add).expireAfterWrite(Duration.ofSeconds(1)).ticker(ticker);
  }

  private void tell(String key, String value, RemovalCause cause) {
    told.add(key + " " + cause);
  }

  @Test
  void a_listeners_executor_that_throws_is_reported_and_the_caller_delivers() {
    AtomicInteger calls = new AtomicInteger();
    Cache<String, String> cache = builder().removalListener(this::tell, task -> {
      if (calls.getAndIncrement() == 0) {
        throw new OutOfMemoryError("unable to create native thread, on purpose");
      }
      task.run();
    }).build();
    cache.put("a", "1");
    cache.put("b", "1");
    cache.invalidate("a");
    cache.invalidate("b");
    assertThat(told).containsExactly("a EXPLICIT", "b EXPLICIT");
    assertThat(failures).singleElement().asString().contains("executor").contains("unable to create native thread");
  }

  @Test
  void an_executor_that_throws_or_forgets_its_task_does_not_keep_an_idle_cache_from_releasing() {
    AtomicInteger calls = new AtomicInteger();
    Cache<String, String> cache = builder().removalListener(this::tell).executor(task -> {
      if (calls.getAndIncrement() == 0) {
        throw new IllegalStateException("fails on purpose");
      }
      task.run();
    }).build();
    cache.put("a", "1");
    ticker.advance(Duration.ofSeconds(2));
    Gc.awaitWithoutGc("told", () -> told.contains("a EXPIRED"));
    assertThat(failures).singleElement().asString().contains("executor").contains("fails on purpose");
    cache.put("b", "1");
    ticker.advance(Duration.ofSeconds(2));
    Gc.awaitWithoutGc("told of the next", () -> told.contains("b EXPIRED"));
    Reference.reachabilityFence(cache);
  }

  @Test
  void what_an_executor_forgets_to_tell_is_told_without_it_after_a_while() {
    Executor forgetful = task -> { };
    Removals<String, String> removals = new Removals<>(() -> "test", this::tell, failures::add, null, forgetful);
    removals.deliver(new Removal<>("a", "1", RemovalCause.EXPIRED, null), false);
    long now = System.nanoTime();
    assertThat(removals.isBehind(now)).isTrue();
    assertThat(told).isEmpty();
    assertThat(removals.isBehind(now + Removals.PATIENCE_NANOS)).isTrue();
    Gc.awaitWithoutGc("told", () -> !removals.isBehind(now));
    assertThat(told).containsExactly("a EXPIRED");
  }

  @Test
  void an_executor_that_runs_its_tasks_at_once_does_not_run_them_on_the_reaper() throws Exception {
    Executor direct = Runnable::run;
    isNotHeldUp(listener -> builder().removalListener(listener).executor(direct).build());
    isNotHeldUp(listener -> builder().removalListener(listener, direct).build());
  }

  private void isNotHeldUp(Function<RemovalListener<String, String>, Cache<String, String>> hangingWith) throws InterruptedException {
    CountDownLatch hanging = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    AtomicReference<Thread> thread = new AtomicReference<>();
    Cache<String, String> cache = hangingWith.apply((key, value, cause) -> {
      thread.set(Thread.currentThread());
      hanging.countDown();
      try {
        go.await();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    });
    try {
      cache.put("a", "1");
      ticker.advance(Duration.ofSeconds(2));
      hanging.await();
      assertThat(thread.get().getName()).isNotEqualTo("leaksafe-reaper");
      told.clear();
      Cache<String, String> other = builder().removalListener(this::tell).build();
      other.put("b", "1");
      ticker.advance(Duration.ofSeconds(2));
      Gc.awaitWithoutGc("others told meanwhile", () -> told.contains("b EXPIRED"));
      Reference.reachabilityFence(other);
    } finally {
      go.countDown();
    }
    Reference.reachabilityFence(cache);
  }

  /** A key that stops to answer. */
  private static final class Failing {
    private final int id;
    private volatile boolean fails;

    Failing(int id) {
      this.id = id;
    }

    @Override
    public int hashCode() {
      if (fails) {
        throw new IllegalStateException("fails on purpose");
      }
      return id;
    }

    @Override
    public boolean equals(Object other) {
      return this == other;
    }
  }

  @Test
  void a_key_whose_hash_code_fails_when_it_is_evicted_fails_nobodys_put_and_its_value_is_told() {
    AtomicInteger left = new AtomicInteger();
    Cache<Object, Integer> cache = Cache.builder().maximumSize(100).eviction(Eviction.FIFO).failureListener(failures::add)
        .removalListener((Object key, Integer value, RemovalCause cause) -> left.incrementAndGet()).build();
    List<Failing> keys = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      keys.add(new Failing(i));
      cache.put(keys.get(i), i);
    }
    keys.forEach(key -> key.fails = true);
    for (int i = 0; i < 1000; i++) {
      cache.put(i, i);
    }
    assertThat(left).hasValue(1000);
    Verify.structure(cache);
    assertThat(failures).singleElement().asString().contains("the hashCode of a leaksafe.cache.internal.CacheFailureTest$Failing changed or throws");
  }

  private record Colliding(int id) {
    @Override
    public int hashCode() {
      return 42;
    }
  }

  @Test
  void entries_without_weight_and_of_one_hash_code_do_not_make_it_unusable() {
    Cache<Colliding, Integer> cache =
        Cache.builder().maximumWeight(1000).weigher((Colliding key, Integer value) -> 0).failureListener(failures::add).build();
    for (int i = 0; i < 10_000; i++) {
      cache.put(new Colliding(i), i);
    }
    assertThat(cache.estimatedSize()).isEqualTo(512);
    assertThat(cache.getIfPresent(new Colliding(9_999))).isEqualTo(9_999);
    Verify.structure(cache);
  }

  @Test
  void a_listener_that_puts_back_what_was_evicted_does_not_overflow_the_stack_and_is_told_in_order() {
    AtomicInteger left = new AtomicInteger(100_000);
    AtomicInteger inside = new AtomicInteger();
    AtomicReference<Cache<Integer, Integer>> self = new AtomicReference<>();
    Cache<Integer, Integer> cache = Cache.builder().maximumSize(10).eviction(Eviction.LRU).failureListener(failures::add)
        .removalListener((Integer key, Integer value, RemovalCause cause) -> {
          assertThat(inside.incrementAndGet()).as("calls at a time").isEqualTo(1);
          if (left.decrementAndGet() >= 0) {
            self.get().put(key, value);
          }
          inside.decrementAndGet();
        }).build();
    self.set(cache);
    for (int i = 0; i < 11; i++) {
      cache.put(i, i);
    }
    assertThat(failures).isEmpty();
    assertThat(left).hasValue(-1);
    assertThat(cache.asMap()).hasSize(10);
    Verify.structure(cache);
  }

  /** Uses the cache, in the one segment that it has, as a function of users' may wherever it is called: under a lock that would throw. */
  private static final class User {
    private Cache<Integer, Integer> cache;
    private final Set<String> roles = ConcurrentHashMap.newKeySet();

    <T> T use(String role, T result) {
      if (cache != null && roles.add(role)) {
        cache.put(50, 1);
        cache.getIfPresent(1);
        cache.asMap().remove(50);
        cache.cleanUp();
      }
      return result;
    }
  }

  @Test
  void no_function_of_users_is_called_under_a_lock() {
    User user = new User();
    Cache<Integer, Integer> cache = Cache.builder().maximumWeight(20).weigher((Integer key, Integer value) -> user.use("weigher", 1))
        .expireAfter(new Expiry<Integer, Integer>() {
          @Override
          public long expireAfterCreate(Integer key, Integer value, long now) {
            return user.use("create", 1_000_000L);
          }

          @Override
          public long expireAfterUpdate(Integer key, Integer value, long now, long current) {
            return user.use("update", current);
          }

          @Override
          public long expireAfterRead(Integer key, Integer value, long now, long current) {
            return user.use("read", current);
          }
        }).ticker(ticker).groups((Integer key, Integer value) -> user.use("groups", List.of("group")))
        .removalListener((Integer key, Integer value, RemovalCause cause) -> {
          user.use("listener " + cause, null);
          throw new IllegalStateException("fails on purpose");
        }, task -> {
          user.use("executor", null);
          task.run();
        }).failureListener(failure -> {
          failures.add(failure);
          user.use("failure listener", null);
        }).refreshAfterWrite(Duration.ofNanos(10), key -> user.use("reloader", key)).executor(Runnable::run).build();
    user.cache = cache;
    cache.put(1, 1);
    cache.put(1, 2);
    cache.getIfPresent(1);
    cache.get(2, key -> user.use("loader", 2));
    cache.getAll(List.of(3, 4), keys -> user.use("bulk loader", Map.of(3, 3, 4, 4)));
    cache.asMap().compute(2, (key, value) -> user.use("compute", 3));
    cache.asMap().merge(2, 4, (old, value) -> user.use("merge", value));
    cache.asMap().replaceAll((key, value) -> user.use("replaceAll", value));
    ticker.advance(Duration.ofNanos(20));
    cache.getIfPresent(1);
    for (int i = 100; i < 150; i++) {
      cache.put(i, i);
    }
    cache.invalidate(149);
    ticker.advance(Duration.ofSeconds(1));
    cache.cleanUp();
    assertThat(failures).isNotEmpty().allSatisfy(failure -> assertThat(failure.cause()).hasMessage("fails on purpose"));
    assertThat(user.roles).contains("weigher", "create", "update", "read", "groups", "listener EXPLICIT", "listener REPLACED", "listener SIZE",
        "listener EXPIRED", "executor", "failure listener", "reloader", "loader", "bulk loader", "compute", "merge", "replaceAll");
    Verify.structure(cache);
  }

  @Test
  void a_copy_of_an_entry_that_was_sent_elsewhere_is_a_plain_one() throws Exception {
    Cache<String, String> cache = builder().build();
    cache.put("a", "1");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(cache.asMap().entrySet().iterator().next());
    }
    try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      @SuppressWarnings("unchecked")
      Map.Entry<String, String> copy = (Map.Entry<String, String>) in.readObject();
      assertThat(copy.setValue("2")).isEqualTo("1");
    }
    assertThat(cache.getIfPresent("a")).isEqualTo("1");
  }

  @Test
  void a_weigher_that_answers_below_zero_is_told_so_and_stores_nothing() {
    Cache<String, String> cache = Cache.builder().maximumWeight(10).weigher((String key, String value) -> -1).build();
    assertThatThrownBy(() -> cache.put("a", "1")).isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a weight must be at least 0, but the weigher returned -1");
    assertThat(cache.asMap()).isEmpty();
    Verify.structure(cache);
  }
}
