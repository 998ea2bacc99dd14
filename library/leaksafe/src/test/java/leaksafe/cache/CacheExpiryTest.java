package leaksafe.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BinaryOperator;
import leaksafe.RemovalCause;
import leaksafe.cache.internal.Verify;
import leaksafe.testing.Gc;
import leaksafe.testing.ManualTicker;
import leaksafe.testing.Seeded;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class CacheExpiryTest {
  private final ManualTicker ticker = new ManualTicker();

  @Test
  void a_value_expires_after_write_at_its_time_and_not_before() {
    Cache<String, String> cache = Cache.builder().expireAfterWrite(Duration.ofSeconds(10)).ticker(ticker).build();
    cache.put("a", "1");
    ticker.advance(Duration.ofSeconds(10).minusNanos(1));
    assertThat(cache.getIfPresent("a")).isEqualTo("1");
    ticker.advance(Duration.ofNanos(1));
    assertThat(cache.getIfPresent("a")).isNull();
    assertThat(cache.asMap()).doesNotContainKey("a");
    assertThat(cache.asMap().entrySet()).isEmpty();
    assertThat(cache.get("a", key -> "2")).isEqualTo("2");
  }

  @Test
  void a_new_value_has_a_new_lifetime() {
    Cache<String, String> cache = Cache.builder().expireAfterWrite(Duration.ofSeconds(10)).ticker(ticker).build();
    cache.put("a", "1");
    ticker.advance(Duration.ofSeconds(9));
    cache.put("a", "2");
    ticker.advance(Duration.ofSeconds(9));
    assertThat(cache.getIfPresent("a")).isEqualTo("2");
    cache.asMap().compute("a", (key, value) -> "3");
    ticker.advance(Duration.ofSeconds(9));
    assertThat(cache.getIfPresent("a")).isEqualTo("3");
  }

  @Test
  void use_prolongs_the_life_with_expire_after_access_but_not_beyond_expire_after_write() {
    Cache<String, String> cache = Cache.builder().expireAfterAccess(Duration.ofSeconds(10)).expireAfterWrite(Duration.ofSeconds(25))
        .ticker(ticker).build();
    cache.put("a", "1");
    for (int i = 0; i < 2; i++) {
      ticker.advance(Duration.ofSeconds(9));
      assertThat(cache.getIfPresent("a")).isEqualTo("1");
    }
    assertThat(cache.policy().expiresIn("a")).contains(Duration.ofSeconds(7));
    assertThat(cache.policy().ageOf("a")).contains(Duration.ofSeconds(18));
    ticker.advance(Duration.ofSeconds(7));
    assertThat(cache.getIfPresent("a")).isNull();
    cache.put("b", "1");
    ticker.advance(Duration.ofSeconds(10));
    assertThat(cache.getIfPresent("b")).isNull();
  }

  @Test
  void looking_through_the_policy_prolongs_nothing() {
    Cache<String, String> cache = Cache.builder().expireAfterAccess(Duration.ofSeconds(10)).ticker(ticker).build();
    cache.put("a", "1");
    ticker.advance(Duration.ofSeconds(9));
    assertThat(cache.policy().getIfPresentQuietly("a")).isEqualTo("1");
    assertThat(cache.policy().ageOf("a")).contains(Duration.ofSeconds(9));
    assertThat(cache.asMap().containsKey("a")).isTrue();
    ticker.advance(Duration.ofSeconds(1));
    assertThat(cache.policy().getIfPresentQuietly("a")).isNull();
  }

  @Test
  void each_entry_lives_as_long_as_its_expiry_says() {
    Cache<String, Integer> cache = Cache.builder().ticker(ticker).expireAfter(new Expiry<String, Integer>() {
      @Override
      public long expireAfterCreate(String key, Integer value, long now) {
        assertThat(now).isEqualTo(ticker.read());
        return Duration.ofSeconds(value).toNanos();
      }

      @Override
      public long expireAfterUpdate(String key, Integer value, long now, long left) {
        return left + Duration.ofSeconds(value).toNanos();
      }

      @Override
      public long expireAfterRead(String key, Integer value, long now, long left) {
        return key.equals("shrinks") ? left / 2 : left;
      }
    }).build();
    cache.put("a", 5);
    cache.put("shrinks", 8);
    ticker.advance(Duration.ofSeconds(4));
    assertThat(cache.getIfPresent("shrinks")).isEqualTo(8);
    assertThat(cache.policy().expiresIn("shrinks")).contains(Duration.ofSeconds(2));
    cache.put("a", 10);
    assertThat(cache.policy().expiresIn("a")).contains(Duration.ofSeconds(11));
    cache.put("never", 0);
    assertThat(cache.getIfPresent("never")).isNull();
    assertThat(cache.asMap().compute("a", (key, value) -> 1)).isEqualTo(1);
    assertThat(cache.policy().expiresIn("a")).contains(Duration.ofSeconds(12));
  }

  @Test
  void a_put_may_bring_its_own_lifetime() {
    Cache<String, String> cache = Cache.builder().expireAfterWrite(Duration.ofSeconds(10)).ticker(ticker).build();
    cache.put("short", "1", Duration.ofSeconds(1));
    cache.put("long", "1", Duration.ofDays(365_000_000));
    ticker.advance(Duration.ofSeconds(1));
    assertThat(cache.getIfPresent("short")).isNull();
    ticker.advance(Duration.ofDays(1));
    assertThat(cache.getIfPresent("long")).isEqualTo("1");
    assertThat(cache.policy().expiresIn("long")).isEmpty();
    assertThatThrownBy(() -> cache.put("a", "b", Duration.ZERO)).isInstanceOf(IllegalArgumentException.class)
        .hasMessage("lifetime must be longer than 0, but was PT0S");
    assertThatThrownBy(() -> Cache.builder().maximumSize(1).build().put("a", "b", Duration.ofDays(1))).isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("build it with expireAfterWrite or expireAfter");
  }

  @Test
  void lifetimes_beyond_all_clocks_mean_never_and_lifetimes_that_are_none_are_refused() {
    Duration ages = Duration.ofDays(365_000);
    Cache<String, String> cache = Cache.builder().expireAfterWrite(ages).ticker(ticker).build();
    cache.put("a", "1");
    cache.put("b", "1", ages);
    cache.put("c", "1", Duration.ofSeconds(1));
    ticker.advance(Duration.ofDays(36_500));
    assertThat(cache.getAllPresent(List.of("a", "b", "c"))).containsOnlyKeys("a", "b");
    assertThat(cache.policy().expiresIn("a")).isEmpty();
    for (Duration none : List.of(Duration.ZERO, Duration.ofNanos(-1))) {
      assertThatThrownBy(() -> cache.put("d", "1", none)).isInstanceOf(IllegalArgumentException.class)
          .hasMessage("lifetime must be longer than 0, but was " + none);
    }
    Cache<String, String> byUse = Cache.builder().expireAfterAccess(ages).ticker(ticker).build();
    assertThatThrownBy(() -> byUse.put("a", "1", Duration.ofSeconds(1))).isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("build it with expireAfterWrite or expireAfter");
  }

  @Test
  void what_is_expired_is_told_as_expired_whoever_finds_it() {
    Map<String, RemovalCause> told = new ConcurrentHashMap<>();
    Cache<String, String> cache = Cache.builder().expireAfterWrite(Duration.ofSeconds(1)).ticker(ticker).maximumSize(1).eviction(Eviction.FIFO)
        .removalListener((String key, String value, RemovalCause cause) -> told.put(key + value, cause)).build();
    cache.put("k", "found by a put");
    ticker.advance(Duration.ofSeconds(1));
    cache.put("k", "found by an eviction");
    ticker.advance(Duration.ofSeconds(1));
    cache.put("other", "found by a removal");
    ticker.advance(Duration.ofSeconds(1));
    assertThat(cache.asMap().remove("other")).isNull();
    cache.put("k", "found by a clear");
    ticker.advance(Duration.ofSeconds(1));
    cache.invalidateAll();
    cache.put("k", "alive");
    cache.invalidateAll();
    // The reaper may find some of them first, and then tells from another thread.
    Gc.awaitWithoutGc("all told", () -> told.size() == 5);
    assertThat(told.remove("kalive")).isEqualTo(RemovalCause.EXPLICIT);
    assertThat(told.values()).containsOnly(RemovalCause.EXPIRED);
  }

  @Test
  void clean_up_releases_all_that_is_expired() {
    AtomicInteger told = new AtomicInteger();
    Cache<Integer, Integer> cache = Cache.builder().expireAfterWrite(Duration.ofMinutes(1)).ticker(ticker).maximumSize(100_000)
        .removalListener((k, v, cause) -> told.incrementAndGet()).build();
    for (int i = 0; i < 50_000; i++) {
      cache.put(i, i);
    }
    ticker.advance(Duration.ofSeconds(30));
    for (int i = 0; i < 1000; i++) {
      cache.put(i, -i);
    }
    int replaced = told.get();
    ticker.advance(Duration.ofSeconds(30));
    cache.cleanUp();
    assertThat(cache.estimatedSize()).isEqualTo(1000);
    Gc.awaitWithoutGc("all told", () -> told.get() - replaced == 49_000);
    Verify.structure(cache);
  }

  @Test
  void an_idle_cache_releases_what_is_expired_and_tells_the_listener() {
    ConcurrentLinkedQueue<String> told = new ConcurrentLinkedQueue<>();
    Cache<String, Object> cache = Cache.builder().expireAfterWrite(Duration.ofMillis(200))
        .removalListener((String key, Object value, RemovalCause cause) -> told.add(key + " " + cause)).build();
    WeakReference<Object> value = putNew(cache);
    Gc.awaitWithoutGc("told", () -> told.contains("key EXPIRED"));
    Gc.awaitCleared(value);
    assertThat(cache.estimatedSize()).isZero();
    Reference.reachabilityFence(cache);
  }

  private static WeakReference<Object> putNew(Cache<String, Object> cache) {
    Object value = new Object();
    cache.put("key", value);
    return new WeakReference<>(value);
  }

  @Test
  void a_shorter_life_than_the_sweeper_planned_for_is_noticed() {
    Cache<String, Object> cache = Cache.builder().expireAfter(Expiry.creating((String key, Object value) -> Duration.ofHours(1))).build();
    cache.put("long", "1");
    cache.put("short", "2", Duration.ofMillis(100));
    Gc.awaitWithoutGc("released", () -> cache.estimatedSize() == 1);
    assertThat(cache.getIfPresent("long")).isEqualTo("1");
  }

  @Test
  void a_lifetime_of_its_own_that_is_much_shorter_than_the_caches_is_released_in_time() {
    ConcurrentLinkedQueue<String> told = new ConcurrentLinkedQueue<>();
    Cache<String, String> cache = Cache.builder().expireAfterWrite(Duration.ofHours(1)).ticker(ticker)
        .removalListener((String key, String value, RemovalCause cause) -> told.add(key + " " + cause)).build();
    cache.put("long", "1");
    cache.put("short", "2", Duration.ofMillis(100));
    ticker.advance(Duration.ofMillis(350));
    Gc.awaitWithoutGc("told", () -> told.contains("short EXPIRED"));
    assertThat(cache.asMap()).containsOnlyKeys("long");
  }

  @Test
  void a_value_that_expires_while_another_is_computed_for_it_is_not_returned_any_more() throws Exception {
    Cache<String, String> cache = Cache.builder().expireAfterWrite(Duration.ofSeconds(10)).ticker(ticker).build();
    cache.put("a", "old");
    CountDownLatch computing = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    Thread computer = start(cache, computing, go, (key, value) -> "new");
    computing.await();
    assertThat(cache.getIfPresent("a")).isEqualTo("old");
    assertThat(cache.get("a", key -> "not called")).isEqualTo("old");
    ticker.advance(Duration.ofSeconds(10));
    assertThat(cache.getIfPresent("a")).isNull();
    assertThat(cache.policy().getIfPresentQuietly("a")).isNull();
    assertThat(cache.asMap()).doesNotContainKey("a");
    assertThat(cache.getAllPresent(List.of("a"))).isEmpty();
    CompletableFuture<String> waiting = CompletableFuture.supplyAsync(() -> cache.get("a", key -> "not called"));
    go.countDown();
    assertThat(waiting.get()).isEqualTo("new");
    computer.join();
  }

  @Test
  void a_value_that_expired_during_a_computation_that_failed_is_released_though_nobody_uses_the_cache() throws Exception {
    ConcurrentLinkedQueue<String> told = new ConcurrentLinkedQueue<>();
    Cache<String, String> cache = Cache.builder().expireAfterWrite(Duration.ofSeconds(10)).ticker(ticker)
        .removalListener((String key, String value, RemovalCause cause) -> told.add(value + " " + cause)).build();
    cache.put("a", "old");
    CountDownLatch computing = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    Thread computer = start(cache, computing, go, (key, value) -> {
      throw new IllegalStateException("fails on purpose");
    });
    computing.await();
    ticker.advance(Duration.ofSeconds(11));
    cache.cleanUp(); // passes the entry over, and plans nothing for it
    go.countDown();
    computer.join();
    Gc.awaitWithoutGc("told", () -> told.contains("old EXPIRED"));
    Reference.reachabilityFence(cache);
  }

  private static Thread start(Cache<String, String> cache, CountDownLatch computing, CountDownLatch go, BinaryOperator<String> function) {
    Thread thread = new Thread(() -> cache.asMap().computeIfPresent("a", (key, value) -> {
      computing.countDown();
      try {
        go.await();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      return function.apply(key, value);
    }));
    thread.setUncaughtExceptionHandler((dead, e) -> assertThat(e).hasMessage("fails on purpose"));
    thread.start();
    return thread;
  }

  @Test
  @Timeout(30)
  void a_ticker_that_runs_over_or_against_its_contract_goes_back_has_nothing_hang() {
    AtomicLong time = new AtomicLong(Long.MAX_VALUE - 5);
    Cache<String, String> cache = Cache.builder().expireAfter(Expiry.writing((String key, String value) -> Duration.ofNanos(10))).ticker(time::get).build();
    cache.put("a", "1");
    time.addAndGet(9); // negative now, as System.nanoTime may be
    assertThat(cache.getIfPresent("a")).isEqualTo("1");
    time.addAndGet(1);
    assertThat(cache.getIfPresent("a")).isNull();
    time.addAndGet(-Duration.ofHours(1).toNanos());
    cache.put("b", "1");
    cache.put("b", "2");
    assertThat(cache.getIfPresent("b")).isEqualTo("2");
    time.addAndGet(10);
    assertThat(cache.getIfPresent("b")).isNull();
  }

  @Test
  void a_failing_expiry_fails_the_put_and_stores_nothing() {
    Cache<String, String> cache = Cache.builder().expireAfter(Expiry.creating((String key, String value) -> {
      throw new IllegalStateException("an expiry that fails on purpose");
    })).build();
    assertThatThrownBy(() -> cache.put("a", "1")).hasMessage("an expiry that fails on purpose");
    assertThatThrownBy(() -> cache.get("a", key -> "1")).hasMessage("an expiry that fails on purpose");
    assertThat(cache.estimatedSize()).isZero();
    Verify.structure(cache);
  }

  @Test
  void it_agrees_with_a_simple_model_over_random_operations() {
    Seeded.check(60, random -> {
      ManualTicker time = new ManualTicker();
      long write = 1 + random.nextInt(50);
      Cache<Integer, Integer> cache = Cache.builder().expireAfterWrite(Duration.ofNanos(write)).ticker(time).build();
      Map<Integer, long[]> model = new HashMap<>(); // value, deadline
      for (int i = 0; i < 2000; i++) {
        int key = random.nextInt(20);
        long now = time.read();
        long[] expected = model.get(key);
        Integer live = expected == null || expected[1] <= now ? null : (int) expected[0];
        switch (random.nextInt(7)) {
          case 0 -> {
            cache.put(key, i);
            model.put(key, new long[] {i, now + write});
          }
          case 1 -> {
            int life = 1 + random.nextInt(100);
            cache.put(key, i, Duration.ofNanos(life));
            model.put(key, new long[] {i, now + life});
          }
          case 2 -> {
            assertThat(cache.asMap().remove(key)).isEqualTo(live);
            model.remove(key);
          }
          case 3 -> {
            int value = i;
            assertThat(cache.get(key, k -> value)).isEqualTo(live != null ? live : Integer.valueOf(i));
            if (live == null) {
              model.put(key, new long[] {i, now + write});
            }
          }
          case 4 -> {
            Integer put = cache.asMap().merge(key, 1, Integer::sum);
            assertThat(put).isEqualTo(live == null ? 1 : live + 1);
            model.put(key, new long[] {put, now + write});
          }
          case 5 -> time.advance(Duration.ofNanos(random.nextInt(20)));
          default -> assertThat(cache.getIfPresent(key)).isEqualTo(live);
        }
      }
      cache.cleanUp();
      long now = time.read();
      assertThat(cache.estimatedSize()).isEqualTo(model.values().stream().filter(entry -> entry[1] > now).count());
      Verify.structure(cache);
    });
  }
}
