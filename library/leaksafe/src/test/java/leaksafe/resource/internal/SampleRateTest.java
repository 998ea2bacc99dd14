package leaksafe.resource.internal;

import static org.assertj.core.api.Assertions.assertThat;

import leaksafe.internal.Sampling;
import org.junit.jupiter.api.Test;

class SampleRateTest {
  private static int captured(SampleRate rate, int objects) {
    int captured = 0;
    for (int i = 0; i < objects; i++) {
      captured += rate.next() ? 1 : 0;
    }
    return captured;
  }

  @Test
  void all_and_none_are_exact_whatever_the_rate() {
    assertThat(captured(new SampleRate(1), 100_000)).isEqualTo(100_000);
    SampleRate none = new SampleRate(0);
    assertThat(captured(none, 100_000)).isZero();
    try (Sampling.All all = Sampling.captureAll()) {
      assertThat(all).isNotNull();
      assertThat(captured(none, 100_000)).isEqualTo(100_000);
    }
  }

  @Test
  void within_the_budget_of_a_second_it_is_one_of_so_many() {
    SampleRate rate = new SampleRate(10);
    assertThat(captured(rate, 20_000)).isBetween(1600, 2400); // ten standard deviations
  }

  @Test
  void beyond_it_the_chance_is_halved_again_and_again() {
    SampleRate rate = new SampleRate(2);
    assertThat(captured(rate, 1_000_000)).isBetween(6 * SampleRate.BUDGET, 9 * SampleRate.BUDGET); // and not 122 of them
    assertThat(captured(rate, 1_000_000)).isLessThan(3 * SampleRate.BUDGET);
  }

  @Test
  void each_second_it_is_doubled_up_to_what_was_asked_for() {
    SampleRate rate = new SampleRate(2);
    captured(rate, 1_000_000);
    for (int i = 0; i < 20; i++) {
      rate.second();
    }
    assertThat(captured(rate, 4000)).isBetween(1600, 2400);
    rate.every(4);
    rate.second();
    assertThat(captured(rate, 8000)).isBetween(1600, 2400);
  }

  @Test
  void a_rare_sample_does_not_overflow() {
    SampleRate rate = new SampleRate(Integer.MAX_VALUE);
    assertThat(captured(rate, 1000)).isLessThan(10);
  }
}
