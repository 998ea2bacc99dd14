package leaksafe.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import java.util.function.Supplier;
import leaksafe.internal.CoarseClock;
import leaksafe.testing.Seeded;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * When values end on the coarse clock, that of every cache that asks for no other.
 *
 * <p>Its reading is no older than a tick. So what is to show is that no value is found once that reading has passed the end of its life, counted from the
 * system's time <em>after</em> the write or the use that gave it; and, counted from the reading before, that none is gone earlier. Both hold
 * however slow the machine is.
 */
@Timeout(60)
class CoarseExpiryTest {
  private static final int KEYS = 64;
  private static final int ENDS = 4; // of each key
  private static final Duration LIFE = Duration.ofMillis(100); // the shortest that is not measured exactly

  @Test
  void a_value_ends_a_lifetime_after_its_write() {
    check(() -> Cache.builder().expireAfterWrite(LIFE).build(), Kind.FIXED, false);
  }

  @Test
  void a_value_ends_a_lifetime_after_its_last_use() {
    check(() -> Cache.builder().expireAfterAccess(LIFE).build(), Kind.FIXED, true);
  }

  @Test
  void a_value_ends_when_the_expiry_of_its_entry_says() {
    check(() -> Cache.builder().expireAfter(Expiry.writing((Integer key, Integer millis) -> Duration.ofMillis(millis))).build(), Kind.OF_VALUE, false);
  }

  @Test
  void a_value_ends_when_the_expiry_that_was_asked_at_its_last_use_says() {
    check(() -> Cache.builder().expireAfter(Expiry.accessing((Integer key, Integer millis) -> Duration.ofMillis(millis))).build(), Kind.OF_VALUE, true);
  }

  @Test
  void a_value_ends_after_the_lifetime_that_it_was_put_with() {
    check(() -> Cache.builder().expireAfterWrite(Duration.ofHours(1)).build(), Kind.OF_PUT, false);
  }

  /** Whose lifetime counts: the cache's, that which its expiry takes from the value, or that of the put. */
  private enum Kind { FIXED, OF_VALUE, OF_PUT }

  /** A key, and between which times its value ends. */
  private static final class Key {
    final int number;
    Integer value; // null if it has none that is known to be alive
    long life;
    long earliest;
    long latest;
    int uses; // that may yet prolong its life
    int ends;

    Key(int number) {
      this.number = number;
    }

    void begin(long readingBefore) {
      earliest = readingBefore + life;
      latest = System.nanoTime() + life;
    }
  }

  private static void check(Supplier<Cache<Integer, Integer>> build, Kind kind, boolean prolongs) {
    Seeded.check(1, random -> {
      Cache<Integer, Integer> cache = build.get();
      Key[] keys = new Key[KEYS];
      for (int i = 0; i < KEYS; i++) {
        keys[i] = new Key(i);
      }
      for (int left = KEYS * ENDS; left > 0; ) {
        Key key = keys[random.nextInt(KEYS)];
        if (key.value == null) {
          if (random.nextInt(4) == 0) {
            put(cache, key, kind, random);
          }
        } else if (look(cache, key, prolongs) && ++key.ends <= ENDS) {
          left--;
        }
      }
    });
  }

  private static void put(Cache<Integer, Integer> cache, Key key, Kind kind, Random random) {
    key.value = 1 + random.nextInt(60);
    key.life = kind == Kind.FIXED ? LIFE.toNanos() : Duration.ofMillis(key.value).toNanos();
    key.uses = random.nextInt(4);
    long before = CoarseClock.read();
    if (kind == Kind.OF_PUT) {
      cache.put(key.number, key.value, Duration.ofNanos(key.life));
    } else {
      cache.put(key.number, key.value);
    }
    key.begin(before);
  }

  /** Looks a key up, as a use or quietly, and returns whether its value has ended. */
  private static boolean look(Cache<Integer, Integer> cache, Key key, boolean prolongs) {
    boolean uses = prolongs ? key.uses > 0 : key.number % 2 == 0;
    long before = CoarseClock.read();
    Integer found = uses ? cache.getIfPresent(key.number) : cache.policy().getIfPresentQuietly(key.number);
    if (found == null) {
      assertThat(CoarseClock.read()).as("the clock when the value was gone").isGreaterThanOrEqualTo(key.earliest);
      key.value = null;
      return true;
    }
    assertThat(found).isEqualTo(key.value);
    assertThat(before).as("the clock before the value was found").isLessThan(key.latest);
    if (uses) {
      key.uses--;
      if (prolongs) {
        key.begin(before);
      }
    }
    return false;
  }
}
