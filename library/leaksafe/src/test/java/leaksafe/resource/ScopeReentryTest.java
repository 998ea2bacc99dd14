package leaksafe.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** What closes uses the scope that is being closed. */
class ScopeReentryTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  private final List<String> closed = new ArrayList<>();
  private final Scope scope = Scope.open("s");

  private AutoCloseable resource(String name) {
    return () -> closed.add(name);
  }

  private void whileItCloses(CleanupAction action) {
    AtomicBoolean ran = new AtomicBoolean();
    scope.own(resource("last"));
    scope.defer(() -> {
      action.run();
      ran.set(true);
    });
    scope.own(resource("first"));
    scope.close();
    assertThat(ran).isTrue();
    assertThat(scope.size()).isZero();
  }

  @Test
  void what_it_gives_is_closed_at_once_and_the_rest_in_its_turn() {
    ExecutorService executor = OwnedExecutors.named("late").queueCapacity(1).build();
    whileItCloses(() -> {
      assertThatThrownBy(() -> scope.own(resource("own"))).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> scope.own("object", closed::add)).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> scope.defer(() -> closed.add("defer"))).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> scope.onFailure(() -> closed.add("undo"))).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> scope.adopt(executor, LONG)).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> scope.child("child")).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> scope.thread("thread", () -> closed.add("thread"))).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(scope::succeed).isInstanceOf(IllegalStateException.class);
      assertThat(scope.isClosed()).isTrue();
    });
    assertThat(executor.isTerminated()).isTrue();
    assertThat(closed).containsExactly("first", "own", "object", "defer", "undo", "last");
  }

  @Test
  void what_it_hands_over_stays_and_is_closed_in_its_turn() {
    Scope other = Scope.open("other");
    other.own(resource("of the other"));
    whileItCloses(() -> {
      assertThatThrownBy(() -> scope.handOver()).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> scope.handOver(other)).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> other.handOver(scope)).isInstanceOf(IllegalStateException.class);
      assertThat(other.size()).isEqualTo(1);
    });
    assertThat(closed).containsExactly("first", "last");
    other.close();
    assertThat(closed).containsExactly("first", "last", "of the other");
  }

  @Test
  void what_it_closes_early_is_closed_once_and_what_it_takes_out_not_at_all() {
    AutoCloseable early = scope.own(resource("early"));
    AutoCloseable taken = scope.own(resource("taken"));
    Scope child = scope.child("child");
    child.own(resource("of the child"));
    whileItCloses(() -> {
      assertThat(scope.closeNow(early)).isTrue();
      assertThat(scope.closeNow(early)).isFalse();
      assertThat(scope.disown(taken)).isTrue();
      assertThat(scope.closeNow(child)).isTrue();
    });
    assertThat(closed).containsExactly("first", "early", "of the child", "last");
  }

  @Test
  void a_failure_action_may_give_to_its_scope_and_close_it_as_well() {
    scope.own(resource("below"));
    scope.onFailure(() -> {
      scope.close();
      assertThatThrownBy(() -> scope.own(resource("own"))).isInstanceOf(IllegalStateException.class);
      closed.add("undo");
    });
    scope.close();
    assertThat(closed).containsExactly("own", "undo", "below");
  }

  @Test
  void a_closer_of_a_child_may_give_to_the_parent_that_closes_it() {
    scope.own(resource("below"));
    Scope child = scope.child("child");
    child.own(resource("of the child"));
    child.defer(() -> {
      assertThatThrownBy(() -> scope.own(resource("own"))).isInstanceOf(IllegalStateException.class);
      assertThat(scope.closeNow(child)).as("it is in the list no more").isFalse();
      child.close();
    });
    scope.close();
    assertThat(closed).containsExactly("own", "of the child", "below");
  }
}
