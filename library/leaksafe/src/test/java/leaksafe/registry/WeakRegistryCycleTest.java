package leaksafe.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import leaksafe.Failure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Values that reach their keys: rejected, reported, allowed, and found by an audit of the heap. */
class WeakRegistryCycleTest {
  private final WeakRegistry<Object, Object> registry = KeyKind.builder().name("tested").build();

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
  void a_repair_removes_what_the_audit_found_and_nothing_else() throws Exception {
    WeakRegistry<Object, Object> repaired = WeakRegistry.builder().onCycle(CyclePolicy.ALLOW).build();
    List<Object> keys = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      Object key = new Object();
      keys.add(key);
      repaired.put(key, i % 4 == 0 ? List.of(key) : "value");
    }
    List<Object> removed = new ArrayList<>();
    long count = repaired.repair(WeakRegistryCycleTest::audit, (key, value) -> removed.add(key));
    assertThat(count).isEqualTo(5);
    assertThat(removed).containsExactlyInAnyOrder(keys.get(0), keys.get(4), keys.get(8), keys.get(12), keys.get(16));
    assertThat(repaired.estimatedSize()).isEqualTo(15);
    assertThat(repaired.get(keys.get(1))).isEqualTo("value");
    assertThat(repaired.repair(WeakRegistryCycleTest::audit, (key, value) -> {})).isZero();
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
}
