package leaksafe.cache.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import leaksafe.testing.Seeded;
import org.junit.jupiter.api.Test;

class RingTest {

  @Test
  void it_is_a_queue() {
    Seeded.check(50, random -> {
      Ring ring = new Ring();
      Deque<Integer> model = new ArrayDeque<>();
      for (int i = 0; i < 2_000; i++) {
        if (random.nextInt(20) == 0) {
          // Keeps every second one, as a compaction that finds the others stale.
          int[] kept = new int[ring.size()];
          int count = 0;
          for (int at = 0; at < ring.size(); at += 2) {
            kept[count++] = ring.get(at);
          }
          ring.assign(kept, count);
          model.clear();
          for (int at = 0; at < count; at++) {
            model.add(kept[at]);
          }
        } else if (random.nextInt(500) == 0) {
          ring.clear();
          model.clear();
        } else if (random.nextInt(5) < 3 && !ring.isFull()) {
          ring.push(i);
          model.add(i);
        } else if (!model.isEmpty()) {
          assertThat(ring.pop()).isEqualTo(model.remove());
        }
        assertThat(ring.size()).isEqualTo(model.size());
      }
      int at = 0;
      for (int hash : model) {
        assertThat(ring.get(at++)).isEqualTo(hash);
      }
    });
  }
}
