package leaksafe.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import leaksafe.AcquireTimeoutException;
import leaksafe.Container;
import leaksafe.Failure;
import leaksafe.Leak;
import leaksafe.Lease;
import leaksafe.internal.Containers;
import leaksafe.testing.Gc;
import leaksafe.testing.ManualTicker;
import leaksafe.testing.VirtualThreads;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(90)
@SuppressWarnings("try")
class LeaseCacheTest {
  private static final Duration SHORT = Duration.ofMillis(30);

  private final Handle.Source source = new Handle.Source();
  private final List<Failure> failures = new CopyOnWriteArrayList<>();
  private final List<Leak> leaks = new CopyOnWriteArrayList<>();
  private final ManualTicker ticker = new ManualTicker();
  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void end() {
    threads.shutdownNow();
    assertThat(source.faults).isEmpty();
  }

  private LeaseCacheBuilder<String, Handle> builder(int maximum) {
    return LeaseCache.<String, Handle>builder().name("handles").maximumOpen(maximum).failureListener(failures::add).leakListener(leaks::add);
  }

  @Test
  void a_value_is_opened_once_and_stays_open_between_leases() throws Exception {
    try (LeaseCache<String, Handle> cache = builder(10).build()) {
      Handle first;
      try (Lease<Handle> lease = cache.acquire("a", source::open)) {
        first = lease.get().use();
      }
      assertThat(first.isClosed()).isFalse();
      try (Lease<Handle> one = cache.acquire("a", source::open); Lease<Handle> two = cache.acquire("a", source::open)) {
        assertThat(one.get()).isSameAs(first).isSameAs(two.get());
        assertThat(cache.stats()).isEqualTo(new LeaseCacheStats(1, 0, 2, 0, 1, 0, 0, 0, 0, 0, 0));
      }
      assertThat(cache.stats()).isEqualTo(new LeaseCacheStats(1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0));
      assertThat(cache.acquireIfPresent("b")).isNull();
      try (Lease<Handle> lease = cache.acquireIfPresent("a")) {
        assertThat(lease.get()).isSameAs(first);
      }
    }
    assertThat(source.open).hasValue(0);
  }

  @Test
  void closing_a_lease_twice_late_or_elsewhere_is_harmless() throws Exception {
    LeaseCache<String, Handle> cache = builder(10).build();
    Lease<Handle> one = cache.acquire("a", source::open);
    Lease<Handle> two = cache.acquire("a", source::open);
    one.close();
    one.close();
    threads.submit(one::close).get();
    assertThat(one.isClosed()).isTrue();
    assertThat(two.isClosed()).isFalse();
    cache.invalidate("a");
    two.get().use();
    assertThatIllegalStateException().isThrownBy(one::get)
        .withMessage("handles: this lease is closed; acquire a new one instead of keeping the value or its lease");
    two.close();
    two.close();
    assertThat(source.open).hasValue(0);
    assertThatIllegalStateException().isThrownBy(two::get);
    cache.close();
    one.close();
    assertThat(one).hasToString("Lease[handles, closed]");
  }

  @Test
  void an_invalidated_value_is_closed_after_its_last_lease() throws Exception {
    try (LeaseCache<String, Handle> cache = builder(10).build()) {
      Lease<Handle> one = cache.acquire("a", source::open);
      Lease<Handle> two = cache.acquire("a", source::open);
      Handle old = one.get();
      cache.invalidate("a");
      assertThat(cache.acquireIfPresent("a")).isNull();
      Lease<Handle> three = cache.acquire("a", source::open);
      assertThat(three.get()).isNotSameAs(old);
      one.close();
      assertThat(old.isClosed()).isFalse();
      two.close();
      assertThat(old.isClosed()).isTrue();
      assertThat(three.get().use().isClosed()).isFalse();
      three.close();
      cache.invalidateAll();
      assertThat(cache.stats().open()).isZero();
    }
  }

  @Test
  void room_is_made_by_closing_what_nobody_uses_and_the_bound_holds() throws Exception {
    try (LeaseCache<String, Handle> cache = builder(3).build()) {
      Lease<Handle> used = cache.acquire("used", source::open);
      for (int i = 0; i < 50; i++) {
        cache.acquire("key " + i, source::open).close();
        assertThat(cache.stats().open()).isLessThanOrEqualTo(3);
      }
      assertThat(used.get().use().isClosed()).isFalse();
      assertThat(cache.stats().evictions()).isEqualTo(48);
      used.close();
    }
    assertThat(source.mostOpen).hasValue(3);
    assertThat(source.open).hasValue(0);
  }

  @Test
  void what_is_used_again_and_again_outlives_what_was_used_once() throws Exception {
    try (LeaseCache<String, Handle> cache = builder(10).build()) {
      for (int i = 0; i < 200; i++) {
        cache.acquire("once " + i, source::open).close();
        cache.acquire("hot " + i % 5, source::open).close();
      }
      assertThat(source.opened.get()).isLessThan(200 + 20);
    }
  }

  @Test
  void without_room_it_waits_and_then_says_who_has_it() throws Exception {
    try (LeaseCache<String, Handle> cache = builder(2).sampleSites(1).build()) {
      Lease<Handle> one = cache.acquire("a", source::open);
      Lease<Handle> two = cache.acquire("b", source::open);
      Lease<Handle> again = cache.acquire("b", source::open);
      assertThatThrownBy(() -> cache.acquire("c", source::open, SHORT)).isInstanceOf(AcquireTimeoutException.class)
          .hasMessageStartingWith("handles: no room for another value within 30 ms (maximumOpen 2: 2 open, 0 idle; 2 in use by 3 leases;"
              + " 1 waiting); oldest lease is ").hasMessageContaining("old, from").hasMessageContaining("LeaseCacheTest.java:");
      assertThat(cache.stats().timeouts()).isEqualTo(1);
      assertThat(cache.stats().waiting()).isZero();
      assertThat(cache.acquireIfPresent("c")).isNull();
      Future<Integer> waiting = threads.submit(() -> {
        try (Lease<Handle> lease = cache.acquire("c", source::open)) {
          return lease.get().use().number;
        }
      });
      Gc.awaitWithoutGc("it waits", () -> cache.stats().waiting() == 1);
      again.close();
      assertThat(waiting.isDone()).isFalse();
      two.close();
      assertThat(waiting.get(30, TimeUnit.SECONDS)).isEqualTo(3);
      assertThat(one.get().use().isClosed()).isFalse();
      one.close();
    }
    assertThat(source.mostOpen).hasValue(2);
  }

  @Test
  void an_evicted_value_that_is_still_leased_counts_until_it_is_closed() throws Exception {
    try (LeaseCache<String, Handle> cache = builder(1).build()) {
      Lease<Handle> lease = cache.acquire("a", source::open);
      cache.invalidate("a");
      assertThatThrownBy(() -> cache.acquire("a", source::open, Duration.ZERO)).isInstanceOf(AcquireTimeoutException.class)
          .hasMessageContaining("maximumOpen 1: 1 open, 0 idle");
      lease.close();
      cache.acquire("a", source::open, Duration.ZERO).close();
    }
  }

  @Test
  void replace_has_the_old_value_closed_after_its_leases_and_keeps_it_if_the_opener_fails() throws Exception {
    try (LeaseCache<String, Handle> cache = builder(2).build()) {
      Lease<Handle> old = cache.acquire("a", source::open);
      assertThatThrownBy(() -> cache.replace("a", key -> {
        throw new IOException("down");
      })).isInstanceOf(IOException.class).hasMessage("down");
      try (Lease<Handle> still = cache.acquire("a", source::open)) {
        assertThat(still.get()).isSameAs(old.get());
      }
      try (Lease<Handle> fresh = cache.replace("a", source::open)) {
        assertThat(fresh.get()).isNotSameAs(old.get());
        assertThat(cache.acquireIfPresent("a")).satisfies(lease -> {
          assertThat(lease.get()).isSameAs(fresh.get());
          lease.close();
        });
        Handle former = old.get().use();
        old.close();
        assertThat(former.isClosed()).isTrue();
      }
      assertThat(cache.stats().open()).isEqualTo(1);
    }
    assertThat(source.open).hasValue(0);
  }

  @Test
  void an_idle_value_expires_and_is_closed() throws Exception {
    try (LeaseCache<String, Handle> cache = builder(10).expireAfterAccess(Duration.ofMinutes(1)).ticker(ticker).build()) {
      Lease<Handle> lease = cache.acquire("a", source::open);
      Handle handle = lease.get();
      ticker.advance(Duration.ofMinutes(2));
      cache.cleanUp();
      assertThat(handle.isClosed()).as("it is used").isFalse();
      lease.close();
      ticker.advance(Duration.ofSeconds(59));
      cache.acquire("a", source::open).close();
      assertThat(source.opened).hasValue(1);
      ticker.advance(Duration.ofSeconds(61));
      cache.cleanUp();
      assertThat(handle.isClosed()).isTrue();
      assertThat(cache.stats().expirations()).isEqualTo(1);
      cache.acquire("a", source::open).close();
      ticker.advance(Duration.ofSeconds(61));
      try (Lease<Handle> fresh = cache.acquire("a", source::open)) {
        assertThat(fresh.get().number).as("not the expired one, though nobody cleaned up").isEqualTo(3);
      }
    }
  }

  @Test
  void an_old_value_expires_and_is_closed_after_its_last_lease() throws Exception {
    try (LeaseCache<String, Handle> cache = builder(10).expireAfterWrite(Duration.ofMinutes(1)).ticker(ticker).build()) {
      Lease<Handle> old = cache.acquire("a", source::open);
      ticker.advance(Duration.ofSeconds(61));
      assertThat(cache.acquireIfPresent("a")).isNull();
      try (Lease<Handle> fresh = cache.acquire("a", source::open)) {
        assertThat(fresh.get()).isNotSameAs(old.get().use());
      }
      Handle handle = old.get();
      old.close();
      assertThat(handle.isClosed()).isTrue();
    }
  }

  @Test
  void an_idle_value_is_closed_though_nobody_calls() throws Exception {
    try (LeaseCache<String, Handle> cache = builder(10).expireAfterAccess(Duration.ofMillis(20)).build()) {
      for (int i = 0; i < 10; i++) {
        cache.acquire("key " + i, source::open).close();
      }
      Gc.awaitWithoutGc("all are closed", () -> source.open.get() == 0 && cache.stats().open() == 0);
      assertThat(cache.stats().expirations()).isEqualTo(10);
    }
  }

  @Test
  void closing_the_cache_waits_for_leases_no_longer_than_it_is_told() throws Exception {
    LeaseCache<String, Handle> cache = builder(3).build();
    Lease<Handle> lease = cache.acquire("a", source::open);
    cache.acquire("b", source::open).close();
    assertThat(cache.close(SHORT)).isFalse();
    assertThat(source.open).hasValue(1);
    assertThat(lease.get().use().isClosed()).isFalse();
    assertThatIllegalStateException().isThrownBy(() -> cache.acquire("a", source::open))
        .withMessage("handles: this cache is closed; nothing can be acquired from it any more");
    assertThat(Containers.list()).as("still visible").anyMatch(container -> container.name().equals("handles") && container.estimatedSize() == 1);
    Future<Boolean> closing = threads.submit(() -> cache.close(Duration.ofSeconds(30)));
    lease.close();
    assertThat(closing.get(30, TimeUnit.SECONDS)).isTrue();
    assertThat(source.open).hasValue(0);
    cache.close();
    assertThat(cache.isClosed()).isTrue();
  }

  @Test
  void a_cache_with_the_largest_maximum_can_be_closed_like_any_other() throws Exception {
    LeaseCache<String, Handle> cache = builder(Integer.MAX_VALUE).build();
    Lease<Handle> lease = cache.acquire("a", source::open);
    cache.close();
    lease.close();
    assertThat(cache.close(Duration.ofSeconds(30))).isTrue();
    assertThat(source.open).hasValue(0);
  }

  @Test
  void it_is_in_the_census_with_its_bound_and_gone_when_closed() throws Exception {
    LeaseCache<String, Handle> cache = LeaseCache.<String, Handle>builder().maximumOpen(4).expireAfterAccess(Duration.ofMinutes(1)).build();
    cache.acquire("a", source::open).close();
    assertThat(cache.name()).startsWith("leases@").contains("LeaseCacheTest.java:");
    assertThat(containers(cache)).singleElement().satisfies(container -> {
      assertThat(container.kind()).isEqualTo("leases");
      assertThat(container.bound()).isEqualTo("maximumOpen 4, expireAfterAccess PT1M");
      assertThat(container.estimatedSize()).isEqualTo(1);
      assertThat(container.isUnbounded()).isFalse();
      assertThat(container.figures()).containsEntry("idle", 1).containsEntry("opened", 1L);
    });
    cache.close();
    assertThat(containers(cache)).isEmpty();
  }

  private static List<Container> containers(LeaseCache<?, ?> cache) {
    return Containers.list().stream().filter(container -> container.name().equals(cache.name())).toList();
  }

  @Test
  void virtual_threads_wait_for_room_without_holding_their_carriers() throws Exception {
    ExecutorService virtual = VirtualThreads.executor();
    try (LeaseCache<String, Handle> cache = builder(3).build()) {
      List<Future<Integer>> all = new ArrayList<>();
      AtomicInteger used = new AtomicInteger();
      List<Lease<Handle>> taken = new ArrayList<>();
      for (String key : List.of("x", "y", "z")) {
        taken.add(cache.acquire(key, source::open));
      }
      for (int i = 0; i < 200; i++) {
        String key = "key " + i % 20;
        all.add(virtual.submit(() -> {
          try (Lease<Handle> lease = cache.acquire(key, source::open)) {
            lease.get().use();
            return used.incrementAndGet();
          }
        }));
      }
      virtual.submit(() -> taken.forEach(Lease::close)); // never runs if the waiting ones hold all carriers
      for (Future<Integer> one : all) {
        one.get(30, TimeUnit.SECONDS);
      }
      assertThat(used).hasValue(200);
    }
    assertThat(source.mostOpen.get()).isLessThanOrEqualTo(3);
    assertThat(source.open).hasValue(0);
    virtual.shutdown();
  }
}
