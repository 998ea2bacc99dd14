package leaksafe.stress;

import leaksafe.cache.Cache;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** A cache with room for one never shows two entries, whoever looks and whenever. */
@JCStressTest
@Outcome(id = {"0", "1"}, expect = Expect.ACCEPTABLE, desc = "Within the bound.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Above the maximum.")
@State
public class CacheBound {
  private final Cache<Integer, Integer> cache = Cache.<Integer, Integer>builder().maximumSize(1).build();

  /** Puts a key. */
  @Actor
  public void first() {
    cache.put(1, 1);
  }

  /** Puts another. */
  @Actor
  public void second() {
    cache.put(2, 2);
  }

  /** Counts the entries by looking for both, the one put first last. */
  @Actor
  public void watcher(I_Result result) {
    result.r1 = (int) cache.asMap().keySet().stream().count();
  }
}
