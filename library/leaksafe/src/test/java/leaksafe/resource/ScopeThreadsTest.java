package leaksafe.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import leaksafe.testing.Deaf;
import leaksafe.testing.Gc;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Threads, executors and timers that end with their scope. */
class ScopeThreadsTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  @Test
  void a_thread_is_interrupted_and_waited_for() {
    AtomicBoolean interrupted = new AtomicBoolean();
    Thread thread;
    try (Scope scope = Scope.open("s")) {
      thread = scope.thread("worker", () -> {
        try {
          new CountDownLatch(1).await();
        } catch (InterruptedException e) {
          interrupted.set(true);
        }
      }, LONG);
      assertThat(thread.getName()).isEqualTo("worker");
      assertThat(scope.size()).isEqualTo(1);
    }
    assertThat(interrupted).isTrue();
    assertThat(thread.isAlive()).isFalse();
  }

  @Test
  void a_thread_that_ends_leaves_its_scope() throws Exception {
    try (Scope scope = Scope.open("s")) {
      Thread thread = scope.thread("worker", () -> { });
      thread.join();
      assertThat(scope.size()).isZero();
    }
  }

  @Test
  void a_thread_that_does_not_end_is_reported_with_where_it_is() throws Exception {
    CountDownLatch stubborn = new CountDownLatch(1);
    CountDownLatch started = new CountDownLatch(1);
    Scope scope = Scope.open("s");
    Thread thread = scope.thread("stubborn", () -> hang(started, stubborn), Duration.ofMillis(1));
    started.await();
    assertThatThrownBy(scope::close).isInstanceOf(ScopeCloseException.class).cause()
        .isInstanceOf(TimeoutException.class)
        .hasMessageStartingWith("s: thread stubborn did not end within 1 ms after it was interrupted; it is at ")
        .hasMessageEndingWith("; make it end when it is interrupted, or give it more time");
    stubborn.countDown();
    thread.join();
  }

  private static void hang(CountDownLatch started, CountDownLatch latch) {
    started.countDown();
    Deaf.await(latch);
  }

  @Test
  void a_thread_may_close_its_own_scope() throws Exception {
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    CountDownLatch go = new CountDownLatch(1);
    Scope scope = Scope.open("s");
    Thread thread = scope.thread("worker", () -> {
      try {
        go.await();
        scope.close();
      } catch (Throwable e) {
        thrown.set(e);
      }
    });
    go.countDown();
    thread.join();
    assertThat(thrown).hasNullValue();
    assertThat(scope.isClosed()).isTrue();
  }

  @Test
  void no_thread_is_started_in_a_closed_scope() {
    Scope scope = Scope.open("s");
    scope.close();
    AtomicBoolean ran = new AtomicBoolean();
    assertThatThrownBy(() -> scope.thread("worker", () -> ran.set(true))).isInstanceOf(IllegalStateException.class);
    assertThat(ran).isFalse();
  }

  @Test
  void no_thread_outlives_a_scope_that_is_closed_while_threads_are_started() throws Exception {
    for (int round = 0; round < 500; round++) {
      Scope scope = Scope.open("s");
      List<Thread> started = new ArrayList<>();
      Thread starter = new Thread(() -> {
        try {
          while (true) {
            started.add(scope.thread("worker", () -> await(new CountDownLatch(1)), LONG));
          }
        } catch (IllegalStateException e) {
          // the scope is closed: the end
        }
      });
      starter.start();
      while (scope.size() <= round % 3) {
        Thread.onSpinWait(); // close at any moment of the next one's start
      }
      scope.close();
      starter.join();
      assertThat(started).noneMatch(Thread::isAlive);
      assertThat(scope.size()).isZero();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      // the scope ends
    }
  }

  @Test
  void an_executor_finishes_its_tasks() {
    List<Integer> done = new ArrayList<>();
    try (Scope scope = Scope.open("s")) {
      ExecutorService executor = scope.adopt(Executors.newFixedThreadPool(1), LONG);
      for (int i = 0; i < 100; i++) {
        int number = i;
        executor.execute(() -> done.add(number));
      }
    }
    assertThat(done).hasSize(100);
  }

  @Test
  void tasks_that_take_too_long_are_interrupted() {
    AtomicBoolean interrupted = new AtomicBoolean();
    CountDownLatch started = new CountDownLatch(1);
    ExecutorService executor = Executors.newFixedThreadPool(1);
    try (Scope scope = Scope.open("s")) {
      scope.adopt(executor, Duration.ofMillis(20)).execute(() -> {
        started.countDown();
        try {
          new CountDownLatch(1).await();
        } catch (InterruptedException e) {
          interrupted.set(true);
        }
      });
      Gc.awaitWithoutGc("started", () -> started.getCount() == 0);
    } catch (ScopeCloseException e) {
      // on a slow machine it may take longer than 20 ms more to end
    }
    Gc.awaitWithoutGc("interrupted", interrupted::get);
  }

  @Test
  void without_a_timeout_tasks_are_interrupted_at_once_and_threads_are_not_waited_for() throws Exception {
    CountDownLatch started = new CountDownLatch(2);
    CountDownLatch interrupted = new CountDownLatch(2);
    Runnable task = () -> {
      started.countDown();
      await(new CountDownLatch(1));
      interrupted.countDown();
    };
    Scope scope = Scope.open("s");
    scope.adopt(Executors.newFixedThreadPool(1), Duration.ZERO).execute(task);
    Thread thread = scope.thread("worker", task, Duration.ZERO);
    started.await();
    catchThrowable(scope::close); // says that they did not end within 0 ms, unless they were very fast
    assertThat(interrupted.await(60, TimeUnit.SECONDS)).isTrue();
    thread.join();
  }

  /** Returns what closing a scope says of an executor whose task does not end, while so many others wait. */
  private static String messageOfStuck(ExecutorService service, int waiting) throws Exception {
    CountDownLatch stubborn = new CountDownLatch(1);
    CountDownLatch started = new CountDownLatch(1);
    Scope scope = Scope.open("s");
    ExecutorService executor = scope.adopt(service, Duration.ofMillis(1));
    executor.execute(() -> hang(started, stubborn));
    started.await();
    for (int i = 0; i < waiting; i++) {
      executor.execute(() -> { });
    }
    Throwable thrown = catchThrowable(scope::close);
    assertThat(thrown).isInstanceOf(ScopeCloseException.class).cause().isInstanceOf(TimeoutException.class);
    stubborn.countDown();
    assertThat(executor.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
    return thrown.getCause().getMessage();
  }

  @Test
  void of_a_wrapped_executor_that_does_not_end_it_is_said_what_is_known() throws Exception {
    assertThat(messageOfStuck(Executors.unconfigurableExecutorService(Executors.newFixedThreadPool(1)), 2))
        .startsWith("s: executor java.util.concurrent.Executors$DelegatedExecutorService (2 tasks were dropped before they began; what "
            + "runs, and in which threads, is hidden by this class: adopt the pool that it wraps to see more) did not end within 1 ms");
  }

  @Test
  void of_a_fork_join_pool_that_does_not_end_the_running_tasks_are_counted() throws Exception {
    assertThat(messageOfStuck(new ForkJoinPool(1), 0))
        .startsWith("s: executor java.util.concurrent.ForkJoinPool (1 running, 0 queued) did not end within 1 ms");
  }

  @Test
  void an_executor_that_does_not_end_is_reported() throws Exception {
    assertThat(messageOfStuck(OwnedExecutors.named("mail").queueCapacity(10).build(), 0))
        .isEqualTo("s: executor mail (1 running, 0 queued) did not end within 1 ms and once more as long after its tasks were interrupted;"
            + " make its tasks end when they are interrupted, or give it more time");
  }

  /** A timer whose delayed tasks would be waited for, and which notes whether it had to be stopped. */
  private static final class Delaying extends ScheduledThreadPoolExecutor {
    int stops;

    Delaying() {
      super(1);
    }

    @Override
    public List<Runnable> shutdownNow() {
      stops++;
      return super.shutdownNow();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void delayed_tasks_do_not_hold_up_the_closing(boolean wrapped) {
    AtomicBoolean ran = new AtomicBoolean();
    Delaying timer = new Delaying();
    try (Scope scope = Scope.open("s")) {
      scope.adopt(wrapped ? OwnedExecutors.wrap("wrapped", timer) : timer, LONG);
      timer.schedule(() -> ran.set(true), 1, TimeUnit.DAYS);
      timer.scheduleAtFixedRate(() -> { }, 0, 1, TimeUnit.MILLISECONDS);
    }
    assertThat(timer.stops).isZero();
    assertThat(timer.isTerminated()).isTrue();
    assertThat(ran).isFalse();
  }

  @Test
  void an_interrupted_closing_waits_no_longer_but_closes_everything() throws Exception {
    CountDownLatch stubborn = new CountDownLatch(1);
    CountDownLatch started = new CountDownLatch(2);
    List<String> closed = new ArrayList<>();
    Scope scope = Scope.open("s");
    scope.defer(() -> closed.add("last, interrupted: " + Thread.currentThread().isInterrupted()));
    ExecutorService executor = scope.adopt(Executors.newFixedThreadPool(1), LONG);
    executor.execute(() -> hang(started, stubborn));
    Thread thread = scope.thread("stubborn", () -> hang(started, stubborn), LONG);
    started.await();
    Thread.currentThread().interrupt();
    Throwable thrown = catchThrowable(scope::close);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(closed).containsExactly("last, interrupted: false");
    assertThat(thrown).isInstanceOf(ScopeCloseException.class);
    assertThat(thrown.getCause()).isInstanceOf(TimeoutException.class)
        .hasMessageContaining("thread stubborn did not end before the closing thread was interrupted while it waited");
    assertThat(thrown.getSuppressed()).singleElement().isInstanceOf(TimeoutException.class)
        .asInstanceOf(InstanceOfAssertFactories.THROWABLE)
        .hasMessageContaining("did not end before this thread was interrupted while it waited");
    assertThat(executor.isShutdown()).isTrue();
    stubborn.countDown();
    thread.join();
    assertThat(executor.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
  }

  /** How closing a scope ended on a thread that was interrupted in it, and whether its interrupt status was set then. */
  private record Interrupted(Throwable thrown, boolean status) {}

  /** Closes a scope on a thread of its own, and interrupts that when it waits. */
  private static Interrupted closeAndInterrupt(Scope scope) throws InterruptedException {
    AtomicReference<Interrupted> end = new AtomicReference<>();
    Thread closer = new Thread(() -> {
      Throwable thrown = catchThrowable(scope::close);
      end.set(new Interrupted(thrown, Thread.currentThread().isInterrupted()));
    });
    closer.start();
    Gc.awaitWithoutGc("it waits", () -> closer.getState() == Thread.State.TIMED_WAITING);
    closer.interrupt();
    closer.join(30_000);
    assertThat(closer.isAlive()).as("still waits").isFalse();
    return end.get();
  }

  @Test
  void an_interrupt_in_the_middle_of_a_wait_cuts_it_short() throws Exception {
    CountDownLatch stubborn = new CountDownLatch(1);
    CountDownLatch started = new CountDownLatch(1);
    Scope scope = Scope.open("s");
    Thread thread = scope.thread("stubborn", () -> hang(started, stubborn), LONG);
    started.await();
    Interrupted closed = closeAndInterrupt(scope);
    assertThat(closed.thrown()).isInstanceOf(ScopeCloseException.class).hasCauseInstanceOf(TimeoutException.class);
    assertThat(closed.status()).isTrue();
    stubborn.countDown();
    thread.join();
  }

  @Test
  void an_interrupt_in_the_middle_of_waiting_for_an_executor_cuts_this_wait_and_those_after_it_short() throws Exception {
    CountDownLatch stubborn = new CountDownLatch(1);
    CountDownLatch started = new CountDownLatch(2);
    List<String> closed = new ArrayList<>();
    Scope scope = Scope.open("s");
    scope.defer(() -> closed.add("first"));
    ExecutorService below = scope.adopt(OwnedExecutors.named("below").queueCapacity(1).build(), LONG);
    below.execute(() -> hang(started, stubborn));
    ExecutorService executor = scope.adopt(OwnedExecutors.named("mail").queueCapacity(1).build(), LONG);
    executor.execute(() -> hang(started, stubborn));
    started.await();
    Interrupted interrupted = closeAndInterrupt(scope);
    assertThat(interrupted.thrown()).isInstanceOf(ScopeCloseException.class).cause().isInstanceOf(TimeoutException.class)
        .hasMessageStartingWith("s: executor mail (1 running, 0 queued) did not end before this thread was interrupted while it waited");
    assertThat(interrupted.thrown().getSuppressed()).singleElement().asInstanceOf(InstanceOfAssertFactories.THROWABLE)
        .hasMessageStartingWith("s: executor below (1 running, 0 queued) did not end before this thread was interrupted");
    assertThat(interrupted.status()).as("interrupted").isTrue();
    assertThat(closed).containsExactly("first");
    assertThat(executor.isShutdown()).isTrue();
    assertThat(below.isShutdown()).isTrue();
    stubborn.countDown();
    assertThat(executor.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
    assertThat(below.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
  }

  /** An executor that nothing was given to, whose first wait takes no time and whose second one goes on until it is interrupted. */
  private static final class Waits extends AbstractExecutorService {
    int waits;
    int stops;

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
      if (++waits == 2) {
        new CountDownLatch(1).await(timeout, unit);
      }
      return false;
    }

    @Override
    public void execute(Runnable task) {
      throw new AssertionError("nobody gives it a task");
    }

    @Override
    public void shutdown() {}

    @Override
    public List<Runnable> shutdownNow() {
      stops++;
      return List.of();
    }

    @Override
    public boolean isShutdown() {
      return true;
    }

    @Override
    public boolean isTerminated() {
      return false;
    }
  }

  @Test
  void an_interrupt_in_the_second_wait_for_an_executor_cuts_it_short() throws Exception {
    Waits executor = new Waits();
    Scope scope = Scope.open("s");
    scope.adopt(executor, LONG);
    Interrupted interrupted = closeAndInterrupt(scope);
    assertThat(interrupted.thrown()).cause().isInstanceOf(TimeoutException.class)
        .hasMessageContaining("did not end before this thread was interrupted while it waited");
    assertThat(interrupted.status()).isTrue();
    assertThat(executor.waits).isEqualTo(2);
    assertThat(executor.stops).isEqualTo(1);
  }

  @Test
  void an_interrupt_in_the_middle_of_waiting_for_a_child_cuts_it_short() throws Exception {
    CountDownLatch stubborn = new CountDownLatch(1);
    CountDownLatch started = new CountDownLatch(1);
    Scope scope = Scope.open("s");
    Scope child = scope.child("child");
    child.defer(() -> hang(started, stubborn));
    Thread other = new Thread(child::close);
    other.start();
    started.await();
    Interrupted interrupted = closeAndInterrupt(scope);
    assertThat(interrupted.thrown()).cause().isInstanceOf(TimeoutException.class)
        .hasMessage("s: its child child is still being closed by another thread, and this one was interrupted");
    assertThat(interrupted.status()).isTrue();
    stubborn.countDown();
    other.join();
  }

  @ParameterizedTest
  @ValueSource(strings = {"inside", "outside"})
  void an_interrupt_cuts_the_waits_of_the_scopes_inside_and_outside_short_as_well(String waitedFor) throws Exception {
    CountDownLatch stubborn = new CountDownLatch(1);
    CountDownLatch started = new CountDownLatch(2);
    Scope scope = Scope.open("s");
    List<Thread> threads = new ArrayList<>();
    for (String other : List.of(waitedFor.equals("inside") ? "outside" : "inside", waitedFor)) { // the last is closed first
      Scope where = other.equals("inside") ? scope.child("child").child("grandchild") : scope;
      threads.add(where.thread(other, () -> hang(started, stubborn), LONG));
    }
    started.await();
    Interrupted interrupted = closeAndInterrupt(scope);
    List<Throwable> failures = new ArrayList<>(List.of(interrupted.thrown()));
    failures.addAll(List.of(interrupted.thrown().getSuppressed()));
    assertThat(failures).hasSize(2).extracting(Throwable::toString)
        .allMatch(text -> text.contains("did not end before the closing thread was interrupted"))
        .anyMatch(text -> text.contains("s: thread outside")).anyMatch(text -> text.contains("grandchild: thread inside"));
    assertThat(interrupted.status()).isTrue();
    stubborn.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
  }

  @Test
  void a_thread_has_the_context_class_loader_of_who_started_it() throws Exception {
    ClassLoader loader = new ClassLoader() { };
    AtomicReference<ClassLoader> seen = new AtomicReference<>();
    Thread current = Thread.currentThread();
    ClassLoader before = current.getContextClassLoader();
    try (Scope scope = Scope.open("s")) {
      current.setContextClassLoader(loader);
      scope.thread("worker", () -> seen.set(Thread.currentThread().getContextClassLoader())).join();
    } finally {
      current.setContextClassLoader(before);
    }
    assertThat(seen).hasValue(loader);
  }

  @Test
  void a_task_that_closes_the_scope_of_its_own_executor_is_told() throws Exception {
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Scope scope = Scope.open("s");
    ExecutorService executor = scope.adopt(OwnedExecutors.named("mail").queueCapacity(1).build(), LONG);
    executor.execute(() -> thrown.set(catchThrowable(scope::close)));
    assertThat(executor.awaitTermination(60, TimeUnit.SECONDS) || scope.awaitClosed(LONG) && executor.awaitTermination(60, TimeUnit.SECONDS))
        .isTrue();
    assertThat(thrown.get()).isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("s: is closed by a task of its own executor mail");
  }

  @Test
  void bad_arguments_are_refused_with_what_would_be_right() {
    try (Scope scope = Scope.open("s")) {
      ExecutorService executor = scope.adopt(Executors.newFixedThreadPool(1), LONG);
      assertThatThrownBy(() -> scope.adopt(executor, Duration.ofMillis(-1))).isInstanceOf(IllegalArgumentException.class)
          .hasMessage("s: timeout must be at least 0, but was PT-0.001S");
      assertThatThrownBy(() -> scope.adopt(ForkJoinPool.commonPool(), LONG)).isInstanceOf(IllegalArgumentException.class)
          .hasMessage("s: executor must be one that can be shut down, but was the common pool");
      assertThatThrownBy(() -> scope.thread("x", () -> { }, Duration.ofMillis(-1))).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> scope.thread("x", null)).isInstanceOf(NullPointerException.class).hasMessage("task");
      assertThatThrownBy(() -> scope.awaitClosed(Duration.ofMillis(-1))).isInstanceOf(IllegalArgumentException.class);
      assertThat(scope.size()).isEqualTo(1);
      scope.adopt(Executors.newFixedThreadPool(1), Duration.ofSeconds(Long.MAX_VALUE)); // does not overflow
    }
  }
}
