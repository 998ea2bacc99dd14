package leaksafe.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import leaksafe.Container;
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
    String closed = "tested is closed and takes nothing in any more: close it after its last use, or build a new one";
    assertThatThrownBy(() -> registry.put(key, 1)).isInstanceOf(IllegalStateException.class).hasMessage(closed);
    assertThatThrownBy(() -> registry.putIfAbsent(key, 1)).isInstanceOf(IllegalStateException.class).hasMessage(closed);
    assertThatThrownBy(() -> registry.computeIfAbsent(key, k -> {
      throw new AssertionError("run for nothing");
    })).isInstanceOf(IllegalStateException.class).hasMessage(closed);
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
          assertThat(e).hasMessageContaining(" is closed and takes nothing in any more: ");
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
  void an_entry_that_came_too_late_leaves_no_slot_in_its_key() throws Exception {
    WeakRegistry<Object, Object> other = KeyKind.builder().build();
    List<KeyKind.Own> keys = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      KeyKind.Own key = new KeyKind.Own();
      other.put(key, "whose slot is the first, which is not given back");
      keys.add(key);
    }
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try {
      for (int round = 0; round < 300; round++) {
        WeakRegistry<Object, Object> closing = KeyKind.builder().build();
        CyclicBarrier start = new CyclicBarrier(2);
        Future<?> closed = thread.submit(() -> {
          start.await();
          while (closing.estimatedSize() == 0) {
            Thread.onSpinWait();
          }
          closing.close();
          return null;
        });
        start.await();
        try {
          keys.forEach(key -> closing.put(key, "value"));
        } catch (IllegalStateException e) {
          assertThat(e).hasMessageContaining(" is closed and takes nothing in any more: ");
        }
        closed.get();
        assertThat(keys).allMatch(key -> key.attachments().slots() == 1);
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
}
