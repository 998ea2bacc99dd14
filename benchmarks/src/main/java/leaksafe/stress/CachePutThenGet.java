package leaksafe.stress;

import leaksafe.cache.Cache;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** A put is visible to everybody before it returns: of two threads that put and then look for the other's key, one finds it. */
@JCStressTest
@Outcome(id = "0, 0", expect = Expect.FORBIDDEN, desc = "Both missed: a put ended without a full fence.")
@Outcome(id = {"0, 1", "1, 0", "1, 1"}, expect = Expect.ACCEPTABLE, desc = "At least one found the other's key.")
@State
public class CachePutThenGet {
  private final Cache<Integer, Integer> cache = Cache.<Integer, Integer>builder().maximumSize(64).build();

  /** Puts 1 and looks for 2. */
  @Actor
  public void first(II_Result result) {
    cache.put(1, 1);
    result.r1 = cache.getIfPresent(2) == null ? 0 : 1;
  }

  /** Puts 2 and looks for 1. */
  @Actor
  public void second(II_Result result) {
    cache.put(2, 2);
    result.r2 = cache.getIfPresent(1) == null ? 0 : 1;
  }
}
