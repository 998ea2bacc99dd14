package leaksafe.registry.internal;

import java.util.stream.IntStream;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Test;

/** The weak table is linearizable, a resize under way included. */
@Param(name = "key", gen = IntGen.class, conf = "0:2")
@Param(name = "value", gen = IntGen.class, conf = "0:3")
public class WeakTableLincheckTest {
  private static final Object[] KEYS = {new Object(), new Object(), new Object()};

  /** So many that the operations themselves make the array of bins grow. */
  private static final Object[] FILL = IntStream.range(0, 13).mapToObj(i -> new Object()).toArray();

  private final WeakTable<Object, Integer> table = new WeakTable<>("tested");

  public WeakTableLincheckTest() {
    for (Object key : FILL) {
      table.put(key, -1);
    }
  }

  @Operation
  public Integer get(@Param(name = "key") int key) {
    return table.get(KEYS[key]);
  }

  @Operation
  public Integer put(@Param(name = "key") int key, @Param(name = "value") int value) {
    return table.put(KEYS[key], value);
  }

  @Operation
  public Integer putIfAbsent(@Param(name = "key") int key, @Param(name = "value") int value) {
    return table.putIfAbsent(KEYS[key], value);
  }

  @Operation
  public Integer remove(@Param(name = "key") int key) {
    return table.remove(KEYS[key]);
  }

  @Test
  void is_linearizable_under_stress() {
    new StressOptions().iterations(5).invocationsPerIteration(150).threads(3).actorsPerThread(3).check(getClass());
  }

  @Test
  void is_linearizable_in_all_interleavings_that_were_tried() {
    new ModelCheckingOptions().iterations(5).invocationsPerIteration(150).threads(2).actorsPerThread(3).check(getClass());
  }
}
