package leaksafe.lab;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import leaksafe.lab.run.HeapSample;
import leaksafe.lab.run.Named;
import leaksafe.lab.run.Run;

/**
 * Both sides of a scenario, and what follows from them. Every verdict is computed from the measurements.
 *
 * @param scenario what was run
 * @param adHoc the run as people write it
 * @param leaksafe the run with leaksafe, on at least the same input
 * @param heapBytes the largest heap that each had
 */
public record Comparison(Scenario scenario, Run adHoc, Run leaksafe, long heapBytes) {
  private static final long SLACK_BYTES = 2 * 1_048_576;

  /** Returns whether the ad-hoc side died of its memory, or keeps at least 4 MB and twice what the other side keeps. */
  public boolean adHocLeaks() {
    long floor = Math.max(4 * 1_048_576, 2 * Math.max(0, leaksafe.retainedBytes().orElse(0)));
    return adHoc.outOfMemory() || adHoc.retainedBytes().orElse(0) > floor;
  }

  /**
   * Returns whether the side with leaksafe ended by itself, did at least the work of the other, keeps at most half of the heap, and
   * kept no more in the last third of its operations than in the third before, a quarter and 2 MB aside.
   */
  public boolean leaksafeHolds() {
    return leaksafe.ended() && leaksafe.operations() >= adHoc.operations()
        && leaksafe.retainedBytes().orElse(Long.MAX_VALUE) <= heapBytes / 2 && !grows();
  }

  private boolean grows() {
    long all = leaksafe.operations();
    OptionalLong middle = floor(all / 3, 2 * all / 3);
    OptionalLong last = floor(2 * all / 3, all);
    return middle.isPresent() && last.isPresent() && last.getAsLong() > middle.getAsLong() * 5 / 4 + SLACK_BYTES;
  }

  private OptionalLong floor(long from, long to) {
    List<HeapSample> samples = leaksafe.samples();
    return samples.stream().filter(sample -> sample.kind() == HeapSample.Kind.FULL && sample.operations() > from && sample.operations() <= to)
        .mapToLong(HeapSample::bytes).min();
  }

  /** Returns when the growth monitor named what piles up on the ad-hoc side; empty if it never did. */
  public Optional<Named> culprit() {
    return adHoc.named().stream().filter(named -> named.name().equals(scenario.culprit())).findFirst();
  }

  /** Returns the verdict in words. */
  public String verdict() {
    if (!leaksafeHolds()) {
      return leaksafe.ended() ? (leaksafe.operations() < adHoc.operations() ? "LEAKSAFE TOO SLOW" : "LEAKSAFE LEAKS") : "LEAKSAFE DIED";
    }
    return adHocLeaks() ? "leak, held by leaksafe" : "no leak seen";
  }
}
