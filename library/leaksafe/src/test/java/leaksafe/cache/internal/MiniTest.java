package leaksafe.cache.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import leaksafe.testing.Seeded;
import org.junit.jupiter.api.Test;

class MiniTest {
  private static final Duel.Answer SMALL_WINDOW = new Duel.Answer(false, 0.01, false);
  private static final Duel.Answer SPARING = new Duel.Answer(false, 0.01, true);
  private static final Duel.Answer LARGE_WINDOW = new Duel.Answer(false, 0.6, false);
  private static final Duel.Answer SECOND = new Duel.Answer(true, 0.1, false);
  private static final List<Duel.Answer> ALL = List.of(SMALL_WINDOW, SPARING, LARGE_WINDOW, SECOND);

  @Test
  void what_was_asked_for_last_is_there() {
    Seeded.check(20, random -> {
      Fed mini = new Fed(1 + random.nextInt(Mini.LARGEST), ALL.get(random.nextInt(ALL.size())));
      for (int i = 0; i < 3_000; i++) {
        int hash = hash(random.nextInt(600));
        mini.access(hash);
        assertThat(mini.access(hash)).isTrue();
      }
    });
  }

  @Test
  void what_fits_stays() {
    for (int capacity = 1; capacity <= Mini.LARGEST; capacity += 1 + capacity / 8) {
      for (Duel.Answer answer : ALL) {
        Fed mini = new Fed(capacity, answer);
        assertThat(hits(mini, 0, capacity)).isZero();
        for (int round = 0; round < 5; round++) {
          assertThat(hits(mini, 0, capacity)).as("%s of %s", answer, capacity).isEqualTo(capacity);
        }
      }
    }
  }

  @Test
  void it_never_holds_more_than_its_capacity() {
    Seeded.check(20, random -> {
      int capacity = 1 + random.nextInt(Mini.LARGEST);
      Fed mini = new Fed(capacity, ALL.get(random.nextInt(ALL.size())));
      for (int i = 0; i < 5_000; i++) {
        mini.access(hash(random.nextInt(1_000)));
      }
      // Hits change nothing but flags, so asking for the keys in any order finds at most as many as fit before the first miss.
      int found = 0;
      for (int key = 0; key < 1_000; key++) {
        found += mini.access(hash(key)) ? 1 : 0;
      }
      assertThat(found).isLessThanOrEqualTo(2 * capacity);
    });
  }

  @Test
  void a_small_window_keeps_what_is_used_through_a_scan() {
    for (Duel.Answer answer : List.of(SMALL_WINDOW, SPARING)) {
      Fed mini = new Fed(200, answer);
      for (int round = 0; round < 10; round++) {
        hits(mini, 0, 150);
      }
      hits(mini, 10_000, 11_000);
      assertThat(hits(mini, 0, 150)).as("%s", answer).isGreaterThan(120);
    }
  }

  @Test
  void a_large_window_learns_a_new_working_set_sooner() {
    assertThat(hitsAfterChange(LARGE_WINDOW)).isGreaterThan(hitsAfterChange(SMALL_WINDOW));
  }

  @Test
  void by_the_first_rule_what_comes_again_and_again_gets_a_place_in_main() {
    Fed mini = new Fed(100, SMALL_WINDOW);
    hits(mini, 0, 200);
    for (int time = 0; time < 2; time++) {
      assertThat(mini.access(hash(777))).as("time %s", time).isFalse();
      hits(mini, 1_000 + 10 * time, 1_010 + 10 * time);
    }
    assertThat(mini.access(hash(777))).isTrue();
  }

  @Test
  void by_the_first_rule_what_was_used_in_the_window_goes_round_and_then_to_main() {
    Fed mini = new Fed(100, LARGE_WINDOW);
    hits(mini, 0, 200);
    mini.access(hash(777));
    mini.access(hash(777));
    hits(mini, 1_000, 1_300);
    assertThat(mini.access(hash(777))).isTrue();
  }

  @Test
  void by_the_second_rule_what_was_used_in_the_window_goes_to_main_and_the_rest_leaves() {
    Fed mini = new Fed(100, SECOND);
    hits(mini, 0, 200);
    mini.access(hash(777));
    mini.access(hash(778));
    mini.access(hash(777));
    hits(mini, 1_000, 1_300);
    assertThat(mini.access(hash(777))).isTrue();
    assertThat(mini.access(hash(778))).isFalse();
  }

  @Test
  void the_hand_passes_over_what_was_used() {
    Fed mini = new Fed(100, SECOND);
    hits(mini, 0, 200);
    int misses = 0;
    for (int key = 1_000; key < 2_000; key++) {
      misses += mini.access(hash(777)) ? 0 : 1;
      mini.access(hash(key));
      mini.access(hash(key)); // used, so it goes to main, and the hand looks for one that leaves
    }
    assertThat(misses).isEqualTo(1);
    assertThat(hits(mini, 1_000, 1_500)).isZero();
  }

  private static int hitsAfterChange(Duel.Answer answer) {
    Fed mini = new Fed(200, answer);
    for (int round = 0; round < 20; round++) {
      hits(mini, 0, 200);
    }
    Random random = new Random(1);
    int hits = 0;
    for (int i = 0; i < 2_000; i++) {
      int key = 50_000 + i / 4 - random.nextInt(40); // each key is asked for some times within a short while, then never again
      hits += mini.access(hash(key)) ? 1 : 0;
    }
    return hits;
  }

  private static int hits(Fed mini, int from, int to) {
    int hits = 0;
    for (int key = from; key < to; key++) {
      hits += mini.access(hash(key)) ? 1 : 0;
    }
    return hits;
  }

  /** A miniature cache and the sketch of what it is fed. */
  private static final class Fed {
    private final Sketch sketch;
    private final Mini mini;

    Fed(int capacity, Duel.Answer answer) {
      sketch = new Sketch(capacity);
      mini = new Mini(capacity, answer, sketch);
    }

    boolean access(int hash) {
      return mini.access(hash, mini.isHalfFull() ? sketch.increment(hash) : 0);
    }
  }

  private static int hash(int key) {
    return StrongCache.spread(key * 31) & Node.HASH;
  }
}
