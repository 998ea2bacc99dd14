package leaksafe.cache.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import leaksafe.RemovalCause;
import org.junit.jupiter.api.Test;

class TurnsTest {
  private final Turns<String, String> turns = new Turns<>();

  private static Removal<String, String> removal(String key) {
    return new Removal<>(key, "value", RemovalCause.SIZE, null);
  }

  /** Begins a turn, causes two removals in it and ends it; returns the keys of what it had to tell. */
  private List<String> tell(String key) {
    List<String> told = new ArrayList<>();
    Turns.Turn<String, String> turn = turns.begin(removal(key));
    for (Removal<String, String> chain = turn.take(); chain != null; chain = turn.take()) {
      for (Removal<String, String> removal = chain; removal != null; removal = removal.next) {
        told.add(removal.key);
        if (removal.key.equals(key)) {
          assertThat(turns.begin(removal("caused by " + key))).as("a turn inside of a turn").isNull();
          assertThat(turns.begin(removal("then"))).as("a turn inside of a turn").isNull();
        }
      }
    }
    turns.end(turn);
    return told;
  }

  @Test
  void what_a_turn_causes_is_told_in_it_afterwards() {
    assertThat(tell("a")).containsExactly("a", "caused by a", "then");
    assertThat(tell("b")).containsExactly("b", "caused by b", "then");
  }

  @Test
  void a_thread_whose_place_is_taken_has_a_turn_of_its_own() throws Exception {
    FutureTask<List<String>> task = new FutureTask<>(() -> tell("a"));
    Thread other = new Thread(task);
    while (other.getId() % 16 != Thread.currentThread().getId() % 16) { // there are at most 16 places
      other = new Thread(task);
    }
    Turns.Turn<String, String> mine = turns.begin(removal("b"));
    other.start();
    assertThat(task.get()).containsExactly("a", "caused by a", "then");
    assertThat(turns.begin(removal("c"))).isNull();
    assertThat(mine.take().next.key).isEqualTo("c");
    turns.end(mine);
    assertThat(tell("d")).containsExactly("d", "caused by d", "then");
  }
}
