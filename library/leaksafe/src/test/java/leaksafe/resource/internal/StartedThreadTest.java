package leaksafe.resource.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import leaksafe.FailureListener;
import leaksafe.internal.CallSite;
import leaksafe.resource.ThreadLeak;
import leaksafe.resource.ThreadLeaks;
import leaksafe.testing.Deaf;
import leaksafe.testing.Gc;
import org.junit.jupiter.api.Test;

/** Threads that the library starts, at the moments at which they begin and end. */
class StartedThreadTest {
  private static final long LONG = Long.MAX_VALUE;

  private final ScopeState scope = new ScopeState("s", new CallSite.Place("site", "loader"), "bound", FailureListener.logging());
  private final Queue<String> seen = new ConcurrentLinkedQueue<>();

  @Test
  void where_a_thread_of_an_executor_comes_from_is_known_before_it_runs() {
    Thread thread = new OwnedThreads("mail", "the line", true).newThread(() -> { });
    ThreadLeak leak = LiveThreads.describe(thread);
    assertThat(leak.owner()).isEqualTo("executor mail");
    assertThat(leak.startedBy()).isEqualTo("the line");
  }

  @Test
  void where_a_thread_of_a_scope_comes_from_is_known_until_it_has_ended() throws Exception {
    ThreadLeaks.Snapshot before = ThreadLeaks.snapshot();
    CountDownLatch go = new CountDownLatch(1);
    Thread thread = ThreadEntry.start(scope, "ending", () -> Deaf.await(go), LONG);
    scope.lock(); // so that it cannot leave
    try {
      go.countDown();
      Gc.awaitWithoutGc("it is about to leave", () -> ThreadTexts.stack(thread, 20).contains("Entry.leave"));
      List<ThreadLeak> leaks = ThreadLeaks.since(before).stream().filter(leak -> leak.name().equals("ending")).toList();
      assertThat(leaks).singleElement().satisfies(leak -> assertThat(leak.owner()).isEqualTo("scope s"));
    } finally {
      scope.unlock();
    }
    thread.join();
    assertThat(scope.size()).isZero();
  }

  @Test
  void a_thread_whose_task_failed_is_waited_for_until_its_handler_is_done() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    CountDownLatch handling = new CountDownLatch(1);
    CountDownLatch handled = new CountDownLatch(1);
    scope.add(Entries.action(() -> seen.add("closed below"), false));
    Thread thread = ThreadEntry.start(scope, "failing", () -> {
      Deaf.await(go);
      throw new IllegalStateException("on purpose");
    }, LONG);
    thread.setUncaughtExceptionHandler((failed, thrown) -> {
      handling.countDown();
      Deaf.await(handled);
      seen.add(failed.getName() + ": " + thrown.getMessage());
    });
    go.countDown();
    handling.await();
    Thread closer = new Thread(scope::close);
    closer.start();
    Gc.awaitWithoutGc("closing waits or is done",
        () -> closer.getState() == Thread.State.TERMINATED || closer.getState() == Thread.State.TIMED_WAITING || closer.getState() == Thread.State.WAITING);
    handled.countDown();
    closer.join();
    thread.join();
    assertThat(seen).containsExactly("failing: on purpose", "closed below");
  }

  @Test
  void a_thread_whose_handler_fails_leaves_its_scope_and_its_handler_is_called_once() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    Thread thread = ThreadEntry.start(scope, "failing", () -> {
      Deaf.await(go);
      throw new AssertionError("on purpose");
    }, LONG);
    thread.setUncaughtExceptionHandler((failed, thrown) -> {
      seen.add(thrown.getMessage());
      throw new IllegalStateException("a handler that fails on purpose");
    });
    go.countDown();
    thread.join();
    assertThat(seen).containsExactly("on purpose");
    assertThat(scope.size()).isZero();
  }
}
