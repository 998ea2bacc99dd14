package leaksafe.stress;

import leaksafe.cache.Cache;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** What was written to a value before it was put is seen by whoever gets the value, also when the put updates a present key. */
@JCStressTest
@Outcome(id = {"-1, -1", "7, 7"}, expect = Expect.ACCEPTABLE, desc = "No value yet, or a whole one.")
@Outcome(expect = Expect.FORBIDDEN, desc = "A value that is not whole.")
@State
public class CachePublication {
  private final Cache<Integer, Point> cache = Cache.<Integer, Point>builder().maximumSize(64).build();

  /** A value without final fields, so that only the cache publishes it safely. */
  static final class Point {
    int x;
    int y;
  }

  /** Puts a new key. */
  @Actor
  public void writer() {
    Point point = new Point();
    point.x = 7;
    point.y = 7;
    cache.put(1, point);
  }

  /** Gets it without a lock. */
  @Actor
  public void reader(II_Result result) {
    Point point = cache.getIfPresent(1);
    result.r1 = point == null ? -1 : point.x;
    result.r2 = point == null ? -1 : point.y;
  }
}
