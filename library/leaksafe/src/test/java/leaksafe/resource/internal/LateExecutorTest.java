package leaksafe.resource.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.ref.Reference;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import leaksafe.FailureListener;
import leaksafe.Leak;
import leaksafe.internal.LeakWatch;
import org.junit.jupiter.api.Test;

/** Leaks that are told by an executor that runs tasks late, or throws, or both. */
class LateExecutorTest {
  private final Queue<Runnable> tasks = new ArrayDeque<>();
  private final List<String> done = new ArrayList<>();
  private boolean inAction;

  private LeakTally tally(Executor executor) {
    return new LeakTally("tally", "scope", leak -> done.add(leak.what() + (inAction ? " within an action" : "")), FailureListener.logging(),
        executor);
  }

  private static Leak leak(String what) {
    return new Leak("tally", "scope", what, "site", Duration.ZERO, List.of());
  }

  /** Has a task queued and throws, as the common pool does where it cannot start a thread. */
  private void throwAndKeep(Runnable task) {
    tasks.add(task);
    throw new OutOfMemoryError("unable to create native thread, on purpose");
  }

  @Test
  void of_two_tasks_of_which_the_executor_refused_one_and_runs_both_only_one_tells() {
    boolean[] fails = {true};
    LeakTally tally = tally(task -> {
      if (fails[0]) {
        throwAndKeep(task);
      }
      tasks.add(task);
    });
    tally.add(leak("first"), () -> done.add("cleaned up"), null);
    fails[0] = false;
    tally.add(leak("second"), () -> {
      done.add("cleaned up as well");
      inAction = true;
      tasks.remove().run(); // the other task, on another thread
      inAction = false;
    }, null);
    assertThat(tasks).hasSize(2);
    Runnable refused = tasks.remove();
    Runnable taken = tasks.remove();
    tasks.add(refused);
    taken.run();
    assertThat(done).containsExactly("cleaned up", "cleaned up as well", "first", "second");
    refused.run();
    assertThat(done).hasSize(4);
  }

  @Test
  void an_executor_that_throws_after_it_ran_the_task_loses_nothing() {
    LeakTally tally = tally(task -> {
      task.run();
      throw new RejectedExecutionException("on purpose");
    });
    tally.add(leak("first"), null, null);
    tally.add(leak("second"), null, null);
    assertThat(done).containsExactly("first", "second");
    assertThat(tally.retry()).isFalse();
  }

  @Test
  void an_executor_that_throws_while_its_task_runs_on_another_thread_gets_no_second_one() throws Exception {
    List<Thread> threads = new ArrayList<>();
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    LeakTally tally = tally(task -> {
      Thread thread = new Thread(task);
      threads.add(thread);
      thread.start();
      await(begun);
      throw new RejectedExecutionException("on purpose");
    });
    tally.add(leak("first"), () -> {
      begun.countDown();
      await(go);
    }, null);
    tally.add(leak("meanwhile"), null, null);
    assertThat(threads).hasSize(1);
    go.countDown();
    threads.get(0).join();
    assertThat(done).containsExactly("first", "meanwhile");
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void what_an_executor_refused_is_told_a_second_later_though_nothing_leaks_any_more() {
    boolean[] fails = {true};
    TrackerCore core = new TrackerCore("tracker", "resource", "site", 0, leak -> done.add("told"), FailureListener.logging(), task -> {
      if (fails[0]) {
        throw new RejectedExecutionException("on purpose");
      }
      tasks.add(task);
    });
    Object object = new Object();
    core.track(object, () -> done.add("cleaned up")).reap(); // as the reaper does, had it been collected
    long later = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
    assertThat(core.work(later)).as("it goes on trying").isEqualTo(TimeUnit.SECONDS.toNanos(1));
    fails[0] = false;
    assertThat(tasks).isEmpty();
    assertThat(core.work(later)).as("nothing is open, and nothing waits").isEqualTo(Long.MAX_VALUE);
    tasks.remove().run();
    assertThat(done).containsExactly("cleaned up", "told");
    assertThat(core.work(later)).isEqualTo(Long.MAX_VALUE);
    assertThat(tasks).isEmpty();
    Reference.reachabilityFence(object);
  }

  @Test
  void a_watch_of_a_test_that_fails_keeps_no_leak_from_the_listener() {
    TrackerCore core =
        new TrackerCore("watched", "resource", "site", 0, leak -> done.add("told"), FailureListener.logging(), Runnable::run);
    Object object = new Object();
    TrackedReference tracked = core.track(object, () -> done.add("cleaned up"));
    LeakWatch watch = LeakWatch.open(leak -> {
      if (leak.container().equals("watched")) {
        throw new IllegalStateException("on purpose");
      }
    });
    try (watch) {
      assertThatThrownBy(tracked::reap).hasMessage("on purpose");
    }
    assertThat(done).containsExactly("cleaned up", "told");
    Reference.reachabilityFence(object);
  }
}
