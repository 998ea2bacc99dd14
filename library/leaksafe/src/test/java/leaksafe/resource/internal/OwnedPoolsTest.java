package leaksafe.resource.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import leaksafe.internal.Containers;
import leaksafe.resource.OwnedExecutors;
import leaksafe.resource.Scope;
import leaksafe.testing.Gc;
import org.junit.jupiter.api.Test;

/** The executors behind the fronts, and what is noted of their threads. */
class OwnedPoolsTest {
  private static final InheritableThreadLocal<String> INHERITED = new InheritableThreadLocal<>();

  @Test
  void threads_without_work_end_after_a_minute_those_of_timers_too() {
    ExecutorService executor = OwnedExecutors.named("executor").queueCapacity(1).build();
    ScheduledExecutorService timer = OwnedExecutors.named("timer").queueCapacity(1).buildTimer();
    assertThat(List.of(executor, timer)).extracting(OwnedExecutorService::poolOf).allSatisfy(pool -> {
      assertThat(pool.allowsCoreThreadTimeOut()).isTrue();
      assertThat(pool.getKeepAliveTime(TimeUnit.SECONDS)).isEqualTo(60);
    });
    executor.shutdown();
    timer.shutdown();
  }

  @Test
  void threads_inherit_nothing_and_are_daemons_if_that_was_said() throws Exception {
    INHERITED.set("of who submits");
    for (boolean daemon : new boolean[] {false, true}) {
      OwnedExecutors.Builder builder = OwnedExecutors.named("worker").queueCapacity(1);
      ExecutorService executor = (daemon ? builder.daemon() : builder).build();
      assertThat(executor.submit(() -> INHERITED.get()).get()).isNull();
      assertThat(executor.submit(() -> Thread.currentThread().isDaemon()).get()).isEqualTo(daemon);
      executor.shutdown();
    }
    AtomicReference<String> inherited = new AtomicReference<>("not looked at");
    try (Scope scope = Scope.open("s")) {
      scope.thread("worker", () -> inherited.set(INHERITED.get())).join();
    }
    INHERITED.remove();
    assertThat(inherited).hasNullValue();
  }

  @Test
  void every_kind_of_scheduled_task_has_its_place_in_the_queue() {
    ScheduledExecutorService timer = OwnedExecutors.named("tick").queueCapacity(1).buildTimer();
    timer.schedule(() -> { }, 1, TimeUnit.DAYS);
    List<Runnable> more = List.of(() -> timer.schedule(() -> { }, 1, TimeUnit.DAYS), () -> timer.schedule(() -> 1, 1, TimeUnit.DAYS),
        () -> timer.scheduleAtFixedRate(() -> { }, 1, 1, TimeUnit.DAYS), () -> timer.scheduleWithFixedDelay(() -> { }, 1, 1, TimeUnit.DAYS),
        () -> timer.submit(() -> 1), () -> timer.execute(() -> { }));
    for (Runnable one : more) {
      assertThatThrownBy(one::run).isInstanceOf(RejectedExecutionException.class).hasMessageStartingWith("tick: the queue is full (queueCapacity 1)");
    }
    assertThat(timer.shutdownNow()).hasSize(1);
  }

  @Test
  void an_executor_is_visible_until_it_is_shut_down() {
    ExecutorService executor = OwnedExecutors.named("visible executor").queueCapacity(1).build();
    assertThat(Containers.list()).anyMatch(container -> container.name().equals("visible executor"));
    executor.shutdown();
    assertThat(Containers.list()).noneMatch(container -> container.name().equals("visible executor"));
  }

  @Test
  void the_front_of_a_pool_is_known_by_its_pool_and_nothing_else_is() {
    ExecutorService executor = OwnedExecutors.named("executor").queueCapacity(1).build();
    ThreadPoolExecutor pool = OwnedExecutorService.poolOf(executor);
    assertThat(pool).isNotNull();
    assertThat(OwnedExecutorService.poolOf(pool)).isSameAs(pool);
    executor.shutdown();
    assertThat(pool.isShutdown()).isTrue();
  }
}
