package leaksafe.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import leaksafe.AcquireTimeoutException;
import leaksafe.Lease;
import leaksafe.pool.internal.Parts;
import leaksafe.pool.internal.Parts.Part;
import leaksafe.testing.Gc;
import leaksafe.testing.Seeded;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many threads at once, and one that watches. */
@Timeout(120)
@SuppressWarnings("try")
class PoolStressTest {
  private static final int MAXIMUM = 3;
  private static final int THREADS = 8;

  @Test
  void nothing_is_lost_or_doubled_whatever_threads_do() {
    Seeded.check(4, this::run);
  }

  private void run(Random random) throws Exception {
    Parts parts = new Parts();
    AtomicInteger dropped = new AtomicInteger();
    AtomicBoolean done = new AtomicBoolean();
    List<String> faults = parts.faults;
    Pool<Part> pool = Pool.<Part>builder(() -> {
      if (parts.opened.get() % 7 == 6) {
        parts.opened.incrementAndGet();
        parts.disposed.incrementAndGet();
        throw new IllegalStateException("fails at times");
      }
      return parts.open();
    }).disposer(parts::dispose).size(1, MAXIMUM).leakListener(leak -> {}).failureListener(failure -> {})
        .validator(part -> part.written % 97 != 96).reset(part -> {
          if (part.written % 101 == 100) {
            throw new IllegalStateException("fails at times");
          }
        }).expireAfterIdle(Duration.ofMillis(5)).expireAfterCreate(Duration.ofMillis(50), 0.5).build();
    Thread watcher = new Thread(() -> {
      while (!done.get()) {
        PoolStats stats = pool.stats();
        if (stats.leased() + stats.idle() > MAXIMUM || stats.leased() < 0 || stats.idle() < 0) {
          faults.add("over the maximum: " + stats);
        }
      }
    });
    watcher.start();
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < THREADS; t++) {
      Random own = new Random(random.nextLong());
      Thread thread = new Thread(() -> work(pool, own, dropped, faults));
      threads.add(thread);
      thread.start();
    }
    for (int i = 0; i < 30; i++) {
      Thread.sleep(1);
      threads.get(random.nextInt(THREADS)).interrupt();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    Gc.await("dropped leases came back", () -> pool.stats().leaked() == dropped.get());
    done.set(true);
    watcher.join();
    assertThat(pool.stats().waiting()).isZero();
    List<Lease<Part>> all = new ArrayList<>();
    while (all.size() < MAXIMUM) {
      try {
        all.add(pool.acquire(Duration.ofSeconds(30)));
      } catch (OpenFailedException e) {
        // once more
      }
    }
    assertThat(pool.tryAcquire()).isNull();
    all.forEach(Lease::close);
    assertThat(pool.close(Duration.ofSeconds(30))).isTrue();
    Gc.awaitWithoutGc("all disposed of", () -> parts.opened.get() == parts.disposed.get());
    assertThat(parts.present).hasValue(0);
    assertThat(faults).isEmpty();
  }

  private static void work(Pool<Part> pool, Random random, AtomicInteger dropped, List<String> faults) {
    Lease<Part> stale = null;
    for (int i = 0; i < 3000; i++) {
      try {
        Lease<Part> lease = random.nextInt(4) == 0 ? pool.tryAcquire() : pool.acquire(Duration.ofNanos(random.nextInt(2_000_000)));
        if (stale != null) {
          stale.close();
        }
        if (lease == null) {
          continue;
        }
        lease.get().use();
        if (random.nextInt(2000) == 0) {
          dropped.incrementAndGet();
          continue;
        }
        if (random.nextInt(100) == 0) {
          Thread.yield();
        }
        lease.get().use();
        lease.close();
        stale = lease;
      } catch (AcquireTimeoutException | OpenFailedException | InterruptedException e) {
        // as intended
      } catch (Throwable e) {
        faults.add(e.toString());
        return;
      }
    }
  }
}
