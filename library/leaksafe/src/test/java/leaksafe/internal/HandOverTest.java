package leaksafe.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import leaksafe.Failure;
import leaksafe.testing.Gc;
import leaksafe.testing.Throwing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HandOverTest {
  private final List<Failure> failures = new CopyOnWriteArrayList<>();
  private final AtomicInteger done = new AtomicInteger();

  private void handOver(Executor executor) {
    HandOver.to(executor, done::incrementAndGet, "orders", failures::add);
  }

  private void assertToldOf(Throwable cause) {
    Gc.awaitWithoutGc("told", () -> failures.size() == 1);
    assertThat(failures.get(0))
        .isEqualTo(new Failure("orders", "executor", "it refused a task, which the common pool runs instead", cause));
  }

  @ParameterizedTest
  @MethodSource("leaksafe.testing.Throwing#kinds")
  void a_refused_task_is_done_all_the_same(Throwable cause) {
    handOver(task -> {
      throw Throwing.raise(cause);
    });
    assertToldOf(cause);
    Gc.awaitWithoutGc("done", () -> done.get() == 1);
  }

  @ParameterizedTest
  @MethodSource("leaksafe.testing.Throwing#kinds")
  void a_task_whose_executor_throws_although_it_runs_it_is_done_once(Throwable cause) {
    List<Runnable> kept = new ArrayList<>();
    handOver(task -> {
      task.run();
      kept.add(task);
      throw Throwing.raise(cause);
    });
    assertToldOf(cause);
    kept.get(0).run();
    assertThat(done).hasValue(1);
  }

  @Test
  void a_task_that_is_done_keeps_nothing_though_its_executor_keeps_it() {
    List<Runnable> kept = new ArrayList<>();
    WeakReference<Object> captured = handOverWith(task -> {
      task.run();
      kept.add(task);
    });
    Gc.awaitCleared(captured);
    assertThat(kept).hasSize(1);
    assertThat(done).hasValue(1);
  }

  private WeakReference<Object> handOverWith(Executor executor) {
    Object object = new Object();
    HandOver.to(executor, () -> done.addAndGet(List.of(object).size()), "orders", failures::add);
    return new WeakReference<>(object);
  }
}
