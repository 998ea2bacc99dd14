package leaksafe.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import leaksafe.Leak;
import leaksafe.Lease;
import leaksafe.pool.internal.Parts;
import leaksafe.pool.internal.Parts.Part;
import leaksafe.testing.Gc;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A pool with keys is closed for all of them at once, however long it takes to dispose of what is idle: the disposer looks each time. */
@Timeout(60)
class KeyedPoolCloseTest {
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final List<String> KEYS = List.of("a", "b", "c", "d");

  private final Parts parts = new Parts();
  private final AtomicReference<Runnable> look = new AtomicReference<>(() -> { });
  private final KeyedPool<String, Part> pool = KeyedPool.<String, Part>builder(key -> parts.open()).name("parts").maximumPerKey(2).maximumTotal(8)
      .disposer(part -> {
        parts.dispose(part);
        look.get().run();
      }).build();

  @AfterEach
  void nothing_is_left() {
    assertThat(parts.faults).isEmpty();
    assertThat(parts.disposed.get()).isEqualTo(parts.opened.get());
    assertThat(pool.keys()).isZero();
  }

  @Test
  void nobody_gets_a_lease_while_the_objects_of_other_keys_are_disposed_of() throws Exception {
    for (String key : KEYS) {
      pool.acquire(key, LONG).close();
    }
    AtomicInteger refused = new AtomicInteger();
    look.set(() -> {
      for (String key : KEYS) {
        assertThat(pool.isClosed()).isTrue();
        assertThatThrownBy(() -> pool.tryAcquire(key)).isInstanceOf(IllegalStateException.class).hasMessageContaining("this pool is closed");
        assertThatThrownBy(() -> pool.acquire(key, LONG)).isInstanceOf(IllegalStateException.class).hasMessageContaining("this pool is closed");
        refused.incrementAndGet();
      }
    });
    assertThat(pool.close(Duration.ZERO)).isTrue();
    assertThat(refused).hasValue(KEYS.size() * KEYS.size());
    assertThat(parts.opened).hasValue(KEYS.size());
  }

  @Test
  void who_waits_is_told_before_the_objects_of_other_keys_are_disposed_of() throws Exception {
    List<Lease<Part>> leases = List.of(pool.acquire("b", LONG), pool.acquire("b", LONG));
    for (String key : List.of("a", "c", "d")) {
      pool.acquire(key, LONG).close();
    }
    CompletableFuture<Lease<Part>> waiting = CompletableFuture.supplyAsync(() -> {
      try {
        return pool.acquire("b", LONG);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }, task -> new Thread(task).start());
    Gc.awaitWithoutGc("it waits", () -> pool.stats().waiting() == 1);
    AtomicInteger told = new AtomicInteger();
    look.set(() -> {
      assertThatThrownBy(() -> waiting.get(10, TimeUnit.SECONDS)).hasCauseInstanceOf(IllegalStateException.class);
      told.incrementAndGet();
    });
    pool.close();
    assertThat(told).hasValue(3);
    leases.forEach(Lease::close);
    assertThat(pool.close(Duration.ZERO)).isTrue();
  }

  @Test
  void a_lease_that_is_dropped_with_its_closed_pool_is_reported_and_its_object_disposed_of() throws Exception {
    List<Leak> leaks = new CopyOnWriteArrayList<>();
    leakAndClose(leaks);
    Gc.await("disposed of and reported", () -> parts.disposed.get() == 1 && leaks.size() == 1);
    assertThat(leaks.get(0).kind()).isEqualTo("lease");
  }

  private void leakAndClose(List<Leak> leaks) throws InterruptedException {
    try (KeyedPool<String, Part> other = KeyedPool.<String, Part>builder(key -> parts.open()).maximumTotal(2).disposer(parts::dispose)
        .leakListener(leaks::add).build()) {
      other.acquire("a", LONG).get().use();
    }
  }
}
