package leaksafe.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import leaksafe.testing.Throwing;
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
