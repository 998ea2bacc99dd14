package leaksafe.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import leaksafe.testing.ChildLoader;
import leaksafe.testing.Gc;
import leaksafe.watch.Footprint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class LeakTruthTest {
  private static final LeakTruth.Count NOTHING = new LeakTruth.Count(0, 0);

  @ParameterizedTest
  @EnumSource
  void no_entry_leaks_and_none_is_lost(KeyKind kind) {
    assertThat(LeakTruth.count(kind)).isEqualTo(NOTHING);
  }

  @ParameterizedTest
  @ValueSource(strings = {"UseSerialGC", "UseParallelGC", "UseG1GC", "UseZGC"})
  void no_entry_leaks_and_none_is_lost_with_the_collector(String collector) throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Process process = new ProcessBuilder(java, "-XX:+" + collector, "-Xmx128m", "-cp", System.getProperty("java.class.path"),
        LeakTruth.class.getName()).redirectErrorStream(true).start();
    try {
      String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(printed.lines().filter(line -> line.contains("Count")).toList())
          .as(printed)
          .containsExactly(Arrays.stream(KeyKind.values()).map(kind -> kind + " " + NOTHING).toArray(String[]::new));
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void of_the_values_that_would_leak_in_a_table_all_are_refused() {
    WeakRegistry<Object, Object> registry = KeyKind.builder().build();
    List<WeakReference<Object>> dropped = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      Object key = new KeyKind.Plain();
      dropped.add(new WeakReference<>(key));
      assertThatThrownBy(() -> registry.put(key, new KeyKind.Value(key))).isInstanceOf(IllegalArgumentException.class);
    }
    Gc.awaitCleared(dropped);
    Reference.reachabilityFence(registry);
  }

  @Test
  void a_value_in_a_table_may_refer_to_its_key_weakly() {
    WeakRegistry<Object, Object> registry = KeyKind.builder().build();
    List<WeakReference<Object>> dropped = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      Object key = new KeyKind.Plain();
      dropped.add(new WeakReference<>(key));
      registry.put(key, List.of(new WeakReference<>(key)));
    }
    Gc.awaitCleared(dropped);
    Gc.awaitWithoutGc("the reaper dropped the entries", () -> registry.estimatedSize() == 0);
  }

  @ParameterizedTest
  @EnumSource
  void the_count_of_an_idle_registry_follows_the_collections(KeyKind kind) {
    WeakRegistry<Object, Object> registry = KeyKind.builder().build();
    for (int i = 0; i < 100; i++) {
      registry.put(kind.key(), "value");
    }
    Gc.await("no entries left", () -> registry.estimatedSize() == 0);
  }

  @Test
  void a_value_may_refer_to_its_registry() {
    List<WeakReference<Object>> dropped = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      WeakRegistry<Object, Object> registry = KeyKind.builder().build();
      for (KeyKind kind : KeyKind.values()) {
        registry.put(kind.key(), registry);
      }
      dropped.add(new WeakReference<>(registry));
    }
    Gc.awaitCleared(dropped);
  }

  @ParameterizedTest
  @EnumSource
  void a_dropped_registry_lets_go_of_its_values_though_the_keys_live(KeyKind kind) {
    List<Object> keys = new ArrayList<>();
    List<WeakReference<Object>> values = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      keys.add(kind.key());
    }
    for (int round = 0; round < 3; round++) {
      fillAndDrop(keys, values);
    }
    Gc.awaitCleared(values);
    Reference.reachabilityFence(keys);
  }

  private static void fillAndDrop(List<Object> keys, List<WeakReference<Object>> values) {
    WeakRegistry<Object, Object> registry = KeyKind.builder().build();
    for (Object key : keys) {
      KeyKind.Value value = new KeyKind.Value(null);
      registry.put(key, value);
      values.add(new WeakReference<>(value));
    }
    values.add(new WeakReference<>(registry));
  }

  @Test
  void the_values_of_keys_that_never_die_go_with_their_registry_though_they_refer_to_the_keys() {
    List<Object> keys = List.of(String.class, int.class, ClassLoader.getPlatformClassLoader());
    List<WeakReference<Object>> values = new ArrayList<>();
    List<WeakRegistry<Object, Object>> closed = new ArrayList<>();
    for (Object key : keys) {
      WeakRegistry<Object, Object> registry = KeyKind.builder().build();
      values.add(new WeakReference<>(putReferring(registry, key)));
      values.add(new WeakReference<>(registry));
      WeakRegistry<Object, Object> closing = KeyKind.builder().build();
      values.add(new WeakReference<>(putReferring(closing, key)));
      closing.close();
      closed.add(closing);
    }
    Gc.awaitCleared(values);
    Reference.reachabilityFence(closed);
  }

  private static Object putReferring(WeakRegistry<Object, Object> registry, Object key) {
    Object value = new KeyKind.Value(key);
    registry.put(key, value);
    return value;
  }

  @Test
  void dropped_registries_leave_one_slot_at_most_in_a_living_key() {
    KeyKind.Own key = new KeyKind.Own();
    for (int i = 0; i < 50; i++) {
      WeakRegistry.<KeyKind.Own, Object>builder().build().put(key, new Object());
    }
    Gc.await("the slots were given back", () -> key.attachments().slots() <= 1);
    for (int i = 0; i < 50; i++) {
      WeakRegistry<KeyKind.Own, Object> closed = WeakRegistry.<KeyKind.Own, Object>builder().build();
      closed.put(key, new Object());
      closed.close();
      assertThatThrownBy(() -> closed.put(key, new Object())).isInstanceOf(IllegalStateException.class);
    }
    assertThat(key.attachments().slots()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void a_closed_registry_lets_go_of_its_values_though_the_keys_live(KeyKind kind) {
    WeakRegistry<Object, Object> registry = KeyKind.builder().build();
    Object key = kind.key();
    WeakReference<Object> value = putFresh(registry, key);
    registry.close();
    Gc.awaitCleared(value);
    Reference.reachabilityFence(key);
    Reference.reachabilityFence(registry);
  }

  @ParameterizedTest
  @EnumSource
  void a_removed_value_is_let_go_though_the_key_lives(KeyKind kind) {
    WeakRegistry<Object, Object> registry = KeyKind.builder().build();
    Object key = kind.key();
    WeakReference<Object> value = putFresh(registry, key);
    registry.remove(key);
    Gc.awaitCleared(value);
    Reference.reachabilityFence(key);
    Reference.reachabilityFence(registry);
  }

  @ParameterizedTest
  @EnumSource(names = {"PLAIN", "ATTACHABLE", "HOSTED"})
  void a_registry_from_which_much_was_removed_is_small_again(KeyKind kind) {
    WeakRegistry<Object, Object> registry = KeyKind.builder().build();
    List<Object> keys = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      Object key = kind.key();
      keys.add(key);
      registry.put(key, "value");
    }
    keys.forEach(registry::remove);
    assertThat(Footprint.of(registry).bytes()).isLessThan(10_000);
    Reference.reachabilityFence(keys);
  }

  private static WeakReference<Object> putFresh(WeakRegistry<Object, Object> registry, Object key) {
    Object value = new Object();
    registry.put(key, value);
    return new WeakReference<>(value);
  }

  @Test
  void a_class_loader_with_registries_in_static_fields_is_collected() {
    List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      loaders.add(ChildLoader.runAndDrop(Everything.class));
    }
    Gc.awaitCleared(loaders);
  }
}
