package leaksafe.cache.internal;

import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.List;
import leaksafe.cache.Cache;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Test;

/**
 * In a cache of one segment a group is invalidated at one instant: what is put before goes, what is put after stays, and what was being loaded
 * then is not there afterwards. How many entries went is not returned, since a load that was running is none.
 */
@Param(name = "key", gen = IntGen.class, conf = "1:3")
@Param(name = "value", gen = IntGen.class, conf = "1:4")
@Param(name = "group", gen = IntGen.class, conf = "0:1")
public class GroupsLincheckTest {
  private static final int SCENARIOS = Integer.getInteger("lincheck.scenarios", 3);

  private final Cache<Integer, Integer> cache =
      Cache.builder().name("groups").maximumSize(100).groups((Integer key, Integer value) -> List.of(value % 2)).build();

  @Operation
  public void put(@Param(name = "key") int key, @Param(name = "value") int value) {
    cache.put(key, value);
  }

  @Operation
  public Integer get(@Param(name = "key") int key) {
    return cache.getIfPresent(key);
  }

  @Operation
  public Integer load(@Param(name = "key") int key, @Param(name = "value") int value) {
    return cache.get(key, k -> value);
  }

  @Operation
  public void invalidate(@Param(name = "key") int key) {
    cache.invalidate(key);
  }

  @Operation
  public void invalidateGroup(@Param(name = "group") int group) {
    cache.invalidateGroup(group);
  }

  @Test
  void every_interleaving_that_the_model_checker_tries_is_linearizable() {
    assertThatCode(() -> new ModelCheckingOptions().iterations(SCENARIOS).invocationsPerIteration(50).threads(2).actorsPerThread(2)
        .actorsBefore(3).actorsAfter(1).check(GroupsLincheckTest.class)).doesNotThrowAnyException();
  }

  @Test
  void every_run_under_stress_is_linearizable() {
    assertThatCode(() -> new StressOptions().iterations(SCENARIOS).invocationsPerIteration(500).threads(3).actorsPerThread(3)
        .actorsBefore(3).actorsAfter(1).check(GroupsLincheckTest.class)).doesNotThrowAnyException();
  }
}
