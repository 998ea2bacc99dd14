package leaksafe.memo;

import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Test;

/**
 * A memo in front of numbers that are written and then invalidated reads as those numbers themselves, with no memo between: who reads after an
 * invalidation never gets what was loaded before it, whoever joined, cancelled or cleared meanwhile.
 */
class AsyncMemoLincheckTest {
  private static final int SCENARIOS = Integer.getInteger("lincheck.scenarios", 3);

  @Test
  void every_interleaving_that_the_model_checker_tries_is_linearizable() {
    assertThatCode(() -> new ModelCheckingOptions().iterations(SCENARIOS).invocationsPerIteration(50).threads(2).actorsPerThread(2)
        .actorsBefore(1).actorsAfter(1).check(Quick.class)).doesNotThrowAnyException();
  }

  @Test
  void every_run_under_stress_is_linearizable() {
    assertThatCode(() -> new StressOptions().iterations(SCENARIOS).invocationsPerIteration(500).threads(3).actorsPerThread(3)
        .actorsBefore(1).actorsAfter(1).check(Quick.class)).doesNotThrowAnyException();
  }

  @Test
  void every_run_under_stress_is_linearizable_where_loads_take_their_time() {
    assertThatCode(() -> new StressOptions().iterations(SCENARIOS).invocationsPerIteration(300).threads(3).actorsPerThread(3)
        .actorsBefore(1).actorsAfter(1).check(Slow.class)).doesNotThrowAnyException();
  }

  /** What both have in common: how loads end is theirs. */
  @Param(name = "key", gen = IntGen.class, conf = "1:2")
  @Param(name = "value", gen = IntGen.class, conf = "1:9")
  public abstract static class Numbers {
    private final AtomicIntegerArray source = new AtomicIntegerArray(3);
    private final AsyncMemo<Integer, Integer> memo = AsyncMemo.<Integer, Integer>builder().name("numbers").build(this::load);

    /** Returns a stage of the number, as it is now. */
    abstract CompletionStage<Integer> later(Integer now);

    private CompletionStage<Integer> load(Integer key) {
      return later(source.get(key));
    }

    @Operation
    public int get(@Param(name = "key") int key) {
      return memo.apply(key).join();
    }

    @Operation
    public void write(@Param(name = "key") int key, @Param(name = "value") int value) {
      source.set(key, value);
      memo.invalidate(key);
    }

    /** Asks and gives up: a load that nobody else waits for is cancelled, others go on. */
    @Operation
    public void cancel(@Param(name = "key") int key) {
      memo.apply(key).cancel(true);
    }

    @Operation
    public void clear() {
      memo.clear();
    }
  }

  /** Loads end at once. */
  public static class Quick extends Numbers {
    @Override
    CompletionStage<Integer> later(Integer now) {
      return CompletableFuture.completedFuture(now);
    }
  }

  /** Loads end on threads of their own, so that the last who waits may leave before. */
  public static class Slow extends Numbers {
    private static final Executor OTHERS = task -> {
      Thread thread = new Thread(task, "ends loads");
      thread.setDaemon(true);
      thread.start();
    };

    @Override
    CompletionStage<Integer> later(Integer now) {
      return CompletableFuture.supplyAsync(() -> now, OTHERS);
    }
  }
}
