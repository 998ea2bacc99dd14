package leaksafe.resource.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
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

  /** Has the one thread of an executor busy until the latch is counted down. */
  private static void occupy(ExecutorService executor, CountDownLatch go) throws InterruptedException {
    CountDownLatch busy = new CountDownLatch(1);
    executor.execute(() -> {
      busy.countDown();
      try {
        go.await();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    });
    busy.await();
  }

  @Test
  void a_cancelled_task_leaves_the_queue_at_once() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    ExecutorService executor = OwnedExecutors.named("executor").queueCapacity(1).build();
    occupy(executor, go);
    List<Future<?>> cancelled = new ArrayList<>();
    for (Supplier<Future<?>> submit : List.<Supplier<Future<?>>>of(() -> executor.submit(() -> { }), () -> executor.submit(() -> { }, "result"),
        () -> executor.submit(() -> "result"))) {
      Future<?> task = submit.get();
      assertThatThrownBy(() -> executor.submit(() -> { })).as("full").isInstanceOf(RejectedExecutionException.class);
      task.cancel(false);
      cancelled.add(task);
    }
    assertThat(cancelled).allMatch(Future::isCancelled);
    Future<String> last = executor.submit(() -> "last");
    go.countDown();
    assertThat(last.get()).isEqualTo("last");
    executor.shutdown();
  }

  @Test
  void the_bound_of_a_timer_may_be_overshot_by_the_repeated_tasks_that_run() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    CountDownLatch busy = new CountDownLatch(1);
    ScheduledExecutorService timer = OwnedExecutors.named("tick").queueCapacity(1).buildTimer();
    timer.scheduleWithFixedDelay(() -> {
      busy.countDown();
      try {
        go.await();
      } catch (InterruptedException e) {
        // the end
      }
    }, 0, 1, TimeUnit.DAYS);
    busy.await();
    timer.schedule(() -> { }, 1, TimeUnit.DAYS); // takes the place of the one that runs
    assertThatThrownBy(() -> timer.schedule(() -> { }, 1, TimeUnit.DAYS)).isInstanceOf(RejectedExecutionException.class);
    go.countDown();
    Gc.awaitWithoutGc("it waits again", () -> OwnedExecutorService.poolOf(timer).getQueue().size() == 2);
    timer.shutdownNow();
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
