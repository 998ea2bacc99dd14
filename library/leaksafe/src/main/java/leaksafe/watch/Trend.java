package leaksafe.watch;

import java.util.Objects;

/**
 * What {@link GrowthTest} says of a series.
 *
 * @param growing whether it grows steadily and still does
 * @param slope the median slope (Theil and Sen), in units of the values for each unit of the times; 0 for a series without variation
 * @param z the Mann-Kendall statistic, corrected for autocorrelation where the test went so far; the larger the surer, above 0 for growth
 * @param reason why, in words
 */
public record Trend(boolean growing, double slope, double z, String reason) {

  /** Checks that the reason is not null. */
  public Trend {
    Objects.requireNonNull(reason, "reason");
  }
}
