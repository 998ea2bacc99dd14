package leaksafe.junit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.platform.testkit.engine.Events;

/** Nearly thirty harmless tests raise no alarm. */
class HarmlessTest {

  /** All in each round, so that one of them would be enough for an alarm. */
  @LeakFree
  static class Harmless extends HarmlessTests {}

  @Test
  void harmless_tests_raise_no_alarm() {
    Events events = Planted.run(Harmless.class);
    assertThat(Planted.failures(events)).isEmpty();
    assertThat(events.succeeded().count()).isGreaterThan(28);
  }
}
