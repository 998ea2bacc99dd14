package leaksafe.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import leaksafe.Leak;
import leaksafe.Lease;
import leaksafe.pool.internal.Parts;
import leaksafe.pool.internal.Parts.Part;
import leaksafe.testing.ChildLoader;
import leaksafe.testing.Gc;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(90)
@SuppressWarnings("try")
class PoolLeakTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  private final Parts parts = new Parts();
  private final List<Leak> leaks = new CopyOnWriteArrayList<>();

  @Test
  void twenty_dropped_leases_give_their_capacity_back_and_are_reported_with_their_line() throws Exception {
    try (Pool<Part> pool = parts.builder().size(0, 20).sampleSites(1).leakListener(leaks::add).build()) {
      List<Part> stillUsed = dropLeases(pool, 20);
      Gc.await("all back", () -> pool.stats().leaked() == 20 && parts.disposed.get() == 20 && leaks.size() == 20);
      assertThat(pool.stats().leased()).isZero();
      for (int i = 0; i < 20; i++) {
        Lease<Part> lease = pool.acquire(Duration.ZERO);
        assertThat(stillUsed).doesNotContain(lease.get());
        lease.close();
      }
      assertThat(leaks).allSatisfy(leak -> {
        assertThat(leak.site()).contains("PoolLeakTest.dropLeases(PoolLeakTest.java:");
        assertThat(leak.container()).isEqualTo("parts");
        assertThat(leak.kind()).isEqualTo("lease");
        assertThat(leak.what()).isEqualTo(Part.class.getName());
      });
      assertThat(stillUsed).allMatch(Part::isDisposed);
    }
    assertThat(parts.faults).isEmpty();
    assertThat(parts.opened.get()).isEqualTo(parts.disposed.get());
  }

  private static List<Part> dropLeases(Pool<Part> pool, int count) throws InterruptedException {
    List<Part> taken = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      taken.add(pool.acquire(LONG).get());
    }
    return taken;
  }

  @Test
  void a_waiter_gets_the_capacity_of_a_dropped_lease() throws Exception {
    try (Pool<Part> pool = parts.builder().size(0, 2).leakListener(leaks::add).build()) {
      dropLeases(pool, 2);
      CompletableFuture<Boolean> waiting = CompletableFuture.supplyAsync(() -> {
        try (Lease<Part> one = pool.acquire(LONG); Lease<Part> two = pool.acquire(LONG)) {
          return one.get() != two.get();
        } catch (InterruptedException e) {
          throw new AssertionError(e);
        }
      }, task -> new Thread(task).start());
      Gc.await("served", waiting::isDone);
      assertThat(waiting.get(30, TimeUnit.SECONDS)).isTrue();
      Gc.await("reported", () -> leaks.size() == 2 && parts.disposed.get() == 2);
    }
  }

  @Test
  void after_a_leak_without_a_line_the_next_one_has_one() throws Exception {
    try (Pool<Part> pool = parts.builder().size(0, 4).sampleSites(1_000_000).leakListener(leaks::add).build()) {
      dropLeases(pool, 1);
      Gc.await("the first", () -> leaks.size() == 1);
      assertThat(leaks.get(0).site()).isEqualTo(Leak.NOT_SAMPLED);
      pool.acquire(LONG).close();
      dropLeases(pool, 1);
      Gc.await("the second", () -> leaks.size() == 2);
      assertThat(leaks.get(1).site()).contains("PoolLeakTest.java:");
    }
  }

  @Test
  void a_lease_that_is_held_is_never_taken_for_dropped() throws Exception {
    try (Pool<Part> pool = parts.builder().size(0, 2).leakListener(leaks::add).build()) {
      Lease<Part> held = pool.acquire(LONG);
      dropLeases(pool, 1);
      Gc.await("the other", () -> leaks.size() == 1);
      assertThat(held.isClosed()).isFalse();
      held.get().use();
      held.close();
      held.close();
      assertThat(pool.stats().idle()).isEqualTo(1);
      Reference.reachabilityFence(held);
    }
    assertThat(parts.faults).isEmpty();
  }

  @Test
  void a_closed_pool_still_disposes_of_what_dropped_leases_had() throws Exception {
    Pool<Part> pool = parts.builder().size(0, 1).leakListener(leaks::add).build();
    dropLeases(pool, 1);
    pool.close();
    Gc.await("disposed of", () -> parts.disposed.get() == 1);
    assertThat(pool.close(LONG)).isTrue();
  }

  @Test
  void a_dropped_pool_is_collected() throws Exception {
    WeakReference<Pool<Part>> pool = buildAndDrop();
    Gc.awaitCleared(pool);
  }

  private WeakReference<Pool<Part>> buildAndDrop() throws InterruptedException {
    Pool<Part> pool = parts.builder().size(1, 2).build();
    pool.acquire(LONG).close();
    return new WeakReference<>(pool);
  }

  @Test
  void an_application_that_forgets_its_pool_can_be_undeployed() {
    Gc.awaitCleared(ChildLoader.runAndDrop(Deployed.class));
  }

  /** Keeps a pool in a static field. */
  public static final class Deployed implements Runnable {
    @SuppressWarnings("unused")
    private static Pool<Object> pool;

    @Override
    public void run() {
      pool = Pool.<Object>builder(Object::new).size(1, 4).expireAfterIdle(LONG).expireAfterCreate(LONG).build();
      try (Lease<Object> lease = pool.acquire(LONG)) {
        lease.get();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }
}
