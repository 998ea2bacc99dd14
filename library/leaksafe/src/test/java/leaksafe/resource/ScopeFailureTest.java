package leaksafe.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.lang.ref.Reference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import leaksafe.testing.LogLines;
import leaksafe.testing.Throwing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every action that a scope runs fails at once, with exceptions and with errors: all are kept, and the rest runs. */
class ScopeFailureTest {
  private final List<String> closed = new ArrayList<>();

  @ParameterizedTest
  @MethodSource("leaksafe.testing.Throwing#kinds")
  void what_fails_is_kept_whatever_it_is_and_the_rest_runs(Throwable thrown) {
    Scope scope = Scope.open("s");
    scope.own(() -> closed.add("a"));
    scope.onFailure(() -> {
      closed.add("undo");
      throw Throwing.raise(thrown);
    });
    scope.own("b", b -> {
      closed.add(b);
      throw new IllegalArgumentException("of the closer");
    });
    scope.defer(() -> {
      closed.add("c");
      throw new AssertionError("of the action");
    });
    assertThatThrownBy(scope::close).isInstanceOf(AssertionError.class).hasMessage("of the action")
        .satisfies(e -> assertThat(e.getSuppressed()).hasSize(2))
        .satisfies(e -> assertThat(e.getSuppressed()[0]).hasMessage("of the closer"))
        .satisfies(e -> assertThat(e.getSuppressed()[1]).isSameAs(thrown));
    assertThat(closed).containsExactly("c", "b", "undo", "a");
    scope.close(); // is closed, whatever failed
    assertThat(closed).hasSize(4);
  }

  @Test
  void a_resource_that_is_interrupted_does_not_interrupt_those_that_are_closed_after_it_but_the_thread() {
    Throwable thrown = catchThrowable(() -> Scope.closeAll(() -> closed.add("interrupted: " + Thread.currentThread().isInterrupted()), () -> {
      throw new InterruptedException("on purpose");
    }));
    assertThat(Thread.interrupted()).isTrue();
    assertThat(thrown).isInstanceOf(ScopeCloseException.class).hasMessageStartingWith("closeAll: closing failed: java.lang.InterruptedException");
    assertThat(closed).containsExactly("interrupted: false");
  }

  @Test
  void scopes_that_are_deep_inside_of_each_other_are_all_closed_whatever_the_stack_of_the_thread() throws Exception {
    int depth = 5000;
    RuntimeException innermost = new IllegalStateException("innermost");
    RuntimeException outermost = new IllegalStateException("outermost");
    Scope root = Scope.open("root");
    root.own(() -> {
      throw outermost;
    });
    Scope inner = root;
    List<Scope> children = new ArrayList<>();
    for (int i = 0; i < depth; i++) {
      inner.own(() -> closed.add("a"));
      inner = inner.child("child " + i);
      children.add(inner);
    }
    inner.own(() -> {
      throw innermost;
    });
    Object owner = new Object();
    Scope kept = Scope.openFor(owner, "kept");
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Thread thread = new Thread(null, () -> {
      root.handOver(kept);
      thrown.set(catchThrowable(kept::close));
    }, "small", 1 << 18);
    thread.start();
    thread.join();
    assertThat(closed).hasSize(depth);
    assertThat(thrown.get()).isSameAs(innermost);
    assertThat(innermost.getSuppressed()).containsExactly(outermost);
    for (Scope child : children) {
      assertThat(child.awaitClosed(Duration.ZERO)).as(child.name()).isTrue();
    }
    Reference.reachabilityFence(owner);
  }

  @Test
  void resources_whose_iteration_fails_are_not_closed() {
    List<AutoCloseable> resources = List.of(() -> closed.add("a"), () -> closed.add("b"));
    Iterable<AutoCloseable> failing = () -> Stream.concat(resources.stream(), Stream.generate(() -> {
      throw new IllegalStateException("of the iteration");
    })).iterator();
    assertThatThrownBy(() -> Scope.closeAll(failing)).hasMessage("of the iteration");
    assertThat(closed).isEmpty();
  }

  @Test
  void a_scope_that_its_body_closed_had_not_succeeded_by_then() {
    String result = Scope.call("s", scope -> {
      scope.onFailure(() -> closed.add("undo"));
      scope.close();
      return "result";
    });
    assertThat(result).isEqualTo("result");
    assertThat(closed).containsExactly("undo");
  }

  @Test
  void what_fails_in_closing_after_a_body_that_returned_is_thrown() {
    IllegalStateException failure = new IllegalStateException("of the closer");
    assertThatThrownBy(() -> Scope.call("s", scope -> {
      scope.onFailure(() -> closed.add("undo"));
      scope.own(() -> {
        throw failure;
      });
      return "result";
    })).isSameAs(failure);
    assertThat(closed).isEmpty();
  }

  @Test
  void a_closer_that_throws_what_the_body_threw_changes_nothing_about_it() {
    IllegalStateException same = new IllegalStateException("same");
    assertThatThrownBy(() -> Scope.call("s", scope -> {
      scope.own(() -> {
        throw same;
      });
      throw same;
    })).isSameAs(same).hasNoSuppressedExceptions();
  }

  @Test
  void what_a_body_exception_cannot_suppress_is_logged_each_by_itself() {
    RuntimeException body = new RuntimeException("stubborn", null, false, false) { };
    try (LogLines log = new LogLines()) {
      assertThatThrownBy(() -> Scope.call("unusual name", scope -> {
        scope.own(() -> {
          throw new IllegalStateException("second");
        });
        scope.own(() -> {
          throw new IllegalStateException("first");
        });
        throw body;
      })).isSameAs(body);
      assertThat(log.lines).filteredOn(line -> line.startsWith("unusual name: ")).hasSize(2)
          .allMatch(line -> line.startsWith("unusual name: the closer failed (after leaksafe.resource.ScopeFailureTest$") && line.contains("stubborn"))
          .satisfiesExactly(first -> assertThat(first).endsWith("first"), second -> assertThat(second).endsWith("second"));
    }
  }

  /** A checked exception whose text fails. */
  private static final class Mute extends Exception {
    private static final long serialVersionUID = 1L;

    @Override
    public String getMessage() {
      throw new IllegalStateException("a message that fails on purpose");
    }
  }

  @Test
  void what_has_no_text_is_kept_as_well() {
    Mute mute = new Mute();
    Scope scope = Scope.open("s");
    scope.own(() -> {
      throw new IllegalStateException("second");
    });
    scope.defer(() -> {
      throw mute;
    });
    assertThatThrownBy(scope::close).isInstanceOf(ScopeCloseException.class)
        .hasMessage("s: closing failed 2 times, first: " + Mute.class.getName()
            + " (whose text cannot be had: a java.lang.IllegalStateException was thrown)")
        .satisfies(e -> assertThat(e.getCause()).isSameAs(mute))
        .satisfies(e -> assertThat(e.getSuppressed()).singleElement().satisfies(second -> assertThat(second).hasMessage("second")));
  }

  @Test
  void a_body_exception_that_neither_suppresses_nor_has_a_text_is_thrown_all_the_same() {
    RuntimeException body = new RuntimeException("body", null, false, false) {
      @Override
      public String toString() {
        throw new IllegalStateException("a text that fails on purpose");
      }
    };
    Throwable thrown = catchThrowable(() -> Scope.call("s", scope -> {
      scope.defer(() -> {
        throw new IllegalStateException("logged");
      });
      throw body;
    }));
    assertThat(thrown == body).isTrue();
  }

  @ParameterizedTest
  @MethodSource("leaksafe.testing.Throwing#kinds")
  void a_failure_action_that_fails_is_suppressed_by_what_the_body_threw(Throwable thrown) {
    IllegalStateException body = new IllegalStateException("of the body");
    assertThatThrownBy(() -> Scope.call("s", scope -> {
      scope.own(() -> closed.add("a"));
      scope.onFailure(() -> {
        throw Throwing.raise(thrown);
      });
      throw body;
    })).isSameAs(body).satisfies(e -> assertThat(e.getSuppressed()).containsExactly(thrown));
    assertThat(closed).containsExactly("a");
  }
}
