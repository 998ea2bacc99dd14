package leaksafe.registry;

import static org.assertj.core.api.Assertions.assertThat;

import leaksafe.testing.Allocation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Looking up makes no objects. */
class LookUpCostTest {
  private static final double NOTHING = 0.5; // bytes: what the JVM itself allocates now and then, over many runs

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "CLASS_LOADER") // asks the JDK for a class in the loader
  void a_registry_allocates_nothing(KeyKind kind) {
    WeakRegistry<Object, Object> registry = KeyKind.builder().build();
    Object key = kind.key();
    Object other = kind.key();
    registry.put(key, "value");
    assertThat(Allocation.bytesOf(() -> {
      if (registry.get(key) == null || registry.get(other) != null || registry.computeIfAbsent(key, k -> "other") != "value") {
        throw new AssertionError("not found");
      }
    })).isLessThan(NOTHING);
  }

  @Test
  void sets_interners_and_values_of_threads_allocate_nothing() {
    WeakSet<Object> set = WeakSet.create();
    WeakInterner<Object> interner = WeakInterner.create();
    PerThread<Object> values = PerThread.<Object>builder(Object::new).build();
    Object element = new Object();
    set.add(element);
    interner.intern(element);
    Object value = values.get();
    assertThat(Allocation.bytesOf(() -> {
      if (!set.contains(element) || interner.intern(element) != element || values.get() != value) {
        throw new AssertionError("not found");
      }
    })).isLessThan(NOTHING);
  }
}
