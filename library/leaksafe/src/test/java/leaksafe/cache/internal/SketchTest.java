package leaksafe.cache.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import leaksafe.testing.Seeded;
import org.junit.jupiter.api.Test;

class SketchTest {

  @Test
  void it_never_counts_too_little_and_seldom_too_much() {
    Seeded.check(20, random -> {
      int entries = 1 + random.nextInt(2_000);
      Sketch sketch = new Sketch(entries);
      Map<Integer, Integer> truth = new HashMap<>();
      for (int i = 0; i < 3 * entries; i++) { // less than it takes to fade
        int hash = random.nextInt(1 + entries) * 0x9E37_79B9 & Node.HASH;
        int before = sketch.increment(hash);
        assertThat(before).isGreaterThanOrEqualTo(Math.min(Sketch.MOST, truth.getOrDefault(hash, 0)));
        truth.merge(hash, 1, Integer::sum);
      }
      int tooMuch = 0;
      for (Map.Entry<Integer, Integer> entry : truth.entrySet()) {
        int estimate = sketch.frequency(entry.getKey());
        assertThat(estimate).isBetween(Math.min(Sketch.MOST, entry.getValue()), Sketch.MOST);
        tooMuch += estimate > entry.getValue() ? 1 : 0;
      }
      assertThat(tooMuch).isLessThanOrEqualTo(truth.size() / 5 + 2);
    });
  }

  @Test
  void the_past_fades() {
    Sketch sketch = new Sketch(100);
    int hot = 4242 << 3;
    for (int i = 0; i < 100; i++) {
      sketch.increment(hot);
    }
    assertThat(sketch.frequency(hot)).isEqualTo(Sketch.MOST);
    int least = Sketch.MOST;
    for (int i = 0; i < 100 * 7 * 10; i++) {
      sketch.increment(i * 0x9E37_79B9 & Node.HASH);
      least = Math.min(least, sketch.frequency(hot));
    }
    assertThat(least).as("what is left of the hot one's %s", Sketch.MOST).isLessThanOrEqualTo(Sketch.MOST / 2);
  }

  @Test
  void the_flags_of_a_hash_do_not_matter() {
    Sketch sketch = new Sketch(64);
    sketch.increment(0x1234_5678);
    assertThat(sketch.frequency(0x1234_5678 | Node.USED | Node.WINDOW | Node.MARK)).isEqualTo(1);
  }
}
