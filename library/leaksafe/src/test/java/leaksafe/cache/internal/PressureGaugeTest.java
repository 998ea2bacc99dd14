package leaksafe.cache.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import leaksafe.FailureListener;
import leaksafe.cache.HeapUse;
import leaksafe.cache.MemoryPressure;
import leaksafe.cache.PressureStats;
import leaksafe.cache.PressureStep;
import org.junit.jupiter.api.Test;

/** What a gauge does to a maximum that others change at the same time. */
class PressureGaugeTest {
  private final AtomicReference<HeapUse> heap = new AtomicReference<>(new HeapUse(70, 90, 100, 1));
  private final List<PressureStep> steps = new ArrayList<>();
  private final Maximum target = new Maximum();
  private final PressureGauge gauge = new PressureGauge(target,
      MemoryPressure.builder().threshold(0.8).relief(0.6).shrinkBy(0.5).growBy(1).heap(heap::get).listener(steps::add).build(),
      FailureListener.logging());

  /** A maximum that the user changes right after the gauge has read it. */
  private static final class Maximum implements PressureGauge.Target {
    final Budget budget = new Budget(100, false);
    Runnable user = () -> {};

    @Override
    public String name() {
      return "maximum";
    }

    @Override
    public long currentMaximum() {
      long seen = budget.ownMaximum();
      Runnable once = user;
      user = () -> {};
      once.run();
      return seen;
    }

    @Override
    public boolean replaceMaximum(long expected, long maximum) {
      return budget.replaceMaximum(expected, maximum);
    }
  }

  private void userSets(long maximum) {
    gauge.userSets(maximum);
    target.budget.setMaximum(maximum);
  }

  @Test
  void a_maximum_that_is_set_while_the_gauge_decides_is_not_overwritten() {
    gauge.work(0); // the first look, which finds the heap neither full nor roomy, and for which the next waits
    gauge.lookNow();
    heap.set(new HeapUse(90, 90, 100, 2));
    target.user = () -> userSets(80);
    gauge.lookNow();
    assertThat(target.budget.ownMaximum()).isEqualTo(80);
    assertThat(steps).isEmpty();
    assertThat(gauge.stats()).isEqualTo(new PressureStats(80, 80, 0, 0));
    heap.set(new HeapUse(90, 90, 100, 3));
    gauge.lookNow();
    assertThat(target.budget.ownMaximum()).isEqualTo(40);
    heap.set(new HeapUse(10, 20, 100, 4));
    gauge.lookNow();
    assertThat(target.budget.ownMaximum()).isEqualTo(80);
    assertThat(steps).extracting(PressureStep::maximum).containsExactly(40L, 80L);
  }

  @Test
  void who_replaces_a_maximum_that_is_another_by_now_changes_nothing() {
    Budget budget = new Budget(10, false);
    assertThat(budget.tryTake(4)).isTrue();
    assertThat(budget.replaceMaximum(9, 5)).isFalse();
    assertThat(budget.ownMaximum()).isEqualTo(10);
    assertThat(budget.room()).isEqualTo(6);
    assertThat(budget.replaceMaximum(10, 5)).isTrue();
    assertThat(budget.ownMaximum()).isEqualTo(5);
    assertThat(budget.room()).isEqualTo(1);
    assertThat(budget.get()).isEqualTo(4);
  }
}
