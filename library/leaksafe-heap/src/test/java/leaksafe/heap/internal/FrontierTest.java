package leaksafe.heap.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrontierTest {
  private static final int OBJECTS = 1_000_000;
  /** As many as a level may have to be read in the order in which its objects were met. */
  private static final int FEW = 1 << 14;

  private static List<Integer> read(Frontier frontier) {
    List<Integer> all = new ArrayList<>();
    int[] batch = new int[7];
    for (int count = frontier.poll(batch); count > 0; count = frontier.poll(batch)) {
      for (int i = 0; i < count; i++) {
        all.add(batch[i]);
      }
    }
    return all;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, FEW - 1, FEW, FEW + 1, 3 * FEW})
  void each_object_is_in_one_level_and_once(int mostOfALevel) throws Exception {
    long seed = Long.getLong("seed", System.nanoTime());
    Random random = new Random(seed);
    MemoryBudget budget = new MemoryBudget(Long.MAX_VALUE);
    Frontier frontier = new Frontier(OBJECTS, budget);
    Set<Integer> past = new HashSet<>();
    for (int round = 0; round < 10; round++) {
      List<Integer> met = new ArrayList<>();
      Set<Integer> level = new HashSet<>();
      int size = round == 0 ? mostOfALevel : 1 + random.nextInt(mostOfALevel);
      while (level.size() < size) {
        int object = 1 + random.nextInt(OBJECTS);
        int expected = past.contains(object) ? Frontier.PAST : level.add(object) ? Frontier.FIRST : Frontier.AGAIN;
        assertThat(frontier.meet(object)).as("seed %d", seed).isEqualTo(expected);
        if (expected == Frontier.FIRST) {
          met.add(object);
        }
      }
      assertThat(frontier.next()).isTrue();
      assertThat(read(frontier)).as("seed %d", seed).isEqualTo(size <= FEW ? met : met.stream().sorted().toList());
      past.addAll(level);
    }
    assertThat(frontier.next()).isFalse();
    assertThat(read(frontier)).isEmpty();
    frontier.release(budget);
    assertThat(budget.claimed()).isZero();
  }
}
