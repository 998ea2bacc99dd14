package leaksafe.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import leaksafe.RemovalCause;
import leaksafe.cache.internal.Verify;
import leaksafe.testing.Gc;
import org.junit.jupiter.api.Test;

class CacheRefreshTest extends CacheRefreshFixture {
  private CacheBuilder<String, String> builder() {
    return Cache.<String, String>builder().maximumSize(100).refreshAfterWrite(FRESH, key -> key + loads.incrementAndGet()).ticker(ticker)
        .executor(tasks::add).failureListener(failures::add)
        .removalListener((key, value, cause) -> told.add(value + " " + cause));
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
  void a_reloader_that_is_interrupted_keeps_the_old_value_and_the_interrupt_and_is_tried_again() {
    AtomicInteger calls = new AtomicInteger();
    Cache<String, String> cache = Cache.<String, String>builder().maximumSize(10).ticker(ticker).executor(tasks::add)
        .failureListener(failures::add).refreshAfterWrite(FRESH, key -> {
          Thread.currentThread().interrupt(); // its thread is, while it blocks, and it says so
          if (calls.incrementAndGet() == 1) {
            throw new IllegalStateException("interrupted", new InterruptedException());
          }
          return "new";
        }).build();
    cache.put("a", "old");
    ticker.advance(FRESH);
    cache.getIfPresent("a");
    runTasks();
    assertThat(Thread.interrupted()).as("kept for whoever owns the thread").isTrue();
    assertThat(failures).singleElement().satisfies(failure -> assertThat(failure.cause()).hasRootCauseInstanceOf(InterruptedException.class));
    assertThat(cache.getIfPresent("a")).isEqualTo("old");
    assertThat(Verify.reloads(cache)).isZero();
    ticker.advance(FRESH.dividedBy(10));
    cache.getIfPresent("a");
    runTasks();
    assertThat(Thread.interrupted()).isTrue();
    assertThat(cache.getIfPresent("a")).isEqualTo("new");
    assertThat(Verify.reloads(cache)).isZero();
    Verify.structure(cache);
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
}
