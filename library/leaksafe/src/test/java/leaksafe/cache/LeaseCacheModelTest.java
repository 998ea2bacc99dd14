package leaksafe.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import leaksafe.AcquireTimeoutException;
import leaksafe.Lease;
import leaksafe.testing.ManualTicker;
import leaksafe.testing.Seeded;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Against a plain model by one thread, and against the rules (closed once, never in use, never too many) by several. */
@Timeout(90)
class LeaseCacheModelTest {

  @Test
  void by_one_thread_it_behaves_as_the_model() {
    Seeded.check(150, LeaseCacheModelTest::run);
  }

  private static void run(Random random) throws Exception {
    ManualTicker ticker = new ManualTicker();
    Handle.Source source = new Handle.Source();
    int maximum = 1 + random.nextInt(6);
    LeaseCache<Integer, Handle> cache = LeaseCache.<Integer, Handle>builder().maximumOpen(maximum)
        .expireAfterAccess(Duration.ofSeconds(100)).expireAfterWrite(Duration.ofSeconds(1000)).ticker(ticker).build();
    Map<Integer, Handle> current = new HashMap<>(); // what the key's value must be, if it has not been evicted
    List<Lease<Handle>> leases = new ArrayList<>();
    Map<Handle, Integer> uses = new HashMap<>();
    for (int step = 0; step < 200; step++) {
      int key = random.nextInt(8);
      switch (random.nextInt(10)) {
        case 0 -> {
          cache.invalidate(key);
          current.remove(key);
        }
        case 1 -> {
          ticker.advance(Duration.ofSeconds(random.nextInt(150)));
          cache.cleanUp();
        }
        case 2, 3, 4 -> {
          if (!leases.isEmpty()) {
            Lease<Handle> lease = leases.remove(random.nextInt(leases.size()));
            uses.merge(lease.get().use(), -1, Integer::sum);
            lease.close();
            lease.close();
          }
        }
        case 5 -> {
          try {
            Lease<Handle> lease = cache.replace(key, source::open);
            leases.add(lease);
            uses.merge(lease.get(), 1, Integer::sum);
            current.put(key, lease.get());
          } catch (AcquireTimeoutException e) {
            throw new AssertionError("the model never lets it come to that", e);
          }
        }
        default -> {
          Handle before = current.get(key);
          boolean full = distinct(leases) >= maximum;
          Lease<Handle> lease = full ? cache.acquireIfPresent(key) : cache.acquire(key, source::open, Duration.ZERO);
          if (lease != null) {
            Handle handle = lease.get().use();
            if (before != null && !before.isClosed() && uses.getOrDefault(before, 0) > 0 && handle != before) {
              assertThat(handle.number).as("in use, so it left by its age alone").isGreaterThan(before.number);
            }
            current.put(key, handle);
            leases.add(lease);
            uses.merge(handle, 1, Integer::sum);
          }
        }
      }
      while (distinct(leases) >= maximum && !leases.isEmpty()) { // keep room for one more, so that nobody has to wait
        Lease<Handle> lease = leases.remove(0);
        uses.merge(lease.get(), -1, Integer::sum);
        lease.close();
      }
      assertThat(source.open.get()).isLessThanOrEqualTo(maximum).isEqualTo(cache.stats().open());
      assertThat(cache.stats().leases()).isEqualTo(leases.size());
      assertThat(leases).allSatisfy(lease -> assertThat(lease.get().isClosed()).isFalse());
    }
    leases.forEach(Lease::close);
    assertThat(cache.close(Duration.ZERO)).isTrue();
    assertThat(source.open).hasValue(0);
    assertThat(source.faults).isEmpty();
    assertThat(cache.stats().opened()).isEqualTo(cache.stats().closed()).isEqualTo(source.opened.get());
  }

  private static long distinct(List<Lease<Handle>> leases) {
    return leases.stream().map(Lease::get).distinct().count();
  }

  @Test
  void by_several_threads_no_value_is_closed_twice_or_in_use_and_never_are_too_many_open() {
    Seeded.check(8, LeaseCacheModelTest::race);
  }

  private static void race(Random random) throws Exception {
    Handle.Source source = new Handle.Source();
    int maximum = 1 + random.nextInt(5);
    AtomicInteger failedOpenings = new AtomicInteger();
    LeaseCache<Integer, Handle> cache = LeaseCache.<Integer, Handle>builder().maximumOpen(maximum)
        .expireAfterAccess(Duration.ofMillis(1 + random.nextInt(20))).build();
    ExecutorService threads = Executors.newFixedThreadPool(6);
    List<Future<?>> all = new ArrayList<>();
    for (int t = 0; t < 6; t++) {
      long seed = random.nextLong();
      all.add(threads.submit(() -> {
        Random own = new Random(seed);
        for (int i = 0; i < 3000; i++) {
          int key = own.nextInt(2 * maximum + 1);
          switch (own.nextInt(40)) {
            case 0 -> cache.invalidate(key);
            case 1 -> cache.invalidateAll();
            case 2 -> {
              try {
                cache.acquire(key, k -> {
                  failedOpenings.incrementAndGet();
                  throw new IllegalArgumentException("down");
                }).close();
              } catch (IllegalArgumentException e) {
                // as it was told to
              }
            }
            case 3 -> cache.replace(key, source::open).close();
            default -> {
              try (Lease<Handle> lease = cache.acquire(key, source::open)) {
                if (own.nextInt(100) == 0) {
                  Thread.yield();
                }
                lease.get().use();
              }
            }
          }
        }
        return null;
      }));
    }
    for (Future<?> one : all) {
      one.get(60, TimeUnit.SECONDS);
    }
    threads.shutdown();
    assertThat(cache.close(Duration.ofSeconds(30))).isTrue();
    assertThat(source.faults).isEmpty();
    assertThat(source.open).hasValue(0);
    assertThat(source.mostOpen.get()).isLessThanOrEqualTo(maximum);
    assertThat(cache.stats().opened()).isEqualTo(cache.stats().closed()).isEqualTo(source.opened.get());
    assertThat(cache.stats().openFailures()).isEqualTo(failedOpenings.get());
    assertThat(cache.stats().waiting()).isZero();
  }
}
