package leaksafe.pool.internal;

import static org.assertj.core.api.Assertions.assertThatCode;

import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Test;

/** The line of waiters is first come first served, whoever gives up in between; and it is never gone while somebody stands in it. */
@Param(name = "place", gen = IntGen.class, conf = "0:2")
public class LineLincheckTest {
  private static final int SCENARIOS = Integer.getInteger("lincheck.scenarios", 6);

  private final Line line = new Line();
  private final Line.Waiter[] waiters = new Line.Waiter[3]; // each guarded by its own monitor below: a thread enters and leaves for itself
  private final Object[] monitors = {new Object(), new Object(), new Object()};

  @Operation
  public boolean enter(@Param(name = "place") int place) {
    synchronized (monitors[place]) {
      if (waiters[place] != null) {
        return false;
      }
      Line.Waiter waiter = new Line.Waiter();
      boolean entered = line.enter(waiter);
      waiters[place] = entered ? waiter : null;
      return entered;
    }
  }

  @Operation
  public boolean leave(@Param(name = "place") int place) {
    synchronized (monitors[place]) {
      if (waiters[place] == null) {
        return false;
      }
      line.leave(waiters[place]);
      waiters[place] = null;
      return true;
    }
  }

  @Operation
  public boolean isHead(@Param(name = "place") int place) {
    synchronized (monitors[place]) {
      return waiters[place] != null && line.isHead(waiters[place]);
    }
  }

  @Operation
  public int length() {
    return line.length();
  }

  @Operation
  public boolean isAnybodyWaiting() {
    return (line.signs() & Line.WAITING) != 0;
  }

  @Operation
  public boolean go() {
    return line.go();
  }

  @Test
  void every_interleaving_that_the_model_checker_tries_is_linearizable() {
    assertThatCode(() -> new ModelCheckingOptions().iterations(SCENARIOS).invocationsPerIteration(100).threads(2).actorsPerThread(3)
        .actorsBefore(3).actorsAfter(2).check(LineLincheckTest.class)).doesNotThrowAnyException();
  }

  @Test
  void every_run_under_stress_is_linearizable() {
    assertThatCode(() -> new StressOptions().iterations(SCENARIOS).invocationsPerIteration(1000).threads(3).actorsPerThread(3).actorsBefore(3)
        .actorsAfter(2).check(LineLincheckTest.class)).doesNotThrowAnyException();
  }
}
