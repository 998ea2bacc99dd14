package leaksafe.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import leaksafe.RemovalCause;
import leaksafe.cache.internal.Verify;
import leaksafe.testing.Gc;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class CacheWeakTest {

  @Test
  void an_idle_cache_lets_the_values_of_collected_keys_go() {
    ConcurrentLinkedQueue<RemovalCause> told = new ConcurrentLinkedQueue<>();
    Cache<Object, Object> cache = Cache.builder().weakKeys().removalListener((key, value, cause) -> {
      assertThat(key).isNull();
      assertThat(value).isNotNull();
      told.add(cause);
    }).build();
    Object kept = new Object();
    cache.put(kept, "kept");
    List<WeakReference<Object>> values = fill(cache, 500);
    Gc.awaitCleared(values);
    Gc.awaitWithoutGc("all told", () -> told.size() == 500);
    assertThat(told).containsOnly(RemovalCause.COLLECTED);
    assertThat(cache.estimatedSize()).isEqualTo(1);
    assertThat(cache.getIfPresent(kept)).isEqualTo("kept");
    Verify.structure(cache);
  }

  private static List<WeakReference<Object>> fill(Cache<Object, Object> cache, int count) {
    List<WeakReference<Object>> values = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Object value = new Object();
      cache.put(new Object(), value);
      values.add(new WeakReference<>(value));
    }
    return values;
  }

  @Test
  void weak_keys_are_compared_by_identity() {
    Cache<String, Integer> cache = Cache.builder().weakKeys().maximumSize(10).build();
    String one = new String("a");
    String other = new String("a");
    cache.put(one, 1);
    assertThat(cache.getIfPresent(other)).isNull();
    cache.put(other, 2);
    assertThat(cache.getIfPresent(one)).isEqualTo(1);
    assertThat(cache.estimatedSize()).isEqualTo(2);
    assertThat(cache.asMap().computeIfPresent(one, (key, value) -> value + 10)).isEqualTo(11);
    Reference.reachabilityFence(other);
  }

  @Test
  void an_idle_cache_lets_the_keys_of_collected_values_go() {
    Cache<Object, Object> cache = Cache.builder().weakValues().expireAfterWrite(Duration.ofDays(1)).recordStats().build();
    List<WeakReference<Object>> keys = new ArrayList<>();
    Object kept = new Object();
    for (int i = 0; i < 300; i++) {
      Object key = new Object();
      cache.put(key, i == 0 ? kept : new Object());
      keys.add(new WeakReference<>(key));
    }
    Gc.awaitCleared(keys.subList(1, 300));
    Gc.awaitWithoutGc("all gone", () -> cache.estimatedSize() == 1);
    assertThat(cache.asMap().values()).containsExactly(kept);
    assertThat(cache.stats().evictionCount()).isEqualTo(299);
    Verify.structure(cache);
    Reference.reachabilityFence(kept);
  }

  @Test
  void a_replaced_weak_value_takes_no_entry_with_it_when_it_is_collected() {
    Cache<String, Object> cache = Cache.builder().weakValues().build();
    WeakReference<Object> first = new WeakReference<>(replace(cache));
    Gc.awaitCleared(first);
    cache.cleanUp();
    assertThat(cache.getIfPresent("k")).isEqualTo("second");
  }

  private static Object replace(Cache<String, Object> cache) {
    Object first = new Object();
    cache.put("k", first);
    cache.put("k", "second");
    return first;
  }

  /** A key of the hash code of all others, which says when it is compared. */
  private static final class Compared {
    private volatile Runnable then = () -> {};

    @Override
    public int hashCode() {
      return 7;
    }

    @Override
    public boolean equals(Object other) {
      then.run();
      return this == other;
    }
  }

  @Test
  @Timeout(60)
  void a_value_that_is_collected_while_it_is_replaced_is_told_and_not_taken_for_present() throws Exception {
    ConcurrentLinkedQueue<RemovalCause> told = new ConcurrentLinkedQueue<>();
    Cache<Compared, Object> cache = Cache.builder().weakValues()
        .removalListener((Compared key, Object value, RemovalCause cause) -> told.add(cause)).build();
    CountDownLatch loading = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    Compared loaded = new Compared(); // that of a load is compared after it was looked whether the value is there
    Thread loader = new Thread(() -> cache.get(loaded, key -> {
      loading.countDown();
      try {
        go.await();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      return null;
    }));
    loader.start();
    loading.await();
    Compared key = new Compared();
    loaded.then = collecting(cache, key);
    cache.put(key, "second");
    awaitTold(told, RemovalCause.COLLECTED);
    cache.invalidate(key);
    loaded.then = collecting(cache, key);
    assertThat(cache.asMap().replace(key, "second")).isNull();
    assertThat(cache.getIfPresent(key)).isNull();
    awaitTold(told, RemovalCause.COLLECTED, RemovalCause.EXPLICIT, RemovalCause.COLLECTED);
    loaded.then = () -> {};
    go.countDown();
    loader.join();
    Verify.structure(cache);
  }

  /** Waits: the reaper may have found the value before the write did, and has another thread tell of it. */
  private static void awaitTold(Collection<RemovalCause> told, RemovalCause... causes) {
    Gc.awaitWithoutGc("told of " + List.of(causes), () -> List.copyOf(told).equals(List.of(causes)));
  }

  /** Puts a value that is collected when the returned is run, once. */
  private static Runnable collecting(Cache<Compared, Object> cache, Compared key) {
    AtomicReference<Object> value = new AtomicReference<>(new Object());
    cache.put(key, value.get());
    WeakReference<Object> reference = new WeakReference<>(value.get());
    return () -> {
      value.set(null);
      Gc.awaitCleared(reference);
    };
  }

  @Test
  void clean_up_finds_what_was_collected_before_the_reaper_does() {
    Cache<Object, Object> cache = Cache.builder().weakKeys().maximumSize(1000).build();
    List<WeakReference<Object>> values = fill(cache, 100);
    Gc.await("all gone", () -> {
      cache.cleanUp();
      return cache.estimatedSize() == 0;
    });
    Gc.awaitCleared(values);
    Verify.structure(cache);
  }

  @Test
  void a_dropped_cache_is_collected_with_all_that_is_in_it() {
    Gc.awaitCleared(List.of(dropped(Cache.builder().maximumSize(10)), dropped(Cache.builder().expireAfterWrite(Duration.ofDays(1))),
        dropped(Cache.builder().weakKeys().weakValues())));
  }

  private static WeakReference<Object> dropped(CacheBuilder<Object, Object> builder) {
    Cache<Object, Object> cache = builder.build();
    cache.put("key", "value");
    return new WeakReference<>(cache);
  }
}
