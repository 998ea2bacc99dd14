package leaksafe.stress;

import java.util.concurrent.atomic.AtomicInteger;
import leaksafe.cache.Cache;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Every value leaves exactly once: two were put, so what is in the cache and what the listener was told of are two together. */
@JCStressTest
@Outcome(id = {"0, 2", "1, 1"}, expect = Expect.ACCEPTABLE, desc = "Invalidated last, or updated last.")
@Outcome(expect = Expect.FORBIDDEN, desc = "A value was reported twice, or never, or came back to life.")
@State
public class CachePutAgainstInvalidate {
  private final AtomicInteger removals = new AtomicInteger();
  private final Cache<Integer, Integer> cache = Cache.<Integer, Integer>builder().maximumSize(64)
      .removalListener((key, value, cause) -> removals.incrementAndGet()).build();

  /** Has the key. */
  public CachePutAgainstInvalidate() {
    cache.put(1, 1);
  }

  /** Updates the key. */
  @Actor
  public void writer() {
    cache.put(1, 2);
  }

  /** Removes the key. */
  @Actor
  public void remover() {
    cache.invalidate(1);
  }

  /** Counts what is there and what left. */
  @Arbiter
  public void count(II_Result result) {
    result.r1 = (int) cache.estimatedSize();
    result.r2 = removals.get();
  }
}
