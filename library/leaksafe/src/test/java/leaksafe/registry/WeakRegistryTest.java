package leaksafe.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.lang.reflect.Method;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import leaksafe.Container;
import leaksafe.Failure;
import leaksafe.internal.Containers;
import leaksafe.testing.Gc;
import leaksafe.testing.Seeded;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WeakRegistryTest {
  private final WeakRegistry<Object, Object> registry = KeyKind.builder().name("tested").build();

  @ParameterizedTest
  @EnumSource
  void an_entry_comes_changes_and_goes(KeyKind kind) {
    Object key = kind.key();
    assertThat(registry.get(key)).isNull();
    assertThat(registry.remove(key)).isNull();
    assertThat(registry.put(key, "first")).isNull();
    assertThat(registry.get(key)).isEqualTo("first");
    assertThat(registry.estimatedSize()).isEqualTo(1);
    assertThat(registry.put(key, "second")).isEqualTo("first");
    assertThat(registry.putIfAbsent(key, "third")).isEqualTo("second");
    assertThat(registry.remove(key, "third")).isFalse();
    assertThat(registry.remove(key)).isEqualTo("second");
    assertThat(registry.get(key)).isNull();
    assertThat(registry.estimatedSize()).isZero();
    assertThat(registry.putIfAbsent(key, "fourth")).isNull();
    assertThat(registry.remove(key, "fourth")).isTrue();
    assertThat(registry.remove(key, "fourth")).isFalse();
    assertThat(registry.computeIfAbsent(key, k -> "made")).isEqualTo("made");
    assertThat(registry.computeIfAbsent(key, k -> "made again")).isEqualTo("made");
  }

  @ParameterizedTest
  @EnumSource
  void behaves_like_an_identity_map(KeyKind kind) {
    Seeded.check(5, random -> {
      WeakRegistry<Object, Object> tested = KeyKind.builder().build();
      Map<Object, Object> model = new IdentityHashMap<>();
      List<Object> keys = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        keys.add(kind.key());
      }
      for (int i = 0; i < 3_000; i++) {
        Object key = keys.get(random.nextInt(keys.size()));
        Object value = "value " + i;
        switch (random.nextInt(6)) {
          case 0 -> assertThat(tested.put(key, value)).isEqualTo(model.put(key, value));
          case 1 -> assertThat(tested.putIfAbsent(key, value)).isEqualTo(model.putIfAbsent(key, value));
          case 2 -> assertThat(tested.remove(key)).isEqualTo(model.remove(key));
          case 3 -> assertThat(tested.computeIfAbsent(key, k -> value)).isEqualTo(model.computeIfAbsent(key, k -> value));
          case 4 -> assertThat(tested.remove(key, model.getOrDefault(key, "none"))).isEqualTo(model.remove(key) != null);
          default -> assertThat(tested.get(key)).isEqualTo(model.get(key));
        }
      }
      Map<Object, Object> seen = new IdentityHashMap<>();
      tested.forEach((key, value) -> assertThat(seen.put(key, value)).isNull());
      assertThat(seen).isEqualTo(model);
      assertThat(tested.estimatedSize()).isEqualTo(model.size());
      tested.close();
      keys.forEach(key -> assertThat(tested.get(key)).isNull());
    });
  }

  @ParameterizedTest
  @EnumSource
  void two_registries_do_not_see_each_others_values(KeyKind kind) {
    WeakRegistry<Object, Object> other = KeyKind.builder().build();
    Object key = kind.key();
    registry.put(key, "ours");
    other.put(key, "theirs");
    assertThat(registry.get(key)).isEqualTo("ours");
    assertThat(other.remove(key)).isEqualTo("theirs");
    assertThat(registry.get(key)).isEqualTo("ours");
  }

  @Test
  void keys_are_compared_by_identity() {
    List<Object> one = new ArrayList<>();
    List<Object> equal = new ArrayList<>();
    registry.put(one, 1);
    registry.put(equal, 2);
    one.add("changed");
    assertThat(registry.get(one)).isEqualTo(1);
    assertThat(registry.get(equal)).isEqualTo(2);
  }

  @Test
  void the_key_decides_where_its_value_lives() {
    for (KeyKind kind : KeyKind.values()) {
      assertThat(registry.livesInKey(kind.key())).as(kind.name()).isEqualTo(kind.livesInKey);
    }
    assertThat(registry.livesInKey(String.class)).isFalse();
    assertThat(registry.livesInKey(ClassLoader.getPlatformClassLoader())).isFalse();
  }

  @Test
  void classes_that_outlive_the_library_are_keys_like_others_and_their_values_may_refer_to_them() {
    registry.put(String.class, List.of(String.class));
    registry.put(ClassLoader.getPlatformClassLoader(), List.of(ClassLoader.getPlatformClassLoader()));
    assertThat(registry.get(String.class)).isEqualTo(List.of(String.class));
    assertThat(registry.get(Integer.class)).isNull();
  }

  @ParameterizedTest
  @EnumSource
  void the_function_runs_once_for_all_who_want_the_value_at_once(KeyKind kind) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      for (int round = 0; round < 50; round++) {
        Object key = kind.key();
        AtomicInteger runs = new AtomicInteger();
        CyclicBarrier start = new CyclicBarrier(8);
        List<Callable<Object>> tasks = Collections.nCopies(8, () -> {
          start.await();
          return registry.computeIfAbsent(key, k -> {
            runs.incrementAndGet();
            Thread.yield();
            return new Object();
          });
        });
        Set<Object> results = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Future<Object> result : threads.invokeAll(tasks)) {
          results.add(result.get());
        }
        assertThat(runs).hasValue(1);
        assertThat(results).hasSize(1);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void a_running_function_holds_up_nobody_who_wants_another_key() throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try {
      Future<Object> slow = thread.submit(() -> registry.computeIfAbsent(new KeyKind.Plain(), k -> {
        running.countDown();
        awaitUninterruptibly(end);
        return "slow";
      }));
      running.await();
      for (int i = 0; i < 200; i++) {
        assertThat(registry.computeIfAbsent(new KeyKind.Plain(), k -> "quick")).isEqualTo("quick");
      }
      end.countDown();
      assertThat(slow.get()).isEqualTo("slow");
    } finally {
      thread.shutdownNow();
    }
  }

  @Test
  void a_function_may_use_the_registry_for_other_keys() {
    Object outer = new KeyKind.Plain();
    Object inner = new KeyKind.Plain();
    assertThat(registry.computeIfAbsent(outer, k -> registry.computeIfAbsent(inner, i -> "inner") + " in outer")).isEqualTo("inner in outer");
    assertThat(registry.get(inner)).isEqualTo("inner");
  }

  @Test
  void a_function_that_asks_for_its_own_value_is_told_so() {
    Object key = new KeyKind.Plain();
    assertThatThrownBy(() -> registry.computeIfAbsent(key, k -> registry.computeIfAbsent(key, again -> "never")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("tested: the function for a leaksafe.registry.KeyKind$Plain asks for the value that it is to make, "
            + "and would wait for ever: compute one from the other");
    assertThat(registry.computeIfAbsent(key, k -> "fine")).isEqualTo("fine");
  }

  @Test
  void functions_that_wait_for_each_other_across_threads_are_told_so() throws Exception {
    Object first = new KeyKind.Plain();
    Object second = new KeyKind.Own();
    CyclicBarrier bothRun = new CyclicBarrier(2);
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      Future<Object> one = threads.submit(() -> registry.computeIfAbsent(first, k -> inTurn(bothRun, second)));
      Future<Object> two = threads.submit(() -> registry.computeIfAbsent(second, k -> inTurn(bothRun, first)));
      List<Throwable> failures = new ArrayList<>();
      for (Future<Object> result : List.of(one, two)) {
        try {
          result.get(20, TimeUnit.SECONDS);
        } catch (java.util.concurrent.ExecutionException e) {
          failures.add(e.getCause());
        }
      }
      assertThat(failures).isNotEmpty().allSatisfy(e -> assertThat(e).hasMessageContaining("by way of thread pool-"));
    } finally {
      threads.shutdownNow();
    }
  }

  private Object inTurn(CyclicBarrier barrier, Object other) {
    try {
      barrier.await(20, TimeUnit.SECONDS);
    } catch (Exception e) {
      return "the other gave up"; // the second attempt of the thread that waited: nobody is there to meet
    }
    return registry.computeIfAbsent(other, k -> "made within");
  }

  @Test
  void a_function_that_throws_leaves_nothing_behind() {
    Object key = new KeyKind.Plain();
    IllegalStateException failure = new IllegalStateException("on purpose");
    assertThatThrownBy(() -> registry.computeIfAbsent(key, k -> {
      throw failure;
    })).isSameAs(failure);
    assertThat(registry.get(key)).isNull();
    assertThat(registry.computeIfAbsent(key, k -> "later")).isEqualTo("later");
  }

  @Test
  void a_function_must_return_a_value() {
    Object key = new KeyKind.Plain();
    assertThatThrownBy(() -> registry.computeIfAbsent(key, k -> null)).isInstanceOf(NullPointerException.class)
        .hasMessage("tested: the function returned null for a leaksafe.registry.KeyKind$Plain, must return a value");
    assertThat(registry.estimatedSize()).isZero();
  }

  @Test
  void a_value_that_was_put_in_meanwhile_stays() {
    Object key = new KeyKind.Plain();
    assertThat(registry.computeIfAbsent(key, k -> {
      registry.put(key, "put");
      return "computed";
    })).isEqualTo("put");
    assertThat(registry.get(key)).isEqualTo("put");
  }

  @Test
  void a_value_that_reaches_its_key_is_rejected_with_the_path() {
    KeyKind.Plain key = new KeyKind.Plain();
    List<Object> items = new ArrayList<>(List.of("a", new KeyKind.Value(key)));
    String message = "tested: the value reaches its key (ArrayList[1].key) and would keep it for ever; let leaksafe.registry.KeyKind$Plain "
        + "implement Attachable, name a host for it, hold the key in the value by a WeakReference, or say onCycle(CyclePolicy.ALLOW)";
    assertThatThrownBy(() -> registry.put(key, items)).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
    assertThatThrownBy(() -> registry.putIfAbsent(key, items)).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
    assertThatThrownBy(() -> registry.computeIfAbsent(key, k -> items)).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
    assertThat(registry.get(key)).isNull();
    assertThat(registry.estimatedSize()).isZero();
    registry.put(key, "kept");
    assertThatThrownBy(() -> registry.put(key, items)).isInstanceOf(IllegalArgumentException.class);
    assertThat(registry.get(key)).isEqualTo("kept");
  }

  @Test
  void a_value_that_reaches_its_key_is_warned_of_once_for_each_path() {
    List<Failure> told = new ArrayList<>();
    WeakRegistry<Object, Object> warning =
        KeyKind.builder().name("warning").onCycle(CyclePolicy.WARN).failureListener(told::add).build();
    for (int i = 0; i < 10; i++) {
      KeyKind.Plain key = new KeyKind.Plain();
      warning.put(key, new KeyKind.Value(key));
      assertThat(warning.get(key)).isInstanceOf(KeyKind.Value.class);
    }
    assertThat(told).singleElement().satisfies(failure -> {
      assertThat(failure.role()).isEqualTo("cycle check");
      assertThat(failure.container()).isEqualTo("warning");
      assertThat(failure.detail()).isEqualTo("KeyKind$Value.key");
    });
    for (int depth = 0; depth < 3; depth++) {
      Object[] key = {};
      Object value = key;
      for (int i = 0; i < depth; i++) {
        value = List.of(value);
      }
      warning.put(key, value);
    }
    assertThat(told).hasSize(4);
  }

  @Test
  void a_value_that_reaches_its_key_is_allowed_if_that_was_said() {
    WeakRegistry<Object, Object> allowing = KeyKind.builder().onCycle(CyclePolicy.ALLOW).build();
    KeyKind.Plain key = new KeyKind.Plain();
    allowing.put(key, key);
    assertThat(allowing.get(key)).isSameAs(key);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "PLAIN")
  void a_value_that_lives_in_its_key_may_reach_it(KeyKind kind) {
    Object key = kind.key();
    registry.put(key, List.of(key));
    assertThat(registry.get(key)).isEqualTo(List.of(key));
  }

  @Test
  void keys_for_which_a_weak_map_is_a_mistake_are_refused_with_the_reason() throws Exception {
    record Point(int x) {}
    Method method = Object.class.getMethod("toString");
    Map<Object, String> reasons = new IdentityHashMap<>();
    reasons.put("text", "a java.lang.String cannot be held weakly: equal strings are different objects");
    reasons.put(5, "a java.lang.Integer cannot be held weakly: small ones are shared by the whole JVM");
    reasons.put('c', "a java.lang.Character cannot be held weakly: small ones are shared");
    reasons.put(2.5, "a java.lang.Double cannot be held weakly: small ones are shared");
    reasons.put(new Point(1), "Point cannot be held weakly: a record is what its components are");
    reasons.put(TimeUnit.DAYS, "a java.util.concurrent.TimeUnit cannot be held weakly: enum constants are never collected");
    reasons.put(CyclePolicy.WARN, "use an EnumMap");
    reasons.put(method, "a java.lang.reflect.Method cannot be held weakly: every look-up by reflection returns a fresh copy");
    reasons.put(Instant.EPOCH, "a java.time.Instant cannot be held weakly: it is of a value-based class");
    reasons.put(Optional.of(1), "value-based");
    reasons.put(List.of(1), "value-based");
    reasons.forEach((key, reason) -> {
      assertThatThrownBy(() -> registry.put(key, "v")).isInstanceOf(IllegalArgumentException.class).hasMessageStartingWith("tested: ")
          .hasMessageContaining(reason);
      assertThatThrownBy(() -> registry.putIfAbsent(key, "v")).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> registry.computeIfAbsent(key, k -> {
        throw new AssertionError("run for nothing");
      })).isInstanceOf(IllegalArgumentException.class);
      assertThat(registry.get(key)).isNull();
    });
    assertThat(registry.estimatedSize()).isZero();
  }

  @Test
  void constants_of_enums_with_bodies_are_refused_too() {
    enum WithBody {
      ONE {
        @Override
        public String toString() {
          return "one";
        }
      }
    }
    assertThatThrownBy(() -> registry.put(WithBody.ONE, 1)).hasMessageContaining("enum constants are never collected");
  }

  @Test
  void a_record_that_is_attachable_is_accepted() {
    record Session(Attachments attachments) implements Attachable {}
    Session key = new Session(new Attachments());
    registry.put(key, List.of(key));
    assertThat(registry.get(key)).isEqualTo(List.of(key));
  }

  @Test
  void null_is_refused_by_name() {
    assertThatThrownBy(() -> registry.get(null)).isInstanceOf(NullPointerException.class).hasMessage("key");
    assertThatThrownBy(() -> registry.put(null, 1)).isInstanceOf(NullPointerException.class).hasMessage("key");
    assertThatThrownBy(() -> registry.put(new KeyKind.Plain(), null)).isInstanceOf(NullPointerException.class).hasMessage("value");
    assertThatThrownBy(() -> registry.putIfAbsent(new KeyKind.Plain(), null)).hasMessage("value");
    assertThatThrownBy(() -> registry.computeIfAbsent(null, k -> 1)).isInstanceOf(NullPointerException.class).hasMessage("key");
    assertThatThrownBy(() -> registry.computeIfAbsent(new KeyKind.Plain(), null)).hasMessage("function");
    assertThatThrownBy(() -> registry.remove(null)).hasMessage("key");
    assertThatThrownBy(() -> registry.forEach(null)).hasMessage("action");
    assertThatThrownBy(() -> KeyKind.builder().name(null)).hasMessage("name");
    assertThatThrownBy(() -> KeyKind.builder().onCycle(null)).hasMessage("policy");
    assertThatThrownBy(() -> KeyKind.builder().failureListener(null)).hasMessage("listener");
    assertThatThrownBy(() -> KeyKind.builder().host(String.class, null)).hasMessage("host");
    assertThatThrownBy(() -> KeyKind.builder().host(null, Host.<Object>of(k -> null, (k, a) -> {}))).hasMessage("type");
    assertThatThrownBy(() -> Host.of(null, (k, a) -> {})).hasMessage("reader");
    assertThatThrownBy(() -> Host.of(k -> null, null)).hasMessage("writer");
  }

  @Test
  void a_key_without_its_attachments_is_told_so() {
    Attachable careless = () -> null;
    assertThatThrownBy(() -> registry.put(careless, 1)).isInstanceOf(NullPointerException.class)
        .hasMessageMatching("attachments\\(\\) of a .*WeakRegistryTest.* returned null, must return its Attachments");
  }

  @Test
  void a_key_that_shares_its_attachments_with_another_is_told_so() {
    Attachments shared = new Attachments();
    Attachable first = () -> shared;
    Attachable second = () -> shared;
    registry.put(first, 1);
    assertThatThrownBy(() -> registry.put(second, 1)).isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("each object needs a field of its own");
    assertThatThrownBy(() -> registry.get(second)).isInstanceOf(IllegalStateException.class);
    assertThat(registry.get(first)).isEqualTo(1);
  }

  @Test
  void a_host_is_named_once_for_a_type() {
    assertThatThrownBy(() -> KeyKind.builder().host(KeyKind.Foreign.class, Host.<Object>of(k -> null, (k, a) -> {})))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("host for leaksafe.registry.KeyKind$Foreign must be named once, but was named before");
  }

  @Test
  void a_host_that_does_not_keep_what_it_is_given_is_told_so() {
    WeakRegistry<Object, Object> hosted =
        WeakRegistry.<Object, Object>builder().host(KeyKind.Plain.class, Host.<Object>of(k -> null, (k, a) -> {})).build();
    Object key = new KeyKind.Plain();
    assertThatThrownBy(() -> hosted.put(key, 1)).isInstanceOf(IllegalStateException.class)
        .hasMessage("the host of a leaksafe.registry.KeyKind$Plain does not read what it wrote: both must use the same place, "
            + "and the key must keep it");
    assertThat(hosted.get(key)).isNull();
  }

  @Test
  void a_host_whose_place_is_used_by_others_is_told_so() {
    KeyKind.Foreign key = new KeyKind.Foreign();
    key.attributes.put("place", "something else");
    assertThatThrownBy(() -> registry.put(key, 1)).isInstanceOf(IllegalStateException.class)
        .hasMessage("the host of a leaksafe.registry.KeyKind$Foreign read a java.lang.String, must be Attachments or null: "
            + "is its place used by something else?");
  }

  @Test
  void a_host_is_written_once_by_threads_that_come_at_once() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      for (int round = 0; round < 200; round++) {
        AtomicInteger writes = new AtomicInteger();
        WeakRegistry<Object, Object> hosted = WeakRegistry.<Object, Object>builder()
            .host(KeyKind.Foreign.class, Host.of(key -> key.attributes.get("place"), (key, a) -> {
              writes.incrementAndGet();
              key.attributes.put("place", a);
            })).build();
        KeyKind.Foreign key = new KeyKind.Foreign();
        CyclicBarrier start = new CyclicBarrier(4);
        List<Callable<Object>> tasks = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
          Object value = t;
          tasks.add(() -> {
            start.await();
            return hosted.putIfAbsent(key, value);
          });
        }
        int stored = 0;
        for (Future<Object> before : threads.invokeAll(tasks)) {
          stored += before.get() == null ? 1 : 0;
        }
        assertThat(writes).hasValue(1);
        assertThat(stored).isEqualTo(1);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_closed_registry_is_empty_and_refuses_entries(KeyKind kind) {
    Object key = kind.key();
    registry.put(key, "value");
    registry.close();
    registry.close();
    assertThat(registry.get(key)).isNull();
    assertThat(registry.remove(key)).isNull();
    assertThat(registry.estimatedSize()).isZero();
    registry.forEach((k, v) -> {
      throw new AssertionError("shown");
    });
    assertThatThrownBy(() -> registry.put(key, 1)).isInstanceOf(IllegalStateException.class).hasMessage("tested is closed");
    assertThatThrownBy(() -> registry.putIfAbsent(key, 1)).isInstanceOf(IllegalStateException.class).hasMessage("tested is closed");
    assertThatThrownBy(() -> registry.computeIfAbsent(key, k -> {
      throw new AssertionError("run for nothing");
    })).isInstanceOf(IllegalStateException.class).hasMessage("tested is closed");
  }

  @ParameterizedTest
  @EnumSource
  void an_entry_put_in_while_the_registry_is_closed_is_refused_or_removed(KeyKind kind) throws Exception {
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try {
      for (int round = 0; round < 100; round++) {
        WeakRegistry<Object, Object> closing = KeyKind.builder().build();
        Object key = kind.key();
        CyclicBarrier start = new CyclicBarrier(2);
        Future<?> closed = thread.submit(() -> {
          start.await();
          closing.close();
          return null;
        });
        start.await();
        try {
          closing.put(key, "value");
        } catch (IllegalStateException e) {
          assertThat(e).hasMessageEndingWith("is closed");
        }
        closed.get();
        assertThat(closing.get(key)).isNull();
        assertThat(closing.estimatedSize()).isZero();
      }
    } finally {
      thread.shutdownNow();
    }
  }

  @Test
  void the_census_sees_it_until_it_is_closed() {
    WeakRegistry<Object, Object> named = KeyKind.builder().name("in the census").build();
    List<Object> keys = new ArrayList<>();
    for (KeyKind kind : KeyKind.values()) {
      keys.add(kind.key());
    }
    keys.forEach(key -> named.put(key, "value"));
    Container seen = Containers.list().stream().filter(c -> c.name().equals("in the census")).findFirst().orElseThrow();
    assertThat(seen.kind()).isEqualTo("registry");
    assertThat(seen.bound()).isEqualTo("weak keys");
    assertThat(seen.creationSite()).contains("WeakRegistryTest.java");
    assertThat(seen.estimatedSize()).isEqualTo(keys.size());
    assertThat(seen.isUnbounded()).isFalse();
    named.close();
    assertThat(Containers.list()).doesNotContain(seen);
    Reference.reachabilityFence(keys);
  }

  @Test
  void an_unnamed_one_is_called_by_its_creation_site() {
    assertThat(WeakRegistry.builder().build().toString()).startsWith("WeakRegistry[registry@").contains("WeakRegistryTest.java");
  }

  @ParameterizedTest
  @EnumSource
  void entries_that_stay_are_shown_exactly_once_while_others_come_and_go(KeyKind kind) throws Exception {
    List<Object> staying = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      Object key = kind.key();
      staying.add(key);
      registry.put(key, "stays");
    }
    List<Object> passing = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      passing.add(kind.key());
    }
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try {
      Future<?> traffic = thread.submit(() -> {
        for (int i = 0; i < 3; i++) {
          passing.forEach(key -> registry.put(key, "passes"));
          passing.forEach(registry::remove);
        }
      });
      do {
        Map<Object, Object> shown = new IdentityHashMap<>();
        registry.forEach((key, value) -> {
          assertThat(shown.put(key, value)).isNull();
        });
        staying.forEach(key -> assertThat(shown).containsEntry(key, "stays"));
      } while (!traffic.isDone());
      traffic.get();
    } finally {
      thread.shutdownNow();
    }
    Gc.awaitWithoutGc("only those left that stay", () -> registry.estimatedSize() == 100);
  }

  @Test
  void a_repair_removes_what_the_audit_found_and_nothing_else() throws Exception {
    WeakRegistry<Object, Object> repaired = WeakRegistry.builder().onCycle(CyclePolicy.ALLOW).build();
    List<Object> keys = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      Object key = new Object();
      keys.add(key);
      repaired.put(key, i % 4 == 0 ? List.of(key) : "value");
    }
    List<Object> removed = new ArrayList<>();
    long count = repaired.repair(WeakRegistryTest::audit, (key, value) -> removed.add(key));
    assertThat(count).isEqualTo(5);
    assertThat(removed).containsExactlyInAnyOrder(keys.get(0), keys.get(4), keys.get(8), keys.get(12), keys.get(16));
    assertThat(repaired.estimatedSize()).isEqualTo(15);
    assertThat(repaired.get(keys.get(1))).isEqualTo("value");
    assertThat(repaired.repair(WeakRegistryTest::audit, (key, value) -> {})).isZero();
    repaired.close();
    assertThat(repaired.repair(entries -> new BitSet(), (key, value) -> {})).isZero();
  }

  @Test
  void a_repair_leaves_entries_that_changed_meanwhile() throws Exception {
    WeakRegistry<Object, Object> repaired = WeakRegistry.builder().onCycle(CyclePolicy.ALLOW).build();
    Object key = new Object();
    repaired.put(key, List.of(key));
    long count = repaired.repair(entries -> {
      repaired.remove(key);
      repaired.put(key, "another value");
      return audit(entries);
    }, (k, value) -> {});
    assertThat(count).isZero();
    assertThat(repaired.get(key)).isEqualTo("another value");
    Reference.reachabilityFence(key);
  }

  /** Finds the entries of a list that has their key. */
  private static BitSet audit(Object[] entries) {
    BitSet found = new BitSet();
    for (int i = 0; i < entries.length; i++) {
      found.set(i, ((WeakReference<?>) entries[i]).get() != null && holdsList(entries[i]));
    }
    return found;
  }

  private static boolean holdsList(Object entry) {
    try {
      var field = entry.getClass().getDeclaredField("value");
      field.setAccessible(true);
      return field.get(entry) instanceof List;
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
