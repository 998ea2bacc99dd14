package leaksafe.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import leaksafe.Container;
import leaksafe.internal.Containers;
import leaksafe.testing.Gc;
import leaksafe.testing.Throwing;
import org.junit.jupiter.api.Test;

class ScopeTest {
  private final List<String> closed = new ArrayList<>();

  private AutoCloseable resource(String name) {
    return () -> closed.add(name);
  }

  private AutoCloseable failing(String name, Throwable failure) {
    return () -> {
      closed.add(name);
      throw Throwing.raise(failure);
    };
  }

  @Test
  void everything_is_closed_in_reverse_order() {
    try (Scope scope = Scope.open("s")) {
      scope.own(resource("a"));
      scope.own(new StringBuilder("b"), b -> closed.add(b.toString()));
      scope.defer(() -> closed.add("c"));
      scope.child("child").own(resource("d"));
      scope.own(resource("e"));
      assertThat(scope.size()).isEqualTo(5);
      assertThat(closed).isEmpty();
    }
    assertThat(closed).containsExactly("e", "d", "c", "b", "a");
  }

  @Test
  void own_returns_what_it_was_given() {
    try (Scope scope = Scope.open("s")) {
      AutoCloseable resource = resource("a");
      assertThat(scope.own(resource)).isSameAs(resource);
      assertThat(scope.<String>own("b", b -> { })).isEqualTo("b");
    }
  }

  @Test
  void closing_twice_closes_once() {
    Scope scope = Scope.open("s");
    scope.own(resource("a"));
    scope.close();
    scope.close();
    assertThat(closed).containsExactly("a");
    assertThat(scope.isClosed()).isTrue();
  }

  @Test
  void a_closer_that_closes_its_own_scope_does_no_harm() {
    Scope scope = Scope.open("s");
    scope.own(resource("a"));
    scope.defer(scope::close);
    scope.own(resource("b"));
    scope.close();
    assertThat(closed).containsExactly("b", "a");
  }

  @Test
  void every_failure_is_kept_and_nothing_stops_the_closing() {
    IllegalStateException last = new IllegalStateException("last");
    IOException middle = new IOException("middle");
    AssertionError first = new AssertionError("first");
    Scope scope = Scope.open("s");
    scope.own(failing("a", first));
    scope.own(resource("b"));
    scope.own(failing("c", middle));
    scope.own(failing("d", last));
    assertThat(catchThrowable(scope::close)).isSameAs(last).hasSuppressedException(middle).hasSuppressedException(first);
    assertThat(last.getSuppressed()).containsExactly(middle, first);
    assertThat(closed).containsExactly("d", "c", "b", "a");
  }

  @Test
  void a_checked_failure_is_the_cause_and_the_message_names_the_scope() {
    IOException cause = new IOException("disk full");
    RuntimeException second = new RuntimeException("second");
    Scope scope = Scope.open("import");
    scope.own(failing("a", second));
    scope.own(failing("b", cause));
    assertThatThrownBy(scope::close)
        .isInstanceOf(ScopeCloseException.class)
        .hasMessage("import: closing failed 2 times, first: java.io.IOException: disk full")
        .hasCause(cause)
        .satisfies(e -> assertThat(e.getSuppressed()).containsExactly(second));
  }

  @Test
  void an_error_is_thrown_as_it_is() {
    StackOverflowError error = new StackOverflowError();
    Scope scope = Scope.open("s");
    scope.own(failing("a", error));
    assertThat(catchThrowable(scope::close)).isSameAs(error);
  }

  @Test
  void one_exception_thrown_by_two_closers_is_thrown_once() {
    IllegalStateException same = new IllegalStateException("same");
    Scope scope = Scope.open("s");
    scope.own(failing("a", same));
    scope.own(failing("b", same));
    assertThat(catchThrowable(scope::close)).isSameAs(same).hasNoSuppressedExceptions();
  }

  @Test
  void an_exception_that_cannot_suppress_loses_no_other() {
    RuntimeException stubborn = new RuntimeException("stubborn", null, false, false) { };
    RuntimeException other = new RuntimeException("other");
    Scope scope = Scope.open("s");
    scope.own(failing("a", other));
    scope.own(failing("b", stubborn));
    assertThatThrownBy(scope::close).isInstanceOf(ScopeCloseException.class).hasCause(stubborn)
        .satisfies(e -> assertThat(e.getSuppressed()).containsExactly(other));
  }

  @Test
  void what_is_given_to_a_closed_scope_is_closed_at_once() {
    Scope scope = Scope.open("s");
    scope.close();
    RuntimeException failure = new RuntimeException("closing failed too");
    assertThatThrownBy(() -> scope.own(failing("a", failure)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("s: this scope is closed, so what was given to it was closed at once; give it to a scope that is open")
        .satisfies(e -> assertThat(e.getSuppressed()).containsExactly(failure));
    assertThatThrownBy(() -> scope.defer(() -> closed.add("b"))).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> scope.onFailure(() -> closed.add("c"))).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> scope.own("d", closed::add)).isInstanceOf(IllegalStateException.class);
    assertThat(closed).containsExactly("a", "b", "c", "d");
    assertThatThrownBy(scope::succeed).isInstanceOf(IllegalStateException.class).hasMessageStartingWith("s: this scope is closed");
    assertThatThrownBy(() -> scope.child("x")).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void failure_actions_run_in_their_turn_unless_the_scope_succeeded() {
    try (Scope scope = Scope.open("s")) {
      scope.own(resource("a"));
      scope.onFailure(() -> closed.add("undo"));
      scope.own(resource("b"));
    }
    assertThat(closed).containsExactly("b", "undo", "a");
    closed.clear();
    try (Scope scope = Scope.open("s")) {
      scope.onFailure(() -> closed.add("undo"));
      scope.own(resource("b"));
      scope.succeed();
    }
    assertThat(closed).containsExactly("b");
  }

  @Test
  void call_succeeds_if_the_body_returns() throws IOException {
    String result = Scope.<String, IOException>call("s", scope -> {
      scope.onFailure(() -> closed.add("undo"));
      scope.own(resource("a"));
      return "done";
    });
    assertThat(result).isEqualTo("done");
    assertThat(closed).containsExactly("a");
  }

  @Test
  void call_throws_what_the_body_throws_and_keeps_what_closing_throws() {
    IOException thrown = new IOException("body");
    RuntimeException closing = new RuntimeException("closing");
    Throwable caught = catchThrowable(() -> Scope.<String, IOException>call("s", scope -> {
      scope.onFailure(() -> closed.add("undo"));
      scope.own(failing("a", closing));
      throw thrown;
    }));
    assertThat(caught).isSameAs(thrown);
    assertThat(caught.getSuppressed()).containsExactly(closing);
    assertThat(closed).containsExactly("a", "undo");
  }

  @Test
  void call_reports_what_a_body_exception_that_cannot_suppress_would_lose() {
    RuntimeException stubborn = new RuntimeException("stubborn", null, false, false) { };
    assertThat(catchThrowable(() -> Scope.call("s", scope -> {
      scope.own(failing("a", new RuntimeException("logged")));
      throw stubborn;
    }))).isSameAs(stubborn);
    assertThat(closed).containsExactly("a");
  }

  @Test
  void a_child_that_is_closed_leaves_its_parent() {
    try (Scope scope = Scope.open("s")) {
      for (int i = 0; i < 1000; i++) {
        try (Scope child = scope.child("child")) {
          child.own(resource("x"));
        }
      }
      assertThat(scope.size()).isZero();
      assertThat(closed).hasSize(1000);
    }
  }

  @Test
  void the_failures_of_a_child_are_those_of_its_parent() {
    RuntimeException one = new RuntimeException("one");
    RuntimeException two = new RuntimeException("two");
    RuntimeException three = new RuntimeException("three");
    Scope scope = Scope.open("s");
    scope.own(failing("a", three));
    Scope child = scope.child("child");
    child.own(failing("b", two));
    child.own(failing("c", one));
    assertThat(catchThrowable(scope::close)).isSameAs(one);
    assertThat(one.getSuppressed()).containsExactly(two, three);
    assertThat(closed).containsExactly("c", "b", "a");
    assertThat(child.isClosed()).isTrue();
  }

  @Test
  void hand_over_moves_everything_in_its_order_and_closes_nothing() {
    Scope kept;
    try (Scope scope = Scope.open("s")) {
      scope.own(resource("a"));
      scope.own(resource("b"));
      kept = scope.handOver();
      assertThat(scope.size()).isZero();
      assertThat(scope.isClosed()).isFalse();
      scope.own(resource("c"));
    }
    assertThat(closed).containsExactly("c");
    assertThat(kept.size()).isEqualTo(2);
    kept.close();
    assertThat(closed).containsExactly("c", "b", "a");
  }

  @Test
  void hand_over_puts_everything_on_top_of_what_the_target_owns() {
    Scope from = Scope.open("from");
    Scope to = Scope.open("to");
    to.own(resource("a"));
    from.own(resource("b"));
    Scope child = from.child("child");
    child.own(resource("c"));
    from.handOver(to);
    from.own(resource("d"));
    from.handOver(to);
    from.close();
    assertThat(to.size()).isEqualTo(4);
    child.close();
    assertThat(to.size()).isEqualTo(3);
    to.close();
    assertThat(closed).containsExactly("c", "d", "b", "a");
  }

  @Test
  void hand_over_to_a_closed_scope_moves_nothing() {
    Scope from = Scope.open("from");
    Scope to = Scope.open("to");
    from.own(resource("a"));
    to.close();
    assertThatThrownBy(() -> from.handOver(to)).isInstanceOf(IllegalStateException.class)
        .hasMessage("to: this scope is closed; only open scopes can be handed over, nothing was");
    assertThat(from.size()).isEqualTo(1);
    from.close();
    assertThat(closed).containsExactly("a");
    assertThatThrownBy(from::handOver).isInstanceOf(IllegalStateException.class);
    assertThat(Containers.list().stream().filter(c -> c.name().equals("from"))).isEmpty();
  }

  @Test
  void hand_over_refuses_itself_and_what_is_inside() {
    try (Scope scope = Scope.open("s")) {
      Scope grandchild = scope.child("child").child("grandchild");
      assertThatThrownBy(() -> scope.handOver(scope)).isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("cannot be handed over to itself");
      assertThatThrownBy(() -> scope.handOver(grandchild)).isInstanceOf(IllegalArgumentException.class)
          .hasMessage("s: cannot be handed over to grandchild, which is inside of it");
      grandchild.own(resource("a"));
      grandchild.handOver(scope);
      assertThat(scope.size()).isEqualTo(2);
    }
    assertThat(closed).containsExactly("a");
  }

  @Test
  void close_now_closes_one_and_takes_it_out() {
    try (Scope scope = Scope.open("s")) {
      AutoCloseable a = scope.own(resource("a"));
      AutoCloseable b = scope.own(resource("b"));
      scope.own(resource("c"));
      assertThat(scope.closeNow(b)).isTrue();
      assertThat(scope.closeNow(b)).isFalse();
      assertThat(scope.disown(a)).isTrue();
      assertThat(scope.disown(a)).isFalse();
    }
    assertThat(closed).containsExactly("b", "c");
  }

  @Test
  void close_now_throws_what_the_closer_throws() {
    try (Scope scope = Scope.open("s")) {
      RuntimeException failure = new RuntimeException("x");
      AutoCloseable a = scope.own(failing("a", failure));
      assertThat(catchThrowable(() -> scope.closeNow(a))).isSameAs(failure);
      assertThat(scope.size()).isZero();
    }
  }

  @Test
  void close_all_closes_in_reverse_order_and_keeps_every_failure() {
    RuntimeException one = new RuntimeException("one");
    IOException two = new IOException("two");
    assertThat(catchThrowable(() -> Scope.closeAll(failing("a", two), null, resource("b"), failing("c", one)))).isSameAs(one);
    assertThat(one.getSuppressed()).containsExactly(two);
    assertThat(closed).containsExactly("c", "b", "a");
    closed.clear();
    Scope.closeAll(Arrays.asList(resource("a"), null, resource("b")));
    assertThat(closed).containsExactly("b", "a");
  }

  @Test
  void a_timer_ends_with_its_scope() {
    Timer timer;
    try (Scope scope = Scope.open("s")) {
      timer = scope.adopt(new Timer("scope-test-timer", true));
    }
    assertThatThrownBy(() -> timer.schedule(new TimerTask() {
      @Override
      public void run() {}
    }, 1)).isInstanceOf(IllegalStateException.class).hasMessage("Timer already cancelled.");
  }

  @Test
  void a_scope_is_visible_while_it_is_open() {
    Scope scope = Scope.open("visible");
    scope.own(resource("a"));
    Container container = Containers.list().stream().filter(c -> c.name().equals("visible")).findFirst().orElseThrow();
    assertThat(container.kind()).isEqualTo("scope");
    assertThat(container.estimatedSize()).isEqualTo(1);
    assertThat(container.bound()).isEqualTo("until it is closed");
    assertThat(container.creationSite()).startsWith("leaksafe.resource.ScopeTest.a_scope_is_visible_while_it_is_open(ScopeTest.java:");
    assertThat(scope).hasToString("Scope visible, open, owns 1");
    scope.close();
    assertThat(Containers.list()).noneMatch(c -> c.name().equals("visible"));
    assertThat(scope).hasToString("Scope visible, closed, owns 0");
  }

  @Test
  void await_closed_waits_for_the_thread_that_closes() throws Exception {
    Scope scope = Scope.open("s");
    CountDownLatch closing = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    scope.defer(() -> {
      assertThat(scope.awaitClosed(Duration.ofDays(1000))).as("on the closing thread").isFalse();
      closing.countDown();
      go.await();
    });
    assertThat(scope.awaitClosed(Duration.ZERO)).isFalse();
    Thread closer = new Thread(scope::close);
    closer.start();
    closing.await();
    scope.close(); // returns at once
    assertThat(scope.isClosed()).isTrue();
    assertThat(scope.awaitClosed(Duration.ofMillis(1))).isFalse();
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> scope.awaitClosed(Duration.ofSeconds(60))).isInstanceOf(InterruptedException.class);
    List<Boolean> told = new CopyOnWriteArrayList<>();
    Thread[] waiters = {new Thread(() -> told.add(awaitClosed(scope))), new Thread(() -> told.add(awaitClosed(scope)))};
    for (Thread waiter : waiters) {
      waiter.start();
      Gc.awaitWithoutGc("it waits", () -> waiter.getState() == Thread.State.TIMED_WAITING);
    }
    go.countDown();
    Gc.awaitWithoutGc("both are told", () -> told.size() == 2);
    assertThat(told).containsOnly(true);
    assertThat(scope.awaitClosed(Duration.ZERO)).isTrue();
    closer.join();
  }

  private static boolean awaitClosed(Scope scope) {
    try {
      return scope.awaitClosed(Duration.ofSeconds(Long.MAX_VALUE));
    } catch (InterruptedException e) {
      return false;
    }
  }

  @Test
  void a_parent_waits_for_a_child_that_another_thread_is_closing() throws Exception {
    Scope parent = Scope.open("parent");
    parent.own(resource("below"));
    Scope child = parent.child("child");
    CountDownLatch closing = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    child.defer(() -> {
      closing.countDown();
      go.await();
      closed.add("child");
    });
    Thread first = new Thread(child::close);
    first.start();
    closing.await();
    Thread second = new Thread(parent::close);
    second.start();
    Gc.awaitWithoutGc("the parent waits", () -> second.getState() == Thread.State.TIMED_WAITING);
    go.countDown();
    first.join();
    second.join();
    assertThat(closed).containsExactly("child", "below");
  }

  @Test
  void an_interrupted_parent_says_that_its_child_is_not_closed_yet() throws Exception {
    Scope parent = Scope.open("parent");
    parent.own(resource("below"));
    Scope child = parent.child("child");
    CountDownLatch closing = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    child.defer(() -> {
      closing.countDown();
      go.await();
    });
    Thread first = new Thread(child::close);
    first.start();
    closing.await();
    Thread.currentThread().interrupt();
    Throwable thrown = catchThrowable(parent::close);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(thrown).isInstanceOf(ScopeCloseException.class);
    assertThat(thrown.getCause()).isInstanceOf(TimeoutException.class)
        .hasMessage("parent: its child child is still being closed by another thread, and this one was interrupted");
    assertThat(closed).containsExactly("below");
    go.countDown();
    first.join();
  }

  @Test
  void a_closer_of_a_child_may_close_the_parent() {
    Scope parent = Scope.open("parent");
    parent.own(resource("a"));
    Scope child = parent.child("child");
    child.defer(parent::close);
    child.own(resource("b"));
    child.close();
    assertThat(closed).containsExactly("b", "a");
  }

  @Test
  void an_interrupted_closer_leaves_the_interrupt_for_the_end() {
    List<Boolean> seen = new ArrayList<>();
    Scope scope = Scope.open("s");
    scope.defer(() -> seen.add(Thread.currentThread().isInterrupted()));
    InterruptedException interrupt = new InterruptedException("x");
    scope.own(failing("a", interrupt));
    assertThatThrownBy(scope::close).isInstanceOf(ScopeCloseException.class).hasCause(interrupt);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(seen).containsExactly(false);
  }

  @Test
  void nulls_are_refused_by_name() {
    try (Scope scope = Scope.open("s")) {
      assertThatThrownBy(() -> Scope.open(null)).isInstanceOf(NullPointerException.class).hasMessage("name");
      assertThatThrownBy(() -> scope.own(null)).isInstanceOf(NullPointerException.class).hasMessage("resource");
      assertThatThrownBy(() -> scope.own(null, x -> { })).isInstanceOf(NullPointerException.class).hasMessage("object");
      assertThatThrownBy(() -> scope.own("x", null)).isInstanceOf(NullPointerException.class).hasMessage("closer");
      assertThatThrownBy(() -> scope.defer(null)).isInstanceOf(NullPointerException.class).hasMessage("action");
      assertThatThrownBy(() -> scope.onFailure(null)).isInstanceOf(NullPointerException.class).hasMessage("action");
      assertThatThrownBy(() -> scope.handOver(null)).isInstanceOf(NullPointerException.class).hasMessage("target");
      assertThatThrownBy(() -> Scope.call("s", null)).isInstanceOf(NullPointerException.class).hasMessage("body");
      assertThatThrownBy(() -> Scope.openFor(null, "s")).isInstanceOf(NullPointerException.class).hasMessage("owner");
      assertThatThrownBy(() -> scope.adopt(null)).isInstanceOf(NullPointerException.class).hasMessage("timer");
      assertThatThrownBy(() -> Scope.closeAll((AutoCloseable[]) null)).isInstanceOf(NullPointerException.class).hasMessage("resources");
      assertThatThrownBy(() -> Scope.closeAll((Iterable<AutoCloseable>) null)).isInstanceOf(NullPointerException.class).hasMessage("resources");
      assertThat(scope.size()).isZero();
    }
  }
}
