package leaksafe.bench.census;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import leaksafe.cache.Cache;
import leaksafe.census.Census;
import leaksafe.census.CensusSampler;
import leaksafe.census.CensusSnapshot;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A hit in a cache while nobody asks, while a snapshot is taken ten times a second, and a hundred times; and a snapshot by itself.
 *
 * <p>Command: {@code java -jar benchmarks/target/benchmarks.jar CensusBench}. The snapshots take processor time of their own: on a machine
 * without a free processor the hits lose what that takes, and {@code snapshot} says how much it is.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
@State(Scope.Benchmark)
public class CensusBench {
  private static final int ENTRIES = 10_000;

  /** How many milliseconds lie between two snapshots; 0 for no snapshots. */
  @Param({"0", "100", "10"})
  public int period;

  /** How many containers there are beside the cache. */
  @Param("100")
  public int others;

  private final List<Cache<Integer, Integer>> kept = new ArrayList<>();
  private Cache<Integer, Integer> cache;
  private CensusSampler sampler;
  private volatile CensusSnapshot latest;

  /** The place of a thread in the keys. */
  @State(Scope.Thread)
  public static class Cursor {
    private int next;
  }

  /** Fills the cache. */
  @Setup
  public void setUp() {
    cache = Cache.<Integer, Integer>builder().maximumSize(ENTRIES).recordStats().build();
    for (int i = 0; i < ENTRIES; i++) {
      cache.put(i, i);
    }
    for (int i = 0; i < others; i++) {
      kept.add(Cache.<Integer, Integer>builder().maximumSize(ENTRIES).recordStats().build());
    }
    if (period > 0) {
      sampler = Census.every(Duration.ofMillis(period), snapshot -> latest = snapshot);
    }
  }

  /** Ends the snapshots. */
  @TearDown
  public void tearDown() {
    if (sampler != null) {
      sampler.close();
      if (latest.entries().size() < others) {
        throw new IllegalStateException("not all containers were seen: " + latest);
      }
    }
  }

  /** A hit. */
  @Benchmark
  public Integer hit(Cursor cursor) {
    cursor.next = cursor.next + 1 == ENTRIES ? 0 : cursor.next + 1;
    return cache.getIfPresent(cursor.next);
  }

  /** A snapshot. */
  @Benchmark
  public CensusSnapshot snapshot() {
    return Census.snapshot();
  }
}
