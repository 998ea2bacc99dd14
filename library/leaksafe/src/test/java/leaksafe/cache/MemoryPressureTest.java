package leaksafe.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import leaksafe.Failure;
import leaksafe.cache.internal.Verify;
import leaksafe.testing.Gc;
import org.junit.jupiter.api.Test;

class MemoryPressureTest {
  private final AtomicReference<HeapUse> heap = new AtomicReference<>(new HeapUse(10, 20, 100, 1));
  private final List<PressureStep> steps = new ArrayList<>();

  private static MemoryPressure.Builder steps() {
    return MemoryPressure.builder().threshold(0.8).relief(0.6).least(0.25).shrinkBy(0.5).growBy(0.25);
  }

  /** Looks so rarely that only the test does. */
  private MemoryPressure pressure() {
    return steps().interval(Duration.ofDays(1)).heap(heap::get).listener(steps::add).build();
  }

  private static Cache<Integer, String> filled(MemoryPressure pressure) {
    Cache<Integer, String> cache = Cache.builder().name("under pressure").maximumSize(100).memoryPressure(pressure).build();
    Verify.look(cache);
    for (int i = 0; i < 100; i++) {
      cache.put(i, "");
    }
    return cache;
  }

  @Test
  void a_full_heap_shrinks_the_cache_step_by_step_and_room_lets_it_grow_again() {
    Cache<Integer, String> cache = filled(pressure());
    heap.set(new HeapUse(81, 90, 100, 2));
    Verify.look(cache);
    assertThat(cache.policy().maximum()).hasValue(50);
    assertThat(cache.estimatedSize()).as("without a call").isEqualTo(50);
    Verify.look(cache);
    assertThat(cache.policy().maximum()).as("no collection since").hasValue(50);
    heap.set(new HeapUse(85, 90, 100, 3));
    Verify.look(cache);
    assertThat(cache.policy().maximum()).hasValue(25);
    heap.set(new HeapUse(85, 90, 100, 4));
    Verify.look(cache);
    assertThat(cache.policy().maximum()).as("not below its least").hasValue(25);
    heap.set(new HeapUse(70, 90, 100, 5));
    Verify.look(cache);
    assertThat(cache.policy().maximum()).as("neither full nor roomy").hasValue(25);
    heap.set(new HeapUse(70, 50, 100, 5));
    Verify.look(cache);
    assertThat(cache.policy().maximum()).as("less is in use now than after the last collection").hasValue(50);
    heap.set(new HeapUse(30, 90, 100, 6));
    Verify.look(cache);
    Verify.look(cache);
    Verify.look(cache);
    assertThat(cache.policy().maximum()).hasValue(100);
    assertThat(cache.policy().pressure()).contains(new PressureStats(100, 100, 2, 3));
    assertThat(steps).extracting(PressureStep::maximum).containsExactly(50L, 25L, 50L, 75L, 100L);
    assertThat(steps).extracting(PressureStep::isShrink).containsExactly(true, true, false, false, false);
    assertThat(steps.get(0)).isEqualTo(new PressureStep("under pressure", 100, 50, new HeapUse(81, 90, 100, 2)));
    Verify.structure(cache);
  }

  @Test
  void a_maximum_that_the_user_sets_meanwhile_is_where_it_grows_to() {
    Cache<Integer, String> cache = filled(pressure());
    heap.set(new HeapUse(90, 90, 100, 2));
    Verify.look(cache);
    cache.policy().setMaximum(40);
    heap.set(new HeapUse(90, 90, 100, 3));
    Verify.look(cache);
    assertThat(cache.policy().maximum()).hasValue(20);
    heap.set(new HeapUse(10, 90, 100, 4));
    for (int i = 0; i < 5; i++) {
      Verify.look(cache);
    }
    assertThat(cache.policy().maximum()).hasValue(40);
  }

  @Test
  void a_maximum_that_the_user_sets_to_what_it_was_shrunk_to_stays() {
    Cache<Integer, String> cache = filled(pressure());
    heap.set(new HeapUse(90, 90, 100, 2));
    Verify.look(cache);
    cache.policy().setMaximum(50);
    assertThat(cache.policy().pressure()).contains(new PressureStats(50, 50, 1, 0));
    heap.set(new HeapUse(10, 20, 100, 3));
    Verify.look(cache);
    assertThat(cache.policy().maximum()).hasValue(50);
    Budget budget = Budget.builder().maximumWeight(100).memoryPressure(pressure()).build();
    budget.setMaximumWeight(70);
    assertThat(budget.stats().pressure()).isEqualTo(new PressureStats(70, 70, 0, 0));
  }

  @Test
  void budgets_shrink_and_grow_by_themselves() {
    Queue<PressureStep> told = new ConcurrentLinkedQueue<>();
    Budget budget = Budget.builder().name("all").maximumWeight(100)
        .memoryPressure(steps().interval(Duration.ofMillis(5)).heap(heap::get).listener(told::add).build()).build();
    Cache<Integer, String> cache = Cache.builder().budget(budget).build();
    for (int i = 0; i < 100; i++) {
      cache.put(i, "");
    }
    heap.set(new HeapUse(90, 90, 100, 2));
    Gc.awaitWithoutGc("shrunk", () -> budget.weight() == 50 && !told.isEmpty());
    assertThat(budget.maximumWeight()).isEqualTo(50);
    heap.set(new HeapUse(20, 90, 100, 3));
    Gc.awaitWithoutGc("grown", () -> budget.maximumWeight() == 100 && told.size() == 3);
    assertThat(budget.stats().pressure()).isEqualTo(new PressureStats(100, 100, 1, 2));
  }

  @Test
  void figures_and_listeners_that_fail_are_reported_and_stop_nothing() {
    Queue<Failure> failures = new ConcurrentLinkedQueue<>();
    IllegalStateException figures = new IllegalStateException("no figures");
    IllegalStateException listener = new IllegalStateException("no ear");
    AtomicReference<RuntimeException> thrown = new AtomicReference<>();
    Cache<Integer, String> cache = Cache.builder().name("c").maximumSize(100).failureListener(failures::add).memoryPressure(steps().interval(Duration.ofDays(1)).heap(() -> {
      if (thrown.get() != null) {
        throw thrown.get();
      }
      return heap.get();
    }).listener(step -> {
      throw listener;
    }).build()).build();
    thrown.set(figures);
    Gc.awaitWithoutGc("looked and failed", () -> {
      Verify.look(cache);
      return !failures.isEmpty();
    });
    assertThat(failures.peek()).hasToString("c: the heap figures failed (the maximum stays as it is): " + figures);
    failures.clear();
    thrown.set(null);
    heap.set(new HeapUse(90, 90, 100, 2));
    Verify.look(cache);
    assertThat(cache.policy().maximum()).hasValue(50);
    assertThat(failures.peek()).hasToString("c: the pressure listener failed (from 100 to 50): " + listener);
  }

  @Test
  void the_figures_of_this_virtual_machine_are_those_after_a_collection() {
    HeapUse before = MemoryPressure.above(0.9).heap().get();
    assertThat(before.maximum()).isEqualTo(Runtime.getRuntime().maxMemory());
    MemoryPressure pressure = MemoryPressure.above(0.9);
    long first = pressure.heap().get().collections();
    Gc.await("a collection seen", () -> {
      byte[] some = new byte[1 << 20];
      return some.length > 0 && pressure.heap().get().collections() > first;
    });
    HeapUse after = pressure.heap().get();
    assertThat(after.afterCollection()).isPositive().isLessThanOrEqualTo(after.maximum());
  }

  @Test
  void bad_input_is_refused() {
    assertThatThrownBy(() -> MemoryPressure.above(0)).isInstanceOf(IllegalArgumentException.class)
        .hasMessage("threshold must be above 0 and at most 1, but was 0.0");
    assertThatThrownBy(() -> MemoryPressure.above(Double.NaN)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> MemoryPressure.builder().growBy(1.5)).isInstanceOf(IllegalArgumentException.class)
        .hasMessage("growBy must be above 0 and at most 1, but was 1.5");
    assertThatThrownBy(() -> MemoryPressure.builder().interval(Duration.ZERO)).isInstanceOf(IllegalArgumentException.class)
        .hasMessage("interval must be at least PT0.001S, but was PT0S");
    assertThatThrownBy(() -> MemoryPressure.builder().threshold(0.5).relief(0.5).build()).isInstanceOf(IllegalStateException.class)
        .hasMessage("relief 0.5 must be below threshold 0.5, or the maximum would swing: lower the relief or raise the threshold");
    assertThatThrownBy(() -> Cache.builder().expireAfterWrite(Duration.ofDays(1)).memoryPressure(MemoryPressure.above(0.9)).build())
        .isInstanceOf(IllegalStateException.class).hasMessage("memoryPressure needs a maximum to lower: set maximumSize or maximumWeight");
    assertThatThrownBy(() -> Cache.builder().budget(Budget.ofWeight(2)).memoryPressure(MemoryPressure.above(0.9)).build())
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("memoryPressure needs a maximum to lower: set maximumSize or maximumWeight, or have the Budget watch the heap");
    assertThatThrownBy(() -> new HeapUse(-1, 0, 1, 0)).isInstanceOf(IllegalArgumentException.class);
  }
}
