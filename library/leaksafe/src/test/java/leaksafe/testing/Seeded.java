package leaksafe.testing;

import java.util.Random;

/**
 * Runs a model test over many seeds. A failure names the seed; {@code -Dseed=N} replays that one alone, {@code -Dseeds=N} runs so many.
 */
public final class Seeded {

  private Seeded() {}

  /** One run of a model test: everything random in it must come from the generator. */
  @FunctionalInterface
  public interface Run {
    void with(Random random) throws Exception;
  }

  /** Runs with the given number of fresh seeds. */
  public static void check(int seeds, Run run) {
    Long one = Long.getLong("seed");
    if (one != null) {
      replay(one, run);
      return;
    }
    int asked = Integer.getInteger("seeds", 0);
    int count = asked == 0 ? seeds : asked;
    long first = System.nanoTime();
    for (long seed = first; seed < first + count; seed++) {
      replay(seed, run);
    }
  }

  private static void replay(long seed, Run run) {
    try {
      run.with(new Random(seed));
    } catch (Throwable e) {
      throw new AssertionError("failed with seed " + seed + "; replay with -Dseed=" + seed + ": " + e, e);
    }
  }
}
