package leaksafe.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import leaksafe.Lease;
import leaksafe.cache.internal.Verify;
import leaksafe.testing.Gc;
import leaksafe.testing.VirtualThreads;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Thousands of virtual threads on what is added to caches. Skipped where there are none. */
@Timeout(90)
class CacheVirtualThreadsTest {
  private static final int THREADS = 1000;

  private ExecutorService virtual;

  @BeforeEach
  void begin() {
    virtual = VirtualThreads.executor();
  }

  @AfterEach
  void end() {
    if (virtual != null) {
      virtual.shutdownNow();
    }
  }

  private void run(IntConsumer task) throws Exception {
    List<Future<?>> all = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      int number = i;
      all.add(virtual.submit(() -> task.accept(number)));
    }
    for (Future<?> one : all) {
      one.get(60, TimeUnit.SECONDS);
    }
  }

  @Test
  void a_key_is_never_reloaded_twice_at_a_time() throws Exception {
    ConcurrentHashMap<Integer, AtomicInteger> running = new ConcurrentHashMap<>();
    AtomicInteger twice = new AtomicInteger();
    Cache<Integer, Integer> cache = Cache.<Integer, Integer>builder().maximumSize(50).executor(virtual)
        .refreshAfterWrite(Duration.ofNanos(1), key -> {
          AtomicInteger count = running.computeIfAbsent(key, k -> new AtomicInteger());
          twice.addAndGet(count.incrementAndGet() - 1);
          Thread.yield();
          count.decrementAndGet();
          return key;
        }).build();
    run(number -> {
      for (int i = 0; i < 20; i++) {
        int key = (number + i) % 40;
        assertThat(cache.get(key, k -> k)).isEqualTo(key);
        Thread.yield();
      }
    });
    Gc.awaitWithoutGc("all reloads ended", () -> Verify.reloads(cache) == 0);
    assertThat(twice).hasValue(0);
    Verify.structure(cache);
  }

  @Test
  void a_budget_is_never_exceeded() throws Exception {
    Budget budget = Budget.ofWeight(100);
    Cache<Integer, Integer> one = Cache.<Integer, Integer>builder().budget(budget).build();
    Cache<Integer, Integer> other = Cache.<Integer, Integer>builder().budget(budget).build();
    run(number -> {
      for (int i = 0; i < 20; i++) {
        (number % 2 == 0 ? one : other).put(number * 20 + i, i);
        assertThat(budget.weight()).isLessThanOrEqualTo(100);
        Thread.yield();
      }
    });
    assertThat(one.estimatedSize() + other.estimatedSize()).isEqualTo(budget.weight()).isLessThanOrEqualTo(100);
    Verify.structure(one);
    Verify.structure(other);
  }

  @Test
  void what_was_put_before_its_group_was_invalidated_is_gone() throws Exception {
    Cache<Integer, Integer> cache = Cache.<Integer, Integer>builder().maximumSize(100_000).groups().build();
    run(number -> {
      for (int i = 0; i < 20; i++) {
        cache.put(number, i, List.of(number));
        Thread.yield();
        assertThat(cache.invalidateGroup(number)).isEqualTo(1);
        assertThat(cache.getIfPresent(number)).isNull();
      }
    });
    assertThat(Verify.groups(cache)).isZero();
    Verify.structure(cache);
  }

  @Test
  void leased_values_are_closed_once_and_no_more_are_open_than_may_be() throws Exception {
    Handle.Source source = new Handle.Source();
    try (LeaseCache<Integer, Handle> cache = LeaseCache.<Integer, Handle>builder().maximumOpen(5).build()) {
      run(number -> {
        try (Lease<Handle> lease = cache.acquire(number % 20, source::open)) {
          lease.get().use();
          Thread.yield();
          lease.get().use();
        } catch (InterruptedException e) {
          throw new AssertionError(e);
        }
      });
    }
    assertThat(source.mostOpen.get()).isLessThanOrEqualTo(5);
    assertThat(source.open).hasValue(0);
    assertThat(source.faults).isEmpty();
  }
}
