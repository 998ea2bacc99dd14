package leaksafe.memo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import leaksafe.cache.Cache;
import leaksafe.testing.ManualTicker;
import leaksafe.testing.Seeded;
import org.junit.jupiter.api.Test;

/** A memo that evicts nothing is a map of results, nulls and failures, each with the number of the call that made it. */
class MemoModelTest {

  @Test
  void a_memo_behaves_as_a_map_of_results_nulls_and_failures() {
    Seeded.check(60, MemoModelTest::run);
  }

  private static void run(Random random) {
    ManualTicker ticker = new ManualTicker();
    boolean nulls = random.nextBoolean();
    boolean failures = random.nextBoolean();
    int[] calls = new int[1];
    MemoBuilder<Object, Object> builder = Memo.builder(
        Cache.builder().maximumSize(100).expireAfterWrite(Duration.ofHours(1)).ticker(ticker));
    if (nulls) {
      builder.cacheNulls();
    }
    if (failures) {
      builder.cacheFailures(Duration.ofMinutes(1));
    }
    Memo<Integer, String> memo = Memo.of(key -> {
      calls[0]++;
      if (key % 3 == 1) {
        return null;
      }
      if (key % 3 == 2) {
        throw new IllegalArgumentException("call " + calls[0]);
      }
      return "call " + calls[0];
    }, builder);
    Map<Integer, String> known = new HashMap<>();
    Map<Integer, Long> knownAt = new HashMap<>();
    long hits = 0;
    long now = 0;
    for (int step = 0; step < 300; step++) {
      int key = random.nextInt(12);
      switch (random.nextInt(12)) {
        case 0 -> {
          memo.invalidate(key);
          known.remove(key);
        }
        case 1 -> {
          memo.clear();
          known.clear();
        }
        case 2 -> {
          int seconds = random.nextInt(4000);
          now += seconds;
          ticker.advance(Duration.ofSeconds(seconds));
          long time = now;
          known.keySet().removeIf(k -> time - knownAt.get(k) >= (k % 3 == 2 ? 60 : 3600));
        }
        default -> {
          boolean remembered = known.containsKey(key);
          hits += remembered ? 1 : 0;
          int before = calls[0];
          String expected = remembered ? known.get(key) : "call " + (before + 1);
          if (key % 3 == 1) {
            assertThat(memo.apply(key)).isNull();
          } else if (key % 3 == 2) {
            assertThatThrownBy(() -> memo.apply(key)).isInstanceOf(IllegalArgumentException.class).hasMessage(expected);
          } else {
            assertThat(memo.apply(key)).isEqualTo(expected);
          }
          assertThat(calls[0]).isEqualTo(remembered ? before : before + 1);
          if (!remembered && (key % 3 == 0 || key % 3 == 1 && nulls || key % 3 == 2 && failures)) {
            known.put(key, expected);
            knownAt.put(key, now);
          }
        }
      }
      memo.cleanUp();
      assertThat(memo.info().size()).isEqualTo(known.size());
      assertThat(memo.info().hits()).isEqualTo(hits);
      assertThat(memo.info().misses()).isEqualTo(calls[0]);
    }
  }
}
