package leaksafe.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import leaksafe.AcquireTimeoutException;
import leaksafe.Container;
import leaksafe.Failure;
import leaksafe.Leak;
import leaksafe.Lease;
import leaksafe.internal.Containers;
import leaksafe.pool.internal.Parts;
import leaksafe.pool.internal.Parts.Part;
import leaksafe.testing.ChildLoader;
import leaksafe.testing.Gc;
import leaksafe.testing.ManualTicker;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
@SuppressWarnings("try")
class KeyedPoolTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  private final Parts parts = new Parts();
  private final List<Leak> leaks = new CopyOnWriteArrayList<>();
  private final List<Failure> failures = new CopyOnWriteArrayList<>();

  private KeyedPoolBuilder<String, Part> builder(int perKey, int total) {
    return KeyedPool.<String, Part>builder(key -> parts.open()).name("parts").disposer(parts::dispose).maximumPerKey(perKey)
        .maximumTotal(total).leakListener(leaks::add).failureListener(failures::add);
  }

  private static CompletableFuture<Lease<Part>> acquireLater(KeyedPool<String, Part> pool, String key) {
    return CompletableFuture.supplyAsync(() -> {
      try {
        return pool.acquire(key, LONG);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }, task -> new Thread(task).start());
  }

  private static void awaitWaiting(KeyedPool<?, ?> pool, int count) {
    Gc.awaitWithoutGc(count + " waiting", () -> pool.stats().waiting() == count);
  }

  private static Lease<Part> get(CompletableFuture<Lease<Part>> later) throws Exception {
    return later.get(30, TimeUnit.SECONDS);
  }

  @Test
  void each_key_has_its_own_objects_which_are_used_again() throws Exception {
    try (KeyedPool<String, String> pool =
        KeyedPool.<String, String>builder(key -> "for " + key).maximumPerKey(2).maximumTotal(4).build()) {
      try (Lease<String> a = pool.acquire("a", LONG); Lease<String> b = pool.acquire("b", LONG)) {
        assertThat(a.get()).isEqualTo("for a");
        assertThat(b.get()).isEqualTo("for b");
        assertThat(pool.stats("a").leased()).isEqualTo(1);
        assertThat(pool.keys()).isEqualTo(2);
      }
      pool.acquire("a", LONG).close();
      assertThat(pool.stats().opened()).isEqualTo(2);
      assertThat(pool.stats().acquired()).isEqualTo(3);
      assertThat(pool.stats("c")).isNull();
      assertThat(pool.toString()).startsWith("KeyedPool[pool@").contains(", 2 keys, PoolStats[");
    }
  }

  @Test
  void both_maxima_are_kept_and_a_timeout_names_the_key() throws Exception {
    try (KeyedPool<String, Part> pool = builder(2, 3).sampleSites(1).build()) {
      Lease<Part> one = pool.acquire("a", LONG);
      Lease<Part> two = pool.acquire("a", LONG);
      assertThat(pool.tryAcquire("a")).isNull();
      Lease<Part> three = pool.acquire("b", LONG);
      assertThatThrownBy(() -> pool.acquire("b", Duration.ofMillis(10))).isInstanceOf(AcquireTimeoutException.class).hasMessageContaining(
          "parts: no lease within 10 ms for key b with 3 of at most 3 objects in all (1 leased, 0 idle, 1 waiting); oldest lease is ")
          .hasMessageContaining("KeyedPoolTest.java:");
      assertThatThrownBy(() -> pool.acquire("c", Duration.ZERO)).isInstanceOf(AcquireTimeoutException.class);
      assertThat(pool.keys()).isEqualTo(2);
      assertThat(pool.stats().waiting()).isZero();
      one.close();
      two.close();
      three.close();
    }
    assertThat(parts.mostPresent).hasValue(3);
    assertThat(parts.disposed).hasValue(3);
  }

  @Test
  void a_timeout_for_want_of_room_names_the_oldest_lease_of_all_keys() throws Exception {
    try (KeyedPool<String, Part> pool = builder(1, 1).sampleSites(1).build(); Lease<Part> lease = pool.acquire("a", LONG)) {
      assertThatThrownBy(() -> pool.acquire("b", Duration.ofMillis(5))).isInstanceOf(AcquireTimeoutException.class).hasMessageContaining(
          "for key b with 1 of at most 1 objects in all (0 leased, 0 idle, 1 waiting); oldest lease is ")
          .hasMessageContaining("a_timeout_for_want_of_room_names_the_oldest_lease_of_all_keys(KeyedPoolTest.java:");
      assertThat(lease.isClosed()).isFalse();
    }
  }

  @Test
  void a_thousand_keys_leave_nothing_behind() throws Exception {
    try (KeyedPool<String, Part> pool = builder(1, 4).build()) {
      for (int i = 0; i < 1000; i++) {
        pool.acquire("key " + i, LONG).close();
        assertThat(pool.keys()).isLessThanOrEqualTo(4);
      }
      assertThat(pool.stats().acquired()).isEqualTo(1000);
      assertThat(pool.stats().disposed()).isEqualTo(996);
    }
    assertThat(parts.mostPresent.get()).isLessThanOrEqualTo(4);
  }

  @Test
  void keys_whose_opener_fails_are_not_kept() throws Exception {
    try (KeyedPool<String, Part> pool = KeyedPool.<String, Part>builder(key -> {
      throw new IOException("no " + key);
    }).maximumTotal(2).build()) {
      for (int i = 0; i < 10; i++) {
        String key = "key " + i;
        assertThatThrownBy(() -> pool.acquire(key, LONG)).isInstanceOf(OpenFailedException.class).hasMessageContaining("no " + key)
            .hasCauseInstanceOf(IOException.class);
        assertThatThrownBy(() -> pool.tryAcquire(key)).isInstanceOf(OpenFailedException.class);
      }
      assertThat(pool.keys()).isZero();
      assertThat(pool.stats().leased()).isZero();
      assertThat(pool.stats().openFailures()).isEqualTo(20);
    }
  }

  @Test
  void waiters_of_one_key_are_served_in_the_order_in_which_they_came() throws Exception {
    try (KeyedPool<String, Part> pool = builder(1, 2).build()) {
      Lease<Part> lease = pool.acquire("a", LONG);
      List<Integer> served = new ArrayList<>();
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        int number = i;
        Thread thread = new Thread(() -> {
          try (Lease<Part> mine = pool.acquire("a", LONG)) {
            served.add(number); // guarded by the only lease of this key
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        });
        thread.start();
        threads.add(thread);
        awaitWaiting(pool, i + 1);
      }
      lease.close();
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(served).containsExactly(0, 1, 2, 3, 4, 5);
    }
  }

  @Test
  void a_busy_key_does_not_starve_another() throws Exception {
    try (KeyedPool<String, Part> pool = builder(2, 2).build()) {
      AtomicReference<Throwable> fault = new AtomicReference<>();
      List<Thread> busy = new ArrayList<>();
      boolean[] done = new boolean[1];
      for (int i = 0; i < 4; i++) {
        Thread thread = new Thread(() -> {
          try {
            while (!isSet(done)) {
              try (Lease<Part> lease = pool.acquire("busy", LONG)) {
                lease.get().use();
              }
            }
          } catch (Throwable e) {
            fault.set(e);
          }
        });
        thread.start();
        busy.add(thread);
      }
      for (int i = 0; i < 20; i++) {
        try (Lease<Part> lease = pool.acquire("quiet", LONG)) {
          lease.get().use();
        }
        pool.clear("quiet");
      }
      synchronized (done) {
        done[0] = true;
      }
      for (Thread thread : busy) {
        thread.join();
      }
      assertThat(fault.get()).isNull();
    }
    assertThat(parts.faults).isEmpty();
    assertThat(parts.mostPresent.get()).isLessThanOrEqualTo(2);
    assertThat(parts.disposed.get()).isEqualTo(parts.opened.get());
  }

  private static boolean isSet(boolean[] flag) {
    synchronized (flag) {
      return flag[0];
    }
  }

  @Test
  void waiters_that_give_up_leave_nothing_behind_wherever_they_wait() throws Exception {
    try (KeyedPool<String, Part> pool = builder(1, 2).build()) {
      Lease<Part> a = pool.acquire("a", LONG);
      Lease<Part> b = pool.acquire("b", LONG);
      AtomicReference<Throwable> atItsKey = interruptedWaiter(pool, "a");
      AtomicReference<Throwable> atTheTotal = interruptedWaiter(pool, "c");
      assertThat(atItsKey.get()).isInstanceOf(InterruptedException.class);
      assertThat(atTheTotal.get()).isInstanceOf(InterruptedException.class);
      assertThatThrownBy(() -> pool.acquire("c", Duration.ofMillis(5))).isInstanceOf(AcquireTimeoutException.class);
      assertThat(pool.stats().waiting()).isZero();
      assertThat(pool.keys()).isEqualTo(2);
      a.close();
      assertThat(pool.stats().idle()).isEqualTo(1); // kept, since nobody wants its room
      pool.acquire("c", Duration.ZERO).close();
      b.close();
    }
    assertThat(parts.disposed.get()).isEqualTo(parts.opened.get());
  }

  private static AtomicReference<Throwable> interruptedWaiter(KeyedPool<String, Part> pool, String key) throws InterruptedException {
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Thread thread = new Thread(() -> {
      try {
        pool.acquire(key, LONG);
      } catch (Throwable e) {
        thrown.set(e);
      }
    });
    thread.start();
    awaitWaiting(pool, 1);
    thread.interrupt();
    thread.join();
    return thrown;
  }

  @Test
  void a_key_has_its_place_before_another_object_gives_way_to_it() throws Exception {
    AtomicReference<KeyedPool<String, Part>> itself = new AtomicReference<>();
    AtomicReference<Lease<Part>> sameKey = new AtomicReference<>();
    AtomicReference<Lease<Part>> otherKey = new AtomicReference<>();
    try (KeyedPool<String, Part> pool = builder(1, 2).disposer(part -> {
      parts.dispose(part);
      if (part.number == 1) {
        sameKey.set(itself.get().tryAcquire("a"));
        otherKey.set(itself.get().tryAcquire("c"));
      }
    }).build()) {
      itself.set(pool);
      pool.acquire("b", LONG).close();
      pool.acquire("c", LONG).close();
      try (Lease<Part> lease = pool.tryAcquire("a")) {
        assertThat(lease).isNotNull();
        assertThat(sameKey.get()).isNull();
        assertThat(parts.disposed).hasValue(1); // none gave way in vain
        assertThat(otherKey.get()).isNotNull();
        otherKey.get().close();
      }
      assertThat(pool.keys()).isEqualTo(2);
    }
  }

  @Test
  void a_failing_disposer_of_an_evicted_object_costs_no_room() throws Exception {
    try (KeyedPool<String, Part> pool = builder(1, 1).disposer(part -> {
      parts.dispose(part);
      throw new IOException("on purpose");
    }).build()) {
      for (int i = 0; i < 5; i++) {
        pool.acquire("key " + i, Duration.ZERO).close();
      }
      assertThat(pool.stats().idle()).isEqualTo(1);
      assertThat(failures).hasSize(4).allMatch(failure -> failure.role().equals("disposer"));
    }
  }

  @Test
  void validator_reset_and_age_hold_for_the_objects_of_a_key() throws Exception {
    ManualTicker ticker = new ManualTicker();
    List<String> done = new ArrayList<>();
    try (KeyedPool<String, Part> pool = builder(1, 2).ticker(ticker).expireAfterCreate(Duration.ofMinutes(1)).reset(part -> done.add("reset"))
        .validator(part -> done.add("checked") && part.number != 1).build()) {
      pool.acquire("a", LONG).close();
      try (Lease<Part> lease = pool.acquire("a", LONG)) {
        assertThat(lease.get().number).isEqualTo(2);
      }
      ticker.advance(Duration.ofMinutes(1));
      try (Lease<Part> lease = pool.acquire("a", LONG)) {
        assertThat(lease.get().number).isEqualTo(3);
      }
      assertThat(done).startsWith("reset", "checked", "reset");
    }
    assertThat(parts.disposed).hasValue(3);
  }

  @Test
  void idle_objects_and_their_keys_go_by_themselves() throws Exception {
    try (KeyedPool<String, Part> pool = builder(2, 8).expireAfterIdle(Duration.ofMillis(20)).build()) {
      for (int i = 0; i < 4; i++) {
        pool.acquire("key " + i, LONG).close();
      }
      Gc.awaitWithoutGc("all gone", () -> pool.keys() == 0);
      Gc.awaitWithoutGc("all disposed of", () -> parts.disposed.get() == 4);
      assertThat(pool.stats().acquired()).isEqualTo(4);
    }
  }

  @Test
  void a_dropped_lease_gives_its_room_back_to_any_key_and_is_reported() throws Exception {
    try (KeyedPool<String, Part> pool = builder(1, 1).sampleSites(1).build()) {
      drop(pool);
      CompletableFuture<Lease<Part>> other = acquireLater(pool, "b");
      Gc.await("served", other::isDone);
      get(other).close();
      Gc.awaitWithoutGc("reported", () -> leaks.size() == 1);
      assertThat(leaks.get(0).kind()).isEqualTo("lease");
      assertThat(leaks.get(0).site()).contains("KeyedPoolTest.drop(KeyedPoolTest.java:");
      assertThat(pool.stats().leaked()).isEqualTo(1);
      assertThat(pool.stats("a")).isNull();
    }
    Gc.awaitWithoutGc("disposed of", () -> parts.disposed.get() == parts.opened.get());
  }

  private static void drop(KeyedPool<String, Part> pool) throws InterruptedException {
    pool.acquire("a", LONG).get().use();
  }

  @Test
  void an_overdue_lease_is_taken_back_and_another_key_served() throws Exception {
    try (KeyedPool<String, Part> pool = builder(1, 1).leaseLimitWithReclaim(Duration.ofMillis(10)).build()) {
      Lease<Part> overdue = pool.acquire("a", LONG);
      pool.acquire("b", LONG).close();
      assertThat(overdue.isClosed()).isTrue();
      assertThat(pool.stats().overdue()).isEqualTo(1);
      Gc.awaitWithoutGc("reported", () -> leaks.size() == 1);
      assertThat(leaks.get(0).kind()).isEqualTo("overdue lease");
    }
  }

  @Test
  void a_pool_is_resized_while_it_runs() throws Exception {
    try (KeyedPool<String, Part> pool = builder(1, 1).build()) {
      Lease<Part> a = pool.acquire("a", LONG);
      CompletableFuture<Lease<Part>> again = acquireLater(pool, "a");
      CompletableFuture<Lease<Part>> b = acquireLater(pool, "b");
      awaitWaiting(pool, 2);
      pool.resize(2, 3);
      List<Lease<Part>> leases = List.of(a, get(again), get(b));
      pool.resize(1, 2);
      leases.forEach(Lease::close);
      assertThat(pool.stats().idle()).isBetween(1, 2);
      assertThat(pool.stats("a").idle() + pool.stats("b").idle()).isEqualTo(pool.stats().idle());
      pool.resize(1, 1);
      assertThat(pool.stats().idle()).isEqualTo(1);
      assertThat(pool.keys()).isEqualTo(1);
    }
    assertThat(parts.disposed).hasValue(3);
  }

  @Test
  void of_two_resizings_at_once_one_holds_for_all_keys() throws Exception {
    AtomicReference<KeyedPool<String, Part>> itself = new AtomicReference<>();
    try (KeyedPool<String, Part> pool = builder(2, 8).name("resized-keys").disposer(part -> {
      parts.dispose(part);
      KeyedPool<String, Part> present = itself.getAndSet(null);
      if (present != null) {
        present.resize(3, 6); // while another resizing is at its first key
      }
    }).build()) {
      List<String> keys = List.of("a", "b", "c");
      for (String key : keys) {
        try (Lease<Part> one = pool.acquire(key, LONG); Lease<Part> two = pool.acquire(key, LONG)) {
          assertThat(one.get()).isNotSameAs(two.get());
        }
      }
      itself.set(pool);
      pool.resize(1, 2);
      assertThat(pool.stats().maximum()).isEqualTo(6);
      assertThat(keys).allSatisfy(key -> assertThat(pool.stats(key).maximum()).isEqualTo(3));
      assertThat(find("resized-keys").bound()).isEqualTo("maximumPerKey 3, maximumTotal 6");
    }
    assertThat(parts.disposed).hasValue(6);
  }

  @Test
  void closing_disposes_of_what_is_idle_and_of_the_rest_as_it_comes_back_and_wakes_all_waiters() throws Exception {
    KeyedPool<String, Part> pool = builder(1, 2).build();
    Lease<Part> a = pool.acquire("a", LONG);
    pool.acquire("b", LONG).close();
    CompletableFuture<Lease<Part>> waiting = acquireLater(pool, "a");
    awaitWaiting(pool, 1);
    pool.close();
    pool.close();
    assertThat(parts.disposed).hasValue(1);
    assertThatThrownBy(() -> get(waiting)).hasCauseInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> pool.acquire("c", LONG)).isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("parts: this pool is closed");
    assertThatThrownBy(() -> pool.tryAcquire("a")).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> pool.resize(1, 1)).isInstanceOf(IllegalStateException.class);
    assertThat(pool.close(Duration.ofMillis(5))).isFalse();
    a.close();
    assertThat(pool.close(LONG)).isTrue();
    assertThat(pool.toString()).startsWith("KeyedPool[parts, closed, 0 keys, PoolStats[");
    assertThat(pool.keys()).isZero();
    assertThat(parts.disposed).hasValue(2);
  }

  @Test
  void the_pool_is_visible_until_it_is_closed_and_drained() throws Exception {
    KeyedPool<String, Part> pool = builder(2, 4).name("visible-keys").build();
    pool.acquire("a", LONG).close();
    Container container = find("visible-keys");
    assertThat(container.kind()).isEqualTo("pool");
    assertThat(container.bound()).isEqualTo("maximumPerKey 2, maximumTotal 4");
    assertThat(container.estimatedSize()).isEqualTo(1);
    assertThat(container.creationSite()).contains("KeyedPoolTest.java");
    assertThat(container.figures()).containsEntry("keys", 1).containsEntry("idle", 1);
    pool.close();
    assertThat(find("visible-keys")).isNull();
  }

  private static Container find(String name) {
    return Containers.list().stream().filter(one -> one.name().equals(name)).findAny().orElse(null);
  }

  @Test
  void bad_input_is_refused_with_what_was_given() {
    assertThatThrownBy(() -> KeyedPool.builder(null)).isInstanceOf(NullPointerException.class).hasMessage("opener");
    assertThatThrownBy(() -> KeyedPool.<String, Part>builder(key -> parts.open()).build()).isInstanceOf(IllegalStateException.class)
        .hasMessage("this pool would grow for ever: set maximumTotal(maximum)");
    assertThatThrownBy(() -> builder(0, 1)).isInstanceOf(IllegalArgumentException.class)
        .hasMessage("maximumPerKey must be at least 1, but was 0");
    assertThatThrownBy(() -> builder(1, -1)).hasMessage("maximumTotal must be at least 1, but was -1");
    try (KeyedPool<String, Part> pool = builder(1, 1).build()) {
      assertThatThrownBy(() -> pool.acquire(null, LONG)).isInstanceOf(NullPointerException.class).hasMessage("key");
      assertThatThrownBy(() -> pool.acquire("a", null)).isInstanceOf(NullPointerException.class).hasMessage("timeout");
      assertThatThrownBy(() -> pool.acquire("a", Duration.ofNanos(-1))).hasMessage("timeout must be at least zero, but was PT-0.000000001S");
      assertThatThrownBy(() -> pool.resize(1, 0)).hasMessage("maximumTotal must be at least 1, but was 0");
    }
  }

  @Test
  void a_dropped_pool_is_closed_and_reported() throws Exception {
    WeakReference<KeyedPool<String, Part>> pool = buildAndDrop();
    Gc.awaitCleared(pool);
    Gc.await("disposed of and reported", () -> parts.disposed.get() == 2 && leaks.size() == 1);
    assertThat(leaks.get(0).kind()).isEqualTo("pool");
    assertThat(leaks.get(0).what()).isEqualTo("parts");
    assertThat(leaks.get(0).site()).contains("KeyedPoolTest.buildAndDrop(KeyedPoolTest.java:");
  }

  private WeakReference<KeyedPool<String, Part>> buildAndDrop() throws InterruptedException {
    KeyedPool<String, Part> pool = builder(1, 2).build();
    pool.acquire("a", LONG).close();
    pool.acquire("b", LONG).close();
    return new WeakReference<>(pool);
  }

  @Test
  void an_application_that_forgets_its_pool_can_be_undeployed() {
    Gc.awaitCleared(ChildLoader.runAndDrop(Deployed.class));
  }

  /** Keeps a pool in a static field. */
  public static final class Deployed implements Runnable {
    @SuppressWarnings("unused")
    private static KeyedPool<String, Object> pool;

    @Override
    public void run() {
      pool = KeyedPool.<String, Object>builder(key -> new Object()).maximumTotal(4).expireAfterIdle(LONG).build();
      try (Lease<Object> lease = pool.acquire("a", LONG)) {
        lease.get();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }
}
