package leaksafe.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
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
  void a_dropped_pool_is_closed_and_reported_with_the_line_that_built_it() throws Exception {
    WeakReference<Pool<Part>> pool = buildAndDrop();
    Gc.awaitCleared(pool);
    Gc.await("disposed of and reported", () -> parts.disposed.get() == 1 && leaks.size() == 1);
    assertThat(leaks.get(0).kind()).isEqualTo("pool");
    assertThat(leaks.get(0).what()).isEqualTo("parts");
    assertThat(leaks.get(0).site()).contains("PoolLeakTest.buildAndDrop(PoolLeakTest.java:");
    assertThat(parts.opened).hasValue(1);
  }

  private WeakReference<Pool<Part>> buildAndDrop() throws InterruptedException {
    Pool<Part> pool = parts.builder().size(0, 2).leakListener(leaks::add).build();
    pool.acquire(LONG).close();
    return new WeakReference<>(pool);
  }

  @Test
  void a_pool_that_was_closed_is_not_reported_when_it_is_dropped() throws Exception {
    WeakReference<Pool<Part>> closed = buildAndClose();
    Gc.awaitCleared(closed);
    Gc.awaitCleared(buildAndDrop()); // dropped later, and reported
    Gc.await("reported", () -> !leaks.isEmpty());
    assertThat(leaks).hasSize(1);
  }

  private WeakReference<Pool<Part>> buildAndClose() throws InterruptedException {
    try (Pool<Part> pool = parts.builder().size(0, 2).leakListener(leaks::add).build()) {
      pool.acquire(LONG).close();
      return new WeakReference<>(pool);
    }
  }

  @Test
  void a_lease_outlives_its_dropped_pool_and_its_object_is_disposed_of_when_it_is_closed() throws Exception {
    Lease<Part> lease = acquireAndDrop();
    Gc.await("reported", () -> leaks.size() == 1);
    Part part = lease.get();
    part.use();
    assertThat(part.isDisposed()).isFalse();
    Gc.await("closed", () -> {
      lease.close(); // may come before the pool was seen to be dropped: then the object is disposed of with the other idle ones
      return part.isDisposed();
    });
    assertThat(parts.disposed).hasValue(1);
    assertThat(parts.faults).isEmpty();
  }

  private Lease<Part> acquireAndDrop() throws InterruptedException {
    return parts.builder().size(0, 2).reset(Part::use).leakListener(leaks::add).build().acquire(LONG);
  }

  @Test
  void a_lease_that_is_dropped_with_its_closed_pool_is_reported_and_its_object_disposed_of() throws Exception {
    leakAndClose();
    Gc.await("disposed of and reported", () -> parts.disposed.get() == 1 && leaks.size() == 1);
    assertThat(leaks.get(0).kind()).isEqualTo("lease");
    assertThat(leaks.get(0).site()).contains("PoolLeakTest.leakAndClose(PoolLeakTest.java:");
  }

  private void leakAndClose() throws InterruptedException {
    try (Pool<Part> pool = parts.builder().size(0, 2).sampleSites(1).leakListener(leaks::add).build()) {
      pool.acquire(LONG).get().use();
    }
  }

  @Test
  void a_lease_that_is_dropped_after_its_dropped_pool_is_reported_and_its_object_disposed_of() throws Exception {
    Lease<Part> lease = acquireAndDrop();
    Gc.await("the pool reported", () -> leaks.size() == 1);
    assertThat(lease.isClosed()).isFalse();
    lease = null;
    Gc.await("disposed of and reported", () -> parts.disposed.get() == 1 && leaks.size() == 2);
    assertThat(leaks.get(1).kind()).isEqualTo("lease");
  }

  @Test
  void a_closed_pool_whose_disposer_reaches_a_lease_is_not_kept_for_that() throws Exception {
    Gc.awaitCleared(holdAndClose());
    assertThat(parts.disposed).hasValue(0);
  }

  private WeakReference<Holder> holdAndClose() throws InterruptedException {
    Holder holder = new Holder(true);
    holder.lease = holder.pool.acquire(LONG);
    holder.pool.close();
    return new WeakReference<>(holder);
  }

  @Test
  void a_closed_pool_whose_executor_lost_a_task_is_not_kept_for_that() throws Exception {
    Gc.awaitCleared(loseTaskAndClose());
  }

  private static WeakReference<Object> loseTaskAndClose() throws InterruptedException {
    Object held = new Object();
    Pool<Object> pool = Pool.builder(Object::new).size(0, 2).expireAfterIdle(Duration.ofMillis(1)).disposer(object -> held.notifyAll())
        .executor(task -> { }).build();
    pool.acquire(LONG).close();
    Gc.awaitWithoutGc("lost", () -> pool.stats().idle() == 0);
    assertThat(pool.close(Duration.ZERO)).isFalse();
    return new WeakReference<>(held);
  }

  /** What holds a pool, as most do: in a field. */
  private final class Holder {
    final Pool<Part> pool;
    @SuppressWarnings("unused")
    Lease<Part> lease;

    Holder(boolean withDisposer) {
      PoolBuilder<Part> builder = Pool.<Part>builder(this::openPart).validator(this::isGood).reset(this::clean).size(0, 1)
          .expireAfterIdle(Duration.ofSeconds(30)).leakListener(leaks::add);
      pool = (withDisposer ? builder.disposer(this::disposeOf) : builder.disposer(parts::dispose)).build();
    }

    private Part openPart() {
      return parts.open();
    }

    private boolean isGood(Part part) {
      return !part.isDisposed();
    }

    private void clean(Part part) {
      part.use();
    }

    private void disposeOf(Part part) {
      parts.dispose(part);
    }
  }

  private WeakReference<Holder> holdAndDrop(boolean withDisposer) throws InterruptedException {
    Holder holder = new Holder(withDisposer);
    holder.pool.acquire(LONG).close();
    return new WeakReference<>(holder);
  }

  @Test
  void an_opener_a_validator_and_a_reset_that_capture_the_pools_holder_do_not_keep_it() throws Exception {
    Gc.awaitCleared(holdAndDrop(false));
    Gc.await("disposed of and reported", () -> parts.disposed.get() == 1 && leaks.size() == 1);
  }

  @Test
  void a_disposer_that_captures_the_pools_holder_does_not_keep_it_but_cannot_be_called_either() throws Exception {
    Gc.awaitCleared(holdAndDrop(true));
    assertThat(leaks).isEmpty();
    assertThat(parts.disposed).hasValue(0);
  }

  @Test
  void an_application_whose_library_lives_on_can_be_undeployed_with_a_pool_in_a_static_field() throws Exception {
    Gc.awaitCleared(runInChild());
  }

  private static WeakReference<ClassLoader> runInChild() throws Exception {
    URL classes = Deployed.class.getProtectionDomain().getCodeSource().getLocation();
    try (URLClassLoader loader = new URLClassLoader(new URL[] {classes}, PoolLeakTest.class.getClassLoader()) {
      @Override
      protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        return name.equals(Deployed.class.getName()) ? findClass(name) : super.loadClass(name, resolve);
      }
    }) {
      Class<?> copy = loader.loadClass(Deployed.class.getName());
      assertThat(copy).isNotSameAs(Deployed.class);
      ((Runnable) copy.getConstructor().newInstance()).run();
      return new WeakReference<>(loader);
    }
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
      Duration time = Duration.ofSeconds(30); // and nothing of the test's, which other class loaders have not
      pool = Pool.<Object>builder(Object::new).size(1, 4).expireAfterIdle(time).expireAfterCreate(time).build();
      try (Lease<Object> lease = pool.acquire(time)) {
        lease.get();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }
}
