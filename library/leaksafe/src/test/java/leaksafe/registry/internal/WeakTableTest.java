package leaksafe.registry.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import leaksafe.testing.Gc;
import leaksafe.testing.Seeded;
import org.junit.jupiter.api.Test;

/** White-box tests of what the registries do not show: resizing both ways, slices, orphans. */
class WeakTableTest {
  private final Queue<Object> orphans = new ConcurrentLinkedQueue<>();
  private final WeakTable<Object, Object> table = new WeakTable<>("tested", orphans::add);

  @Test
  void the_array_grows_with_the_entries_and_shrinks_again() {
    List<Object> keys = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      Object key = new Object();
      keys.add(key);
      table.put(key, i);
    }
    int grown = table.bins().length;
    assertThat(grown).isBetween(10_000, 32_768);
    for (int i = 100; i < 10_000; i++) {
      assertThat(table.remove(keys.get(i))).isEqualTo(i);
    }
    assertThat(table.bins().length).isLessThanOrEqualTo(2_048);
    for (int i = 0; i < 100; i++) {
      assertThat(table.get(keys.get(i))).isEqualTo(i);
    }
    assertThat(table.estimatedSize()).isEqualTo(100);
  }

  @Test
  void the_array_shrinks_when_the_keys_are_collected() {
    List<Object> keys = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      Object key = new Object();
      keys.add(key);
      table.put(key, i);
    }
    keys.subList(10, keys.size()).clear();
    Gc.await("only those left that are in use", () -> table.estimatedSize() == 10);
    assertThat(table.bins().length).isLessThanOrEqualTo(1_024);
    keys.forEach(key -> assertThat(table.get(key)).isNotNull());
    assertThat(orphans).hasSize(9_990).doesNotHaveDuplicates();
  }

  @Test
  void a_removed_entry_has_no_orphan() {
    Object key = new Object();
    table.put(key, 1);
    table.remove(key);
    WeakReference<Object> gone = new WeakReference<>(key);
    key = null;
    Gc.awaitCleared(gone);
    assertThat(orphans).isEmpty();
  }

  @Test
  void a_round_of_slices_sees_each_entry_once() {
    Seeded.check(20, random -> {
      WeakTable<Object, Object> tested = new WeakTable<>("tested");
      Map<Object, Object> model = new IdentityHashMap<>();
      for (int i = random.nextInt(3_000); i >= 0; i--) {
        Object key = new Object();
        model.put(key, i);
        tested.put(key, i);
      }
      Set<Object> asked = Collections.newSetFromMap(new IdentityHashMap<>());
      List<Object> removed = new ArrayList<>();
      int next = 0;
      do {
        next = tested.removeIf(next, 1 + random.nextInt(200), (key, value) -> {
          assertThat(asked.add(key)).isTrue();
          return false;
        }, removed::add);
      } while (next != 0);
      assertThat(asked).hasSize(model.size());
      tested.removeIf(0, Integer.MAX_VALUE, (key, value) -> (int) value % 2 == 0, removed::add);
      model.forEach((key, value) -> assertThat(tested.get(key)).isEqualTo((int) value % 2 == 0 ? null : value));
      assertThat(removed).allMatch(value -> (int) value % 2 == 0);
      assertThat(removed.size() + tested.estimatedSize()).isEqualTo(model.size());
      Reference.reachabilityFence(model);
    });
  }

  @Test
  void a_reader_finds_what_is_there_while_the_array_is_resized_all_the_time() throws Exception {
    Object[] staying = new Object[64];
    for (int i = 0; i < staying.length; i++) {
      staying[i] = new Object();
      table.put(staying[i], i);
    }
    AtomicBoolean done = new AtomicBoolean();
    AtomicReference<String> missed = new AtomicReference<>();
    Thread reader = new Thread(() -> {
      while (!done.get()) {
        for (int i = 0; i < staying.length; i++) {
          if (!Integer.valueOf(i).equals(table.get(staying[i]))) {
            missed.set("entry " + i);
          }
        }
      }
    });
    reader.start();
    List<Object> passing = new ArrayList<>();
    for (int round = 0; round < 20; round++) {
      for (int i = 0; i < 3_000; i++) {
        Object key = new Object();
        passing.add(key);
        table.put(key, "passes");
      }
      passing.forEach(table::remove);
      passing.clear();
    }
    done.set(true);
    reader.join();
    assertThat(missed).hasValue(null);
    assertThat(table.estimatedSize()).isEqualTo(staying.length);
  }
}
