package leaksafe.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import leaksafe.AcquireTimeoutException;
import leaksafe.Lease;
import leaksafe.testing.Gc;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** No callback runs under a lock: while it runs, another thread can do with the pool whatever takes one. */
@Timeout(90)
class PoolLockTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  private final Set<String> called = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean inside = new AtomicBoolean();
  private final Thread main = Thread.currentThread();
  private volatile String doing = "";
  private volatile Use use = () -> { };
  private volatile boolean good = true;

  /** What another thread does with the pool. */
  @FunctionalInterface
  private interface Use {
    void run() throws InterruptedException;
  }

  /** Called by a callback: has another thread use the pool, waits for it, and notes that it came back. */
  private void callback(String role) {
    if (!inside.compareAndSet(false, true)) {
      return; // on that other thread, or beside it
    }
    try {
      CompletableFuture.runAsync(() -> {
        try {
          use.run();
        } catch (AcquireTimeoutException | IllegalStateException e) {
          // as good as a lease: it came back
        } catch (InterruptedException e) {
          throw new AssertionError(e);
        }
      }, task -> new Thread(task).start()).get(10, TimeUnit.SECONDS);
      called.add(role + " in " + (Thread.currentThread() == main ? doing : "the upkeep"));
    } catch (Exception e) {
      throw new AssertionError(role + " runs under a lock, or the pool fails", e);
    } finally {
      inside.set(false);
    }
  }

  private boolean valid() {
    callback("validator");
    if (!good) {
      throw new IllegalStateException("on purpose");
    }
    return true;
  }

  private <B extends PoolOptions<Object, B>> B withCallbacks(B builder) {
    return builder.validator(object -> valid()).reset(object -> callback("reset")).disposer(object -> callback("disposer"))
        .failureListener(failure -> callback("failure listener")).leakListener(leak -> callback("leak listener")).executor(Runnable::run);
  }

  private Object open() {
    callback("opener");
    return new Object();
  }

  private static void closeIfThere(Lease<Object> lease) {
    if (lease != null) {
      lease.close();
    }
  }

  @Test
  void of_a_pool() throws Exception {
    Pool<Object> pool = withCallbacks(Pool.<Object>builder(this::open)).size(0, 3).build();
    use = () -> {
      pool.stats();
      closeIfThere(pool.tryAcquire());
      pool.acquire(Duration.ofMillis(1)).close();
      if (!pool.isClosed()) {
        pool.resize(0, 3);
      }
    };
    doing = "acquiring";
    pool.acquire(LONG).close();
    good = false;
    closeIfThere(pool.tryAcquire());
    good = true;
    doing = "resizing";
    try (Lease<Object> one = pool.acquire(LONG); Lease<Object> two = pool.acquire(LONG)) {
      assertThat(one.get()).isNotSameAs(two.get());
    }
    pool.resize(0, 1);
    pool.acquire(LONG).get();
    Gc.await("a dropped lease taken back", () -> called.containsAll(List.of("leak listener in the upkeep", "disposer in the upkeep")));
    pool.acquire(LONG).close();
    doing = "closing";
    pool.close();
    assertThat(called).contains("opener in acquiring", "validator in acquiring", "failure listener in acquiring", "disposer in acquiring",
        "reset in acquiring", "disposer in resizing", "disposer in closing");
  }

  @Test
  void of_a_pool_with_keys() throws Exception {
    KeyedPool<String, Object> pool =
        withCallbacks(KeyedPool.<String, Object>builder(key -> open())).maximumPerKey(2).maximumTotal(4).build();
    use = () -> {
      pool.stats();
      pool.stats("a");
      pool.clear("other");
      closeIfThere(pool.tryAcquire("other"));
      pool.acquire("other", Duration.ofMillis(1)).close();
      pool.clear("other");
      if (!pool.isClosed()) {
        pool.resize(2, 4);
      }
    };
    doing = "acquiring";
    pool.acquire("a", LONG).close();
    good = false;
    closeIfThere(pool.tryAcquire("a"));
    good = true;
    doing = "resizing";
    try (Lease<Object> one = pool.acquire("a", LONG); Lease<Object> two = pool.acquire("a", LONG)) {
      assertThat(one.get()).isNotSameAs(two.get());
    }
    pool.resize(1, 4);
    doing = "clearing";
    pool.acquire("a", LONG).close();
    pool.clear("a");
    doing = "giving way";
    pool.resize(1, 1);
    pool.acquire("a", LONG).close();
    pool.resize(1, 1);
    pool.acquire("b", LONG).close();
    pool.acquire("a", LONG).get();
    Gc.await("a dropped lease taken back", () -> called.containsAll(List.of("leak listener in the upkeep", "disposer in the upkeep")));
    pool.acquire("a", LONG).close();
    doing = "closing";
    pool.close();
    assertThat(called).contains("opener in acquiring", "validator in acquiring", "failure listener in acquiring", "disposer in acquiring",
        "reset in acquiring", "disposer in resizing", "disposer in clearing", "disposer in giving way", "disposer in closing");
  }
}
