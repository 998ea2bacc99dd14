package leaksafe.cache;

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
import leaksafe.testing.ApplicationLoader;
import leaksafe.testing.ChildLoader;
import leaksafe.testing.Gc;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(90)
class LeaseCacheLeakTest {
  private final Handle.Source source = new Handle.Source();
  private final List<Leak> leaks = new CopyOnWriteArrayList<>();

  private LeaseCacheBuilder<String, Handle> builder(int maximum) {
    return LeaseCache.<String, Handle>builder().name("handles").maximumOpen(maximum).leakListener(leaks::add);
  }

  private void drop(LeaseCache<String, Handle> cache, int count) throws InterruptedException {
    for (int i = 0; i < count; i++) {
      cache.acquire("key " + i, source::open).get().use();
    }
  }

  @Test
  void dropped_leases_are_given_back_and_reported_with_their_line() throws Exception {
    try (LeaseCache<String, Handle> cache = builder(20).sampleSites(1).build()) {
      drop(cache, 20);
      Gc.await("all are back", () -> cache.stats().leases() == 0 && leaks.size() == 20);
      assertThat(cache.stats().leaked()).isEqualTo(20);
      assertThat(cache.stats().idle()).isEqualTo(20);
      assertThat(leaks).allSatisfy(leak -> {
        assertThat(leak.container()).isEqualTo("handles");
        assertThat(leak.kind()).isEqualTo("lease");
        assertThat(leak.what()).isEqualTo(Handle.class.getName());
        assertThat(leak.site()).contains("LeaseCacheLeakTest.drop(LeaseCacheLeakTest.java:");
      });
      for (int i = 0; i < 20; i++) {
        cache.acquire("other " + i, source::open, Duration.ZERO).close();
      }
    }
    assertThat(source.open).hasValue(0);
    assertThat(source.faults).isEmpty();
  }

  @Test
  void who_waits_gets_the_room_of_a_dropped_lease() throws Exception {
    try (LeaseCache<String, Handle> cache = builder(2).build()) {
      drop(cache, 2);
      CompletableFuture<Integer> waiting = CompletableFuture.supplyAsync(() -> {
        try (Lease<Handle> one = cache.acquire("x", source::open); Lease<Handle> two = cache.acquire("y", source::open)) {
          return one.get().number + two.get().number;
        } catch (InterruptedException e) {
          throw new AssertionError(e);
        }
      }, task -> new Thread(task).start());
      Gc.await("served", waiting::isDone);
      assertThat(waiting.get(30, TimeUnit.SECONDS)).isEqualTo(3 + 4);
      Gc.await("reported", () -> leaks.size() == 2);
    }
    assertThat(source.mostOpen).hasValue(2);
    assertThat(source.faults).isEmpty();
  }

  @Test
  void after_a_leak_without_a_line_the_next_one_has_one() throws Exception {
    try (LeaseCache<String, Handle> cache = builder(4).sampleSites(Integer.MAX_VALUE).build()) {
      drop(cache, 1);
      Gc.await("the first", () -> leaks.size() == 1);
      assertThat(leaks.get(0).site()).isEqualTo(Leak.NOT_SAMPLED);
      drop(cache, 1);
      Gc.await("the second", () -> leaks.size() == 2);
      assertThat(leaks.get(1).site()).contains("LeaseCacheLeakTest.java:");
    }
  }

  @Test
  void a_retired_value_whose_last_lease_is_dropped_is_closed_also_after_the_cache() throws Exception {
    LeaseCache<String, Handle> cache = builder(4).build();
    drop(cache, 1);
    cache.close();
    Gc.await("closed", () -> source.open.get() == 0);
    assertThat(cache.close(Duration.ofSeconds(30))).isTrue();
    assertThat(source.faults).isEmpty();
  }

  @Test
  void a_lease_that_is_held_is_never_taken_for_dropped() throws Exception {
    try (LeaseCache<String, Handle> cache = builder(4).build()) {
      Lease<Handle> held = cache.acquire("held", source::open);
      drop(cache, 1);
      Gc.await("the other", () -> leaks.size() == 1);
      assertThat(held.isClosed()).isFalse();
      held.get().use();
      held.close();
      Reference.reachabilityFence(held);
      assertThat(cache.stats().leaked()).isEqualTo(1);
    }
  }

  @Test
  void a_closed_lease_that_is_kept_keeps_no_value() throws Exception {
    try (LeaseCache<String, Handle> cache = builder(4).build()) {
      Lease<Handle> lease = cache.acquire("a", source::open);
      WeakReference<Handle> value = new WeakReference<>(lease.get());
      lease.close();
      cache.invalidate("a");
      Gc.awaitCleared(value);
      assertThat(lease.isClosed()).isTrue();
    }
  }

  /** Leaves a lease open and the cache, too, in a static field. */
  public static final class Careless implements Runnable {
    private static final LeaseCache<String, AutoCloseable> CACHE =
        LeaseCache.<String, AutoCloseable>builder().maximumOpen(5).expireAfterAccess(Duration.ofHours(1)).build();

    @Override
    public void run() {
      try {
        for (int i = 0; i < 20; i++) {
          CACHE.acquire("key " + i, key -> () -> { }).close();
        }
        CACHE.acquire("open", key -> () -> { });
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  @Test
  void a_class_loader_with_an_open_lease_in_an_open_cache_is_collected() {
    Gc.awaitCleared(ChildLoader.runAndDrop(Careless.class));
  }

  private WeakReference<LeaseCache<String, Handle>> buildAndDrop() throws InterruptedException {
    LeaseCache<String, Handle> cache = builder(5).build();
    cache.acquire("one", source::open).close();
    cache.acquire("other", source::open).close();
    return new WeakReference<>(cache);
  }

  @Test
  void a_dropped_cache_closes_its_values_and_is_reported_with_the_line_that_built_it() throws Exception {
    Gc.awaitCleared(buildAndDrop());
    Gc.await("closed and reported", () -> source.open.get() == 0 && leaks.size() == 1);
    assertThat(leaks.get(0).kind()).isEqualTo("lease cache");
    assertThat(leaks.get(0).what()).isEqualTo("handles");
    assertThat(leaks.get(0).site()).contains("LeaseCacheLeakTest.buildAndDrop(LeaseCacheLeakTest.java:");
    assertThat(source.opened).hasValue(2);
    assertThat(source.faults).isEmpty();
  }

  @Test
  void a_lease_outlives_its_dropped_cache_and_its_value_is_closed_with_it() throws Exception {
    Lease<Handle> lease = acquireAndDrop();
    Gc.await("reported, and the other value closed", () -> leaks.size() == 1 && source.open.get() == 1);
    assertThat(lease.get().use().isClosed()).isFalse();
    lease.close();
    assertThat(source.open).hasValue(0);
    assertThat(source.faults).isEmpty();
  }

  @Test
  void a_lease_that_is_dropped_after_its_cache_is_given_back_and_reported_too() throws Exception {
    dropWithItsLease();
    Gc.await("the cache and its lease reported, all closed", () -> leaks.size() == 2 && source.open.get() == 0);
    assertThat(leaks).extracting(Leak::kind).containsExactlyInAnyOrder("lease cache", "lease");
    assertThat(source.faults).isEmpty();
  }

  private void dropWithItsLease() throws Exception {
    Lease<Handle> lease = acquireAndDrop();
    Gc.await("the cache reported, and the other value closed", () -> leaks.size() == 1 && source.open.get() == 1);
    lease.get().use();
  }

  @Test
  void a_lease_that_is_dropped_after_its_cache_was_closed_and_dropped_is_given_back_too() throws Exception {
    Lease<?>[] lease = {acquireAndClose()};
    Gc.awaitCleared(buildAndClose()); // collects that cache as well
    lease[0] = null;
    Gc.await("closed", () -> source.open.get() == 0 && leaks.size() == 1);
    assertThat(source.faults).isEmpty();
  }

  private Lease<Handle> acquireAndClose() throws InterruptedException {
    try (LeaseCache<String, Handle> cache = builder(5).build()) {
      return cache.acquire("leased", source::open);
    }
  }

  @Test
  void of_many_leases_open_and_short_closed_and_dropped_each_dropped_one_is_reported_and_no_other() throws Exception {
    try (LeaseCache<String, Handle> cache = builder(40).sampleSites(1).build()) {
      List<Lease<Handle>> kept = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        kept.add(cache.acquire("key " + i, source::open));
        cache.acquire("key " + i, source::open).get().use(); // dropped, while the value has another lease
        cache.acquire("key " + i, source::open).close();
        cache.acquire("other " + i, source::open).close(); // the note of a closed lease, and then of a dropped one
        cache.acquire("other " + i, source::open).get().use();
      }
      Gc.await("those that were dropped", () -> leaks.size() == 40);
      assertThat(cache.stats().leases()).isEqualTo(20);
      kept.forEach(lease -> lease.get().use());
      kept.forEach(Lease::close);
      kept.clear();
      drop(cache, 1);
      Gc.await("one more", () -> leaks.size() == 41);
      assertThat(cache.stats().leaked()).isEqualTo(41);
      assertThat(cache.stats().leases()).isZero();
    }
    assertThat(source.open).hasValue(0);
    assertThat(source.faults).isEmpty();
  }

  private Lease<Handle> acquireAndDrop() throws InterruptedException {
    LeaseCache<String, Handle> cache = builder(5).build();
    cache.acquire("idle", source::open).close();
    return cache.acquire("leased", source::open);
  }

  @Test
  void a_cache_that_was_closed_is_not_reported_when_it_is_dropped() throws Exception {
    Gc.awaitCleared(buildAndClose());
    Gc.awaitCleared(buildAndDrop()); // dropped later, and reported
    Gc.await("reported", () -> !leaks.isEmpty());
    assertThat(leaks).hasSize(1);
  }

  private WeakReference<LeaseCache<String, Handle>> buildAndClose() throws InterruptedException {
    try (LeaseCache<String, Handle> cache = builder(5).build()) {
      cache.acquire("one", source::open).close();
      return new WeakReference<>(cache);
    }
  }

  /** What holds a cache, as most do: in a field; its closer captures it. */
  private final class Holder {
    final LeaseCache<String, Handle> cache =
        LeaseCache.<String, Handle>builder().maximumOpen(3).closer(this::close).leakListener(leaks::add).build();

    private void close(Handle handle) {
      handle.close();
    }
  }

  private WeakReference<Holder> holdAndDrop() throws InterruptedException {
    Holder holder = new Holder();
    holder.cache.acquire("one", source::open).close();
    return new WeakReference<>(holder);
  }

  @Test
  void a_closer_that_captures_the_caches_holder_does_not_keep_it_but_cannot_be_called_either() throws Exception {
    Gc.awaitCleared(holdAndDrop());
    assertThat(leaks).isEmpty();
    assertThat(source.open).hasValue(1);
  }

  @Test
  void an_application_whose_library_lives_on_can_be_undeployed_with_a_cache_in_a_static_field() throws Exception {
    Gc.awaitCleared(ApplicationLoader.runAndDrop(CacheApplication.class));
  }
}
