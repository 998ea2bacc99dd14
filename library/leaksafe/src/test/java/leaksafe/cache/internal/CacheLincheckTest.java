package leaksafe.cache.internal;

import static org.assertj.core.api.Assertions.assertThatCode;

import leaksafe.cache.Cache;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Test;

/**
 * The cache without evictions is a linearizable map: reads that take no lock, puts that take none, growing tables, computations. The
 * keys fall into few chains, so that operations meet.
 */
@Param(name = "key", gen = IntGen.class, conf = "1:12")
@Param(name = "value", gen = IntGen.class, conf = "1:3")
public class CacheLincheckTest {
  /** For a long hunt: {@code -Dlincheck.scenarios=200}. */
  private static final int SCENARIOS = Integer.getInteger("lincheck.scenarios", 8);

  private final Cache<Integer, Integer> cache = Cache.builder().unbounded().build();

  @Operation
  public Integer get(@Param(name = "key") int key) {
    return cache.getIfPresent(key);
  }

  @Operation
  public Integer put(@Param(name = "key") int key, @Param(name = "value") int value) {
    return cache.asMap().put(key, value);
  }

  @Operation
  public Integer remove(@Param(name = "key") int key) {
    return cache.asMap().remove(key);
  }

  @Operation
  public boolean replace(@Param(name = "key") int key, @Param(name = "value") int expected, @Param(name = "value") int value) {
    return cache.asMap().replace(key, expected, value);
  }

  @Operation
  public Integer putIfAbsent(@Param(name = "key") int key, @Param(name = "value") int value) {
    return cache.asMap().putIfAbsent(key, value);
  }

  @Operation
  public Integer load(@Param(name = "key") int key, @Param(name = "value") int value) {
    return cache.get(key, k -> value);
  }

  @Operation
  public Integer merge(@Param(name = "key") int key, @Param(name = "value") int value) {
    return cache.asMap().merge(key, value, Integer::sum);
  }

  @Operation
  public void invalidate(@Param(name = "key") int key) {
    cache.invalidate(key);
  }

  @Operation
  public void store(@Param(name = "key") int key, @Param(name = "value") int value) {
    cache.put(key, value);
  }

  @Test
  void every_interleaving_that_the_model_checker_tries_is_linearizable() {
    assertThatCode(() -> new ModelCheckingOptions().iterations(SCENARIOS).invocationsPerIteration(100).threads(2).actorsPerThread(3).actorsBefore(8)
        .actorsAfter(1).check(CacheLincheckTest.class)).doesNotThrowAnyException();
  }

  @Test
  void every_run_under_stress_is_linearizable() {
    assertThatCode(() -> new StressOptions().iterations(SCENARIOS).invocationsPerIteration(1000).threads(3).actorsPerThread(3).actorsBefore(8)
        .actorsAfter(1).check(CacheLincheckTest.class)).doesNotThrowAnyException();
  }
}
