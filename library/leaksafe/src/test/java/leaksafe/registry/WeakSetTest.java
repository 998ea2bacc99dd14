package leaksafe.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import leaksafe.Container;
import leaksafe.internal.Containers;
import leaksafe.testing.Gc;
import leaksafe.testing.Seeded;
import org.junit.jupiter.api.Test;

class WeakSetTest {
  private final WeakSet<Object> set = WeakSet.create("windows");

  @Test
  void behaves_like_an_identity_set() {
    Seeded.check(10, random -> {
      WeakSet<Object> tested = WeakSet.create();
      Set<Object> model = Collections.newSetFromMap(new IdentityHashMap<>());
      List<Object> elements = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        elements.add(new ArrayList<>()); // all equal
      }
      for (int i = 0; i < 2_000; i++) {
        Object element = elements.get(random.nextInt(elements.size()));
        switch (random.nextInt(3)) {
          case 0 -> assertThat(tested.add(element)).isEqualTo(model.add(element));
          case 1 -> assertThat(tested.remove(element)).isEqualTo(model.remove(element));
          default -> assertThat(tested.contains(element)).isEqualTo(model.contains(element));
        }
      }
      assertThat(tested.estimatedSize()).isEqualTo(model.size());
      List<Object> snapshot = tested.snapshot();
      assertThat(snapshot).hasSize(model.size());
      assertThat(model.containsAll(snapshot)).isTrue();
      Reference.reachabilityFence(elements);
    });
  }

  @Test
  void elements_are_let_go_though_nobody_uses_the_set() {
    Object kept = new Object();
    set.add(kept);
    for (int i = 0; i < 500; i++) {
      set.add(new Object());
    }
    Gc.await("all but one gone", () -> set.estimatedSize() == 1);
    assertThat(set.snapshot()).containsExactly(kept);
  }

  @Test
  void what_makes_no_sense_as_a_weak_element_is_refused() {
    assertThatThrownBy(() -> set.add("text")).isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("windows: a java.lang.String cannot be held weakly: ");
    assertThatThrownBy(() -> set.add(1)).isInstanceOf(IllegalArgumentException.class);
    assertThat(set.contains("text")).isFalse();
  }

  @Test
  void null_is_refused_by_name() {
    assertThatThrownBy(() -> set.add(null)).isInstanceOf(NullPointerException.class).hasMessage("element");
    assertThatThrownBy(() -> set.contains(null)).hasMessage("element");
    assertThatThrownBy(() -> set.remove(null)).hasMessage("element");
    assertThatThrownBy(() -> set.forEach(null)).hasMessage("action");
    assertThatThrownBy(() -> WeakSet.create(null)).hasMessage("name");
  }

  @Test
  void a_closed_one_is_empty_and_refuses_elements() {
    Object element = new Object();
    set.add(element);
    set.close();
    set.close();
    assertThat(set.contains(element)).isFalse();
    assertThat(set.snapshot()).isEmpty();
    assertThatThrownBy(() -> set.add(element)).isInstanceOf(IllegalStateException.class).hasMessageStartingWith("windows is closed and takes nothing in any more: ");
  }

  @Test
  void the_census_sees_it() {
    WeakSet<Object> unnamed = WeakSet.create();
    String name = unnamed.toString().replaceAll("^WeakSet\\[|, about .*$", "");
    Container seen = Containers.list().stream().filter(c -> c.name().equals(name)).findFirst().orElseThrow();
    assertThat(seen.kind()).isEqualTo("set");
    assertThat(seen.bound()).isEqualTo("weak elements");
    assertThat(seen.creationSite()).contains("WeakSetTest.java");
    unnamed.close();
    assertThat(Containers.list()).doesNotContain(seen);
  }
}
