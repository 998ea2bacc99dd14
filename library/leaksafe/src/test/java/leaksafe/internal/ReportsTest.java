package leaksafe.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import leaksafe.Failure;
import leaksafe.FailureListener;
import leaksafe.Leak;
import leaksafe.LeakListener;
import leaksafe.testing.FailingLog;
import leaksafe.testing.Throwing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ReportsTest {
  private static final Leak LEAK = new Leak("orders", "lease", "a.Type", "a.Type.line(Type.java:1)", Duration.ZERO, List.of());

  @ParameterizedTest
  @MethodSource("leaksafe.testing.Throwing#kinds")
  void what_cannot_be_logged_is_written_to_standard_error_and_nothing_is_thrown(Throwable cause) {
    Failure failure = new Failure("orders", "disposer", "", new IllegalStateException("the cause"));
    try (FailingLog log = new FailingLog(cause, false)) {
      Reports.tell(FailureListener.logging(), failure);
      Reports.tell(LeakListener.logging(), LEAK);
      Reports.log("the work failed", cause);
      assertThat(log.failed.get()).isGreaterThanOrEqualTo(3);
      String start = "leaksafe: a warning could not be logged for " + cause.getClass().getName() + ": ";
      assertThat(log.printed).contains(start + failure, start + LEAK, start + "the work failed");
    }
  }

  @ParameterizedTest
  @MethodSource("leaksafe.testing.Throwing#kinds")
  void a_listener_that_fails_while_the_log_does_throws_nothing_either(Throwable cause) {
    try (FailingLog log = new FailingLog(new IllegalStateException("the log"), false)) {
      Reports.tell(failure -> {
        throw Throwing.raise(cause);
      }, new Failure("orders", "disposer", "", new IllegalStateException("the cause")));
      Reports.tell(leak -> {
        throw Throwing.raise(cause);
      }, LEAK);
      assertThat(log.printed).hasSize(2).anySatisfy(line -> assertThat(line).endsWith("the failure listener failed"))
          .anySatisfy(line -> assertThat(line).endsWith("the leak listener failed"));
    }
  }

  @Test
  void a_failure_without_a_text_is_told_all_the_same() {
    RuntimeException mute = new RuntimeException() {
      private static final long serialVersionUID = 1;

      @Override
      public String toString() {
        throw new IllegalStateException("no text");
      }
    };
    try (FailingLog log = new FailingLog(mute, false)) {
      Reports.tell(FailureListener.logging(), new Failure("orders", "disposer", "", mute));
      assertThat(log.printed).hasSize(1).first().asString().contains("orders: the disposer failed: " + mute.getClass().getName());
    }
  }
}
