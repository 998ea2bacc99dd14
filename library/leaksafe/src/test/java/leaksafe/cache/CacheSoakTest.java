package leaksafe.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import leaksafe.RemovalCause;
import leaksafe.cache.internal.Verify;
import leaksafe.testing.Gc;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Everything at once from several threads, with functions that throw; then the books must balance and the structure hold. */
class CacheSoakTest {
  private static final int THREADS = 4;
  private static final int OPERATIONS = 40_000; // of each thread

  /** A value that knows how often it was reported to have left. */
  static final class Value {
    final int key;
    final AtomicInteger left = new AtomicInteger();

    Value(int key) {
      this.key = key;
    }
  }

  record Configuration(String name, CacheBuilder<Integer, Value> builder, int keys, long maximum) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Configuration> configurations() {
    return Stream.of(
        new Configuration("size 1", Cache.<Integer, Value>builder().maximumSize(1), 5, 1),
        new Configuration("size 3", Cache.<Integer, Value>builder().maximumSize(3), 10, 3),
        new Configuration("size 100", Cache.<Integer, Value>builder().maximumSize(100), 300, 100),
        new Configuration("size 5000", Cache.<Integer, Value>builder().maximumSize(5000), 15_000, 5000),
        new Configuration("LRU 50", Cache.<Integer, Value>builder().maximumSize(50).eviction(Eviction.LRU), 100, 50),
        new Configuration("FIFO 50", Cache.<Integer, Value>builder().maximumSize(50).eviction(Eviction.FIFO), 100, 50),
        new Configuration("weight 500", Cache.<Integer, Value>builder().maximumWeight(500).weigher((k, v) -> k % 7), 400, 500),
        new Configuration("weight 3000, in segments", Cache.<Integer, Value>builder().maximumWeight(3000).weigher((k, v) -> k % 90), 400, 3000),
        new Configuration("short lives", Cache.<Integer, Value>builder().expireAfterWrite(Duration.ofMillis(30)), 1000, Long.MAX_VALUE),
        new Configuration("short lives, size", Cache.<Integer, Value>builder().expireAfterAccess(Duration.ofMillis(3)).maximumSize(500), 1000, 500),
        new Configuration("variable lives", Cache.<Integer, Value>builder().maximumSize(800)
            .expireAfter(Expiry.accessing((Integer k, Value v) -> Duration.ofMillis(k % 20))), 1000, 800),
        new Configuration("unbounded", Cache.<Integer, Value>builder().unbounded(), 3000, Long.MAX_VALUE));
  }

  @ParameterizedTest
  @MethodSource("configurations")
  void every_value_leaves_once_and_the_bound_holds_at_every_instant(Configuration configuration) throws Exception {
    AtomicLong toldTwice = new AtomicLong();
    Cache<Integer, Value> cache = configuration.builder().recordStats().removalListener((Integer key, Value value, RemovalCause cause) -> {
      assertThat(value.key).isEqualTo(key);
      if (value.left.incrementAndGet() > 1) {
        toldTwice.incrementAndGet();
      }
      if (key % 11 == 0) {
        throw new IllegalStateException("a listener that fails on purpose");
      }
    }).failureListener(failure -> assertThat(failure.cause()).hasMessage("a listener that fails on purpose")).build();

    AtomicBoolean done = new AtomicBoolean();
    ExecutorService threads = Executors.newFixedThreadPool(THREADS + 1);
    List<Value> all = new ArrayList<>();
    try {
      Future<Long> watcher = threads.submit(() -> watch(cache, configuration.maximum(), done));
      List<Future<List<Value>>> workers = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        workers.add(threads.submit(work(cache, configuration.keys(), i)));
      }
      for (Future<List<Value>> worker : workers) {
        all.addAll(worker.get());
      }
      done.set(true);
      assertThat(watcher.get()).as("most entries that were seen").isLessThanOrEqualTo(configuration.maximum());
    } finally {
      done.set(true);
      threads.shutdownNow();
    }

    Verify.structure(cache);
    cache.cleanUp();
    Gc.awaitWithoutGc("told of what the reaper removed", () -> {
      cache.cleanUp();
      Set<Value> live = Collections.newSetFromMap(new IdentityHashMap<>());
      live.addAll(cache.asMap().values());
      return all.stream().allMatch(value -> value.left.get() > 0 || live.contains(value));
    });
    assertThat(toldTwice).hasValue(0);
    for (Value value : cache.asMap().values()) {
      assertThat(value.left).as("a live value").hasValue(0);
    }
    cache.invalidateAll();
    Verify.structure(cache);
    assertThat(cache.estimatedSize()).isZero();
    for (Value value : all) {
      assertThat(value.left).as("times that a value was reported").hasValue(1);
    }
  }

  private static long watch(Cache<?, ?> cache, long maximum, AtomicBoolean done) {
    long most = 0;
    while (!done.get()) {
      most = Math.max(most, cache.policy().weightedSize().orElse(cache.estimatedSize()));
      if (most > maximum) {
        return most;
      }
      Thread.onSpinWait();
    }
    return most;
  }

  /** Returns the values that the cache took, each of which must leave once. */
  private static Callable<List<Value>> work(Cache<Integer, Value> cache, int keys, int seed) {
    return () -> {
      List<Value> stored = new ArrayList<>();
      SplittableRandom random = new SplittableRandom(seed);
      Map<Integer, Value> map = cache.asMap();
      for (int i = 0; i < OPERATIONS; i++) {
        int key = random.nextInt(1 + random.nextInt(keys));
        Value value = new Value(key);
        switch (random.nextInt(16)) {
          case 0, 1, 2 -> {
            cache.put(key, value);
            stored.add(value);
          }
          case 3, 4, 5 -> {
            Value got = cache.get(key, k -> {
              stored.add(value);
              return value;
            });
            assertThat(got.key).isEqualTo(key);
          }
          case 6 -> {
            Value got = map.compute(key, (k, old) -> {
              if (random.nextInt(4) == 0) {
                return null;
              }
              stored.add(value);
              return value;
            });
            assertThat(got == null || got == value).isTrue();
          }
          case 7 -> {
            try {
              cache.get(key, k -> {
                throw new IllegalArgumentException("a loader that fails on purpose");
              });
            } catch (IllegalArgumentException e) {
              assertThat(e).hasMessage("a loader that fails on purpose");
            }
          }
          case 8 -> {
            if (map.putIfAbsent(key, value) == null) {
              stored.add(value);
            }
          }
          case 9 -> {
            if (map.replace(key, value) != null) {
              stored.add(value);
            }
          }
          case 10 -> map.remove(key);
          case 11 -> cache.invalidate(key);
          case 12 -> {
            if (i % 500 == 0) {
              cache.invalidateAll();
            } else if (i % 50 == 0) {
              map.values().removeIf(v -> v.key % 3 == 0);
            }
          }
          case 13 -> {
            Value old = map.get(key);
            if (old != null && map.replace(key, old, value)) {
              stored.add(value);
            }
          }
          default -> {
            Value got = cache.getIfPresent(key);
            assertThat(got == null || got.key == key).isTrue();
          }
        }
      }
      return stored;
    };
  }
}
