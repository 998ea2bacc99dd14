package leaksafe.cache.internal;

import static org.assertj.core.api.Assertions.assertThatCode;

import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Test;

/** Taking permits, giving them back and changing the maximum take effect each at one instant: none is given out beyond a lowered maximum. */
@Param(name = "permits", gen = IntGen.class, conf = "1:3")
@Param(name = "maximum", gen = IntGen.class, conf = "1:6")
public class BudgetLincheckTest {
  /** For a long hunt: {@code -Dlincheck.scenarios=200}. */
  private static final int SCENARIOS = Integer.getInteger("lincheck.scenarios", 8);

  private final Budget budget = new Budget(4, true);

  @Operation
  public boolean tryTake(@Param(name = "permits") int permits) {
    return budget.tryTake(permits);
  }

  /** Also more than was taken, which no cache does: the sums must be right all the same. */
  @Operation
  public void giveBack(@Param(name = "permits") int permits) {
    budget.giveBack(permits);
  }

  @Operation
  public void setMaximum(@Param(name = "maximum") int maximum) {
    budget.setMaximum(maximum);
  }

  @Operation
  public boolean hasSurplus() {
    return budget.hasSurplus();
  }

  @Operation
  public long taken() {
    return budget.get();
  }

  @Test
  void every_interleaving_that_the_model_checker_tries_is_linearizable() {
    assertThatCode(() -> new ModelCheckingOptions().iterations(SCENARIOS).invocationsPerIteration(200).threads(2).actorsPerThread(3)
        .actorsBefore(2).actorsAfter(1).check(BudgetLincheckTest.class)).doesNotThrowAnyException();
  }

  @Test
  void every_run_under_stress_is_linearizable() {
    assertThatCode(() -> new StressOptions().iterations(SCENARIOS).invocationsPerIteration(1000).threads(3).actorsPerThread(3)
        .actorsBefore(2).actorsAfter(1).check(BudgetLincheckTest.class)).doesNotThrowAnyException();
  }
}
