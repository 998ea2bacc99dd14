package leaksafe.bench.memo;

import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import leaksafe.cache.Cache;
import leaksafe.memo.Memo;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * A hit of a memo beside one of the cache that it is made of.
 *
 * <p>Command: {@code java -cp benchmarks/target/benchmarks.jar leaksafe.bench.Compare MemoBench impl=memo,cache,counting-cache,caffeine}. All
 * keys fit. It does not show misses, which are those of the cache.
 *
 * <p>{@code hit} is one call from the harness's loop, which keeps so many values in registers that what is called has to move its own to and fro;
 * {@code hits} has a plain loop of calls, as programs have.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class MemoBench {
  private static final int KEYS = 64;

  /** {@code counting-cache} counts hits with {@code recordStats()}, as a memo always does. */
  @Param({"memo", "cache", "counting-cache", "caffeine"})
  public String impl;

  private final Long[] keys = new Long[KEYS];
  private Function<Long, Long> function;

  /** Makes and fills it. */
  @Setup
  public void fill() {
    function = switch (impl) {
      case "memo" -> Memo.of(MemoBench::compute);
      case "cache" -> of(Cache.<Long, Long>builder().maximumSize(128).build());
      case "counting-cache" -> of(Cache.<Long, Long>builder().maximumSize(128).recordStats().build());
      case "caffeine" -> {
        com.github.benmanes.caffeine.cache.Cache<Long, Long> cache =
            com.github.benmanes.caffeine.cache.Caffeine.newBuilder().maximumSize(128).build();
        yield key -> cache.get(key, MemoBench::compute);
      }
      default -> throw new IllegalArgumentException("impl must be memo, cache, counting-cache or caffeine, but was " + impl);
    };
    for (int i = 0; i < KEYS; i++) {
      keys[i] = i * 0x9E37_79B9_7F4A_7C15L;
      function.apply(keys[i]);
    }
  }

  private static Function<Long, Long> of(Cache<Long, Long> cache) {
    return key -> cache.get(key, MemoBench::compute);
  }

  private static Long compute(Long key) {
    return key + 1;
  }

  /** A thread's place among the keys. */
  @State(Scope.Thread)
  public static class Cursor {
    private int next;
  }

  /** The results are there, of all keys. */
  @Benchmark
  @OperationsPerInvocation(KEYS)
  public long hits() {
    long sum = 0;
    for (Long key : keys) {
      sum += function.apply(key);
    }
    return sum;
  }

  /** The result is there. */
  @Benchmark
  public Long hit(Cursor cursor) {
    return function.apply(keys[cursor.next++ & KEYS - 1]);
  }
}
