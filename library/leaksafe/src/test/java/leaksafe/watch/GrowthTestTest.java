package leaksafe.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import leaksafe.testing.Seeded;
import org.junit.jupiter.api.Test;

class GrowthTestTest {

  private static Trend test(int size, IntToDoubleFunction values) {
    return GrowthTest.of(times(size), IntStream.range(0, size).mapToDouble(values).toArray());
  }

  private static double[] times(int size) {
    return IntStream.range(0, size).mapToDouble(i -> i).toArray();
  }

  @Test
  void a_straight_line_grows_with_its_own_slope() {
    Trend trend = test(64, i -> 100 + 2.0 * i);
    assertThat(trend.growing()).isTrue();
    assertThat(trend.slope()).isEqualTo(2, within(1e-9));
    assertThat(trend.z()).isGreaterThan(3.3);
    assertThat(trend.reason()).startsWith("steady growth: z is ");
  }

  @Test
  void a_slope_is_by_time_and_not_by_index() {
    double[] times = IntStream.range(0, 40).mapToDouble(i -> i * i + i).toArray();
    double[] values = IntStream.range(0, 40).mapToDouble(i -> 5 + 3 * times[i]).toArray();
    assertThat(GrowthTest.of(times, values).slope()).isEqualTo(3, within(1e-9));
  }

  @Test
  void each_rule_gives_its_reason() {
    assertThat(test(64, i -> 7).reason()).startsWith("no trend: z is 0.0");
    assertThat(test(64, i -> 100 - i).reason()).startsWith("no trend: z is -");
    assertThat(test(64, i -> 1e6 + i).reason()).startsWith("grew by 0.0 % of the median");
    assertThat(test(64, i -> 100 + Math.min(i, 52) + 0.01 * i).reason()).startsWith("levels off");
    assertThat(test(64, i -> 100 + (i < 32 ? 0 : 60) + 17 * i % 5).reason()).startsWith("the trend may be drift");
    assertThat(test(64, i -> i < 60 ? 100 + 2 * i : 180).reason()).startsWith("the floor does not rise");
    double[] walk = {0};
    Random drift = new Random(5);
    assertThat(test(64, i -> {
      walk[0] = 0.97 * walk[0] + drift.nextGaussian();
      return 20 + walk[0];
    }).reason()).startsWith("the trend may be drift");
  }

  @Test
  void outliers_do_not_hide_a_trend_or_make_one() {
    Seeded.check(20, random -> {
      assertThat(test(64, i -> 200 + 2 * i + (random.nextDouble() < 0.15 ? 1000 : 0)).slope()).isEqualTo(2, within(1.0));
      assertThat(test(64, i -> 200 + random.nextGaussian() + (random.nextDouble() < 0.1 ? 1000 : 0)).growing()).isFalse();
    });
  }

  @Test
  void the_arguments_are_neither_changed_nor_kept() {
    double[] times = times(30);
    double[] values = IntStream.range(0, 30).mapToDouble(i -> 30 - i).toArray();
    GrowthTest.of(times, values);
    assertThat(times).isEqualTo(times(30));
    assertThat(values[0]).isEqualTo(30);
  }

  @Test
  void bad_input_is_refused_with_what_was_given() {
    assertThatIllegalArgumentException().isThrownBy(() -> GrowthTest.of(new double[24], new double[25]))
        .withMessage("there must be a time for each value, but there were 24 times and 25 values");
    assertThatIllegalArgumentException().isThrownBy(() -> GrowthTest.of(times(23), new double[23]))
        .withMessage("the test needs at least 24 values, but there were 23");
    assertThatIllegalArgumentException().isThrownBy(() -> GrowthTest.of(new double[24], new double[24]))
        .withMessage("times must ascend strictly, but 0.0 at index 1 follows 0.0");
    assertThatIllegalArgumentException().isThrownBy(() -> test(24, i -> i == 3 ? Double.NaN : 0))
        .withMessage("times and values must be finite, but at index 3 were 3.0 and NaN");
    assertThatNullPointerException().isThrownBy(() -> GrowthTest.of(null, new double[24])).withMessage("times");
    assertThatNullPointerException().isThrownBy(() -> GrowthTest.of(new double[24], null)).withMessage("values");
  }
}
