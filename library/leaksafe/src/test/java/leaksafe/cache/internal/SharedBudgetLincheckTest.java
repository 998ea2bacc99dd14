package leaksafe.cache.internal;

import static org.assertj.core.api.Assertions.assertThatCode;

import leaksafe.cache.Budget;
import leaksafe.cache.Cache;
import leaksafe.cache.Eviction;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/**
 * Two caches never hold more than the budget that they share, whose maximum is changed meanwhile, and the budget counts what they hold.
 * Nothing is returned, since which of them gives way is for estimates to say.
 */
@Param(name = "key", gen = IntGen.class, conf = "1:5")
@Param(name = "maximum", gen = IntGen.class, conf = "1:4")
public class SharedBudgetLincheckTest {
  private static final int SCENARIOS = Integer.getInteger("lincheck.scenarios", 5);

  private final Budget budget = Budget.builder().name("shared").maximumWeight(4).build();
  private final Cache<Integer, Integer> one = Cache.builder().name("one").budget(budget).eviction(Eviction.FIFO).build();
  private final Cache<Integer, Integer> other = Cache.builder().name("other").budget(budget).maximumSize(3).build();

  @Operation
  public void putOne(@Param(name = "key") int key) {
    one.put(key, key);
    requireBound();
  }

  @Operation
  public void putOther(@Param(name = "key") int key) {
    other.put(key, key);
    requireBound();
  }

  @Operation
  public void invalidate(@Param(name = "key") int key) {
    one.invalidate(key);
    other.invalidate(key);
  }

  @Operation
  public void setMaximum(@Param(name = "maximum") int maximum) {
    budget.setMaximumWeight(maximum);
  }

  private void requireBound() {
    if (budget.weight() > 4) { // the largest of all maxima
      throw new AssertionError(budget.toString());
    }
  }

  @Validate
  public void the_budget_counts_what_is_there_and_that_is_no_more_than_its_maximum() {
    long present = one.estimatedSize() + other.estimatedSize();
    if (present != budget.weight() || present > budget.maximumWeight()) {
      throw new IllegalStateException(budget + " where there are " + one + " and " + other);
    }
    Verify.structure(one);
    Verify.structure(other);
  }

  @Test
  void every_run_under_stress_keeps_the_bound() {
    assertThatCode(() -> new StressOptions().iterations(SCENARIOS).invocationsPerIteration(300).threads(3).actorsPerThread(3)
        .actorsBefore(3).actorsAfter(1).check(SharedBudgetLincheckTest.class)).doesNotThrowAnyException();
  }
}
