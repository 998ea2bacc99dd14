package leaksafe.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import leaksafe.Failure;
import leaksafe.pool.internal.Parts;
import leaksafe.testing.Throwing;

/** What tests of failing callbacks have in common: parts, what was reported, and a callback that fails as long as it is asked to. */
abstract class FailingCallbacks {
  static final Duration LONG = Duration.ofSeconds(30);

  final Parts parts = new Parts();
  final List<Failure> failures = new CopyOnWriteArrayList<>();
  volatile boolean failing = true;

  void failIfAsked(Throwable cause) {
    if (failing) {
      throw Throwing.raise(cause);
    }
  }

  void assertReported(String role, Throwable cause, int times) {
    assertThat(failures).hasSize(times).allSatisfy(failure -> {
      assertThat(failure.role()).isEqualTo(role);
      assertThat(failure.cause()).isSameAs(cause);
    });
  }

  void assertBalanced() {
    assertThat(parts.faults).isEmpty();
    assertThat(parts.mostPresent.get()).isLessThanOrEqualTo(2);
    assertThat(parts.disposed.get()).isEqualTo(parts.opened.get());
  }
}
