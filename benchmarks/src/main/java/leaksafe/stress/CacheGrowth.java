package leaksafe.stress;

import leaksafe.cache.Cache;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** While another thread makes the table grow, a key that is there is found by every read. */
@JCStressTest
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "Every read found the key.")
@Outcome(expect = Expect.FORBIDDEN, desc = "A read missed a key that was there all the time.")
@State
public class CacheGrowth {
  private static final int KEYS = 64;
  private final Cache<Integer, Integer> cache = Cache.<Integer, Integer>builder().maximumSize(4 * KEYS).build();

  /** Has the keys that must be found. */
  public CacheGrowth() {
    for (int i = 0; i < 8; i++) {
      cache.put(-1 - i, i);
    }
  }

  /** Makes the table grow from its least size several times. */
  @Actor
  public void writer() {
    for (int i = 0; i < KEYS; i++) {
      cache.put(i, i);
    }
  }

  /** Counts misses of keys that are there. */
  @Actor
  public void reader(I_Result result) {
    int misses = 0;
    for (int round = 0; round < 4; round++) {
      for (int i = 0; i < 8; i++) {
        if (cache.getIfPresent(-1 - i) == null) {
          misses++;
        }
      }
    }
    result.r1 = misses;
  }
}
