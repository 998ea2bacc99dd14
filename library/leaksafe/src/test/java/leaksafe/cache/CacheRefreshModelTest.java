package leaksafe.cache;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import leaksafe.RemovalCause;
import leaksafe.cache.internal.Verify;
import leaksafe.testing.Gc;
import leaksafe.testing.ManualTicker;
import leaksafe.testing.Seeded;
import org.junit.jupiter.api.Test;

/** Refreshing beside a model, and under threads. */
class CacheRefreshModelTest {
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
