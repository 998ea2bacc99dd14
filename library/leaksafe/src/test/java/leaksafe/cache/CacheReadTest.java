package leaksafe.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import leaksafe.testing.AccessWatch;
import org.junit.jupiter.api.Test;

/** What a read writes and whether it asks for the time, noted in a copy of the library that tells. */
class CacheReadTest {
  private static final Duration LONG = Duration.ofHours(1);
  private static final List<String> NOTHING = List.of();

  @Test
  void a_hit_writes_one_bit_once_and_asks_no_clock() throws Exception {
    AccessWatch.watch(Reading.class);
  }

  /** Reads of each kind of cache. */
  public static final class Reading implements Runnable {

    private static Map<String, CacheBuilder<Object, Object>> builders() {
      Map<String, CacheBuilder<Object, Object>> all = new LinkedHashMap<>();
      all.put("size", Cache.builder().maximumSize(1000));
      all.put("weight", Cache.builder().maximumWeight(3000).weigher((key, value) -> 3));
      all.put("FIFO", Cache.builder().maximumSize(1000).eviction(Eviction.FIFO));
      all.put("write", Cache.builder().maximumSize(1000).expireAfterWrite(LONG));
      all.put("variable", Cache.builder().maximumSize(1000).expireAfter(Expiry.writing((key, value) -> LONG)));
      all.put("weak keys", Cache.builder().maximumSize(1000).weakKeys());
      all.put("weak values", Cache.builder().maximumSize(1000).weakValues());
      all.put("refreshing", Cache.builder().maximumSize(1000).refreshAfterWrite(LONG, key -> key));
      all.put("groups", Cache.builder().maximumSize(1000).groups((key, value) -> List.of("group")));
      all.put("budget", Cache.builder().budget(Budget.ofWeight(1000)));
      all.put("listener", Cache.builder().maximumSize(1000).removalListener((key, value, cause) -> { }));
      return all;
    }

    @Override
    public void run() {
      builders().forEach((kind, builder) -> {
        Cache<Object, Object> cache = builder.build();
        Object[] keys = new Object[100]; // fewer than half: nothing is learned yet
        for (int i = 0; i < keys.length; i++) {
          keys[i] = "key " + i;
          cache.put(keys[i], keys[i]);
        }
        for (Object key : keys) {
          AccessWatch.Notes first = AccessWatch.of(() -> cache.getIfPresent(key));
          int most = kind.equals("refreshing") ? 2 : 1; // it also notes for its reloads ahead of time that the entry is read
          assertThat(first.writes()).as(kind + ", the first hit").hasSizeLessThanOrEqualTo(most);
          assertThat(first.clocks()).as(kind + ", the first hit").isEmpty();
          AccessWatch.Notes second = AccessWatch.of(() -> cache.getIfPresent(key));
          assertThat(second).as(kind + ", the second hit").isEqualTo(new AccessWatch.Notes(NOTHING, NOTHING));
        }
        assertThat(AccessWatch.of(() -> cache.getIfPresent("absent"))).as(kind + ", a miss").isEqualTo(new AccessWatch.Notes(NOTHING, NOTHING));
      });
      assertThatWhatWritesAndAsksIsNoted();
    }

    /** Or the test would pass with notes that nobody takes. */
    private static void assertThatWhatWritesAndAsksIsNoted() {
      Cache<Object, Object> exact = Cache.builder().expireAfterAccess(LONG).exactClock().build();
      assertThat(AccessWatch.of(() -> exact.put("key", "value")).writes()).hasSizeGreaterThan(1);
      assertThat(AccessWatch.of(() -> exact.getIfPresent("key")).clocks()).hasSize(1);
      Cache<Object, Object> used = Cache.builder().maximumSize(1000).build();
      used.put("key", "value");
      assertThat(AccessWatch.of(() -> used.getIfPresent("key")).writes()).hasSize(1);
    }
  }

  @Test
  void of_a_full_cache_a_hit_writes_besides_what_the_duel_samples_one_bit_once() throws Exception {
    AccessWatch.watch(ReadingFull.class);
  }

  /** Reads a full cache, of which the duel simulates one in many keys. */
  public static final class ReadingFull implements Runnable {
    private static final int MAXIMUM = 10_000;

    @Override
    public void run() {
      Cache<Integer, Integer> cache = Cache.builder().maximumSize(MAXIMUM).build();
      for (int i = 0; i < 2 * MAXIMUM; i++) {
        cache.put(i, i);
      }
      int hits = 0;
      int sampled = 0;
      for (int i = 0; i < 2 * MAXIMUM; i++) {
        Integer key = i;
        Object[] found = new Object[1];
        AccessWatch.Notes notes = AccessWatch.of(() -> found[0] = cache.getIfPresent(key));
        assertThat(notes.clocks()).isEmpty();
        int writes = notes.writes().size() - 1; // the test's own, of what it found
        hits += found[0] != null ? 1 : 0;
        if (writes > 1) {
          assertThat(notes.writes()).anyMatch(where -> where.endsWith(".Duel"));
          sampled++;
        }
        assertThat(AccessWatch.of(() -> cache.getIfPresent(key)).writes()).isEmpty();
      }
      assertThat(hits).isEqualTo(MAXIMUM);
      assertThat(sampled).as("hits that the duel is fed with").isBetween(1, MAXIMUM / 20);
    }
  }
}
