package leaksafe.pool.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.ref.Reference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import leaksafe.AcquireTimeoutException;
import leaksafe.Lease;
import leaksafe.pool.PoolStats;
import leaksafe.testing.ManualTicker;
import leaksafe.testing.Seeded;
import org.junit.jupiter.api.Test;

/** One thread, random calls for few keys, and beside the pool a model: the leases and the number of idle objects of each key. */
class KeyedPoolModelTest {
  private static final int KEYS = 5;

  private final Map<Integer, List<Lease<Parts.Part>>> held = new HashMap<>();
  private final Map<Integer, Integer> idle = new HashMap<>();

  @Test
  void the_pool_does_what_the_model_does() {
    Seeded.check(100, this::run);
  }

  private int all(Map<Integer, Integer> counts) {
    return counts.values().stream().mapToInt(Integer::intValue).sum();
  }

  private int leased() {
    return held.values().stream().mapToInt(List::size).sum();
  }

  private void run(Random random) throws Exception {
    held.clear();
    idle.clear();
    for (int key = 0; key < KEYS; key++) {
      held.put(key, new ArrayList<>());
      idle.put(key, 0);
    }
    Parts parts = new Parts();
    ManualTicker ticker = new ManualTicker();
    int perKey = 1 + random.nextInt(3);
    int total = perKey + random.nextInt(4);
    Handlers<Integer, Parts.Part> handlers =
        new Handlers<>(key -> parts.open(), null, random.nextBoolean() ? Parts.Part::use : null);
    KeyedCore<Integer, Parts.Part> core = new KeyedCore<>(new Settings<>("parts", "here", parts::dispose, Settings.NEVER, Settings.NEVER, 0,
        Settings.NEVER, false, random.nextInt(4), failure -> {}, leak -> {}, Runnable::run, ticker), perKey, total);
    List<Lease<Parts.Part>> closed = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      int key = random.nextInt(KEYS);
      switch (random.nextInt(9)) {
        case 0, 1, 2, 3 -> acquire(random, core, handlers, key, perKey, total);
        case 4, 5 -> {
          if (!held.get(key).isEmpty()) {
            Lease<Parts.Part> lease = held.get(key).remove(random.nextInt(held.get(key).size()));
            int withIt = leased() + 1 + all(idle);
            int ofKey = held.get(key).size() + 1 + idle.get(key);
            lease.close();
            closed.add(lease);
            if (withIt <= total && ofKey <= perKey) {
              idle.merge(key, 1, Integer::sum);
            }
          }
        }
        case 6 -> {
          closed.forEach(Lease::close);
          ticker.advance(Duration.ofMillis(random.nextInt(1000)));
          core.work(0);
        }
        case 7 -> {
          core.clear(key);
          idle.put(key, 0);
        }
        default -> {
          perKey = 1 + random.nextInt(3);
          total = perKey + random.nextInt(4);
          core.resize(perKey, total);
          adoptIdle(core, perKey, total);
        }
      }
      PoolStats stats = core.stats();
      assertThat(stats.leased()).isEqualTo(leased());
      assertThat(stats.idle()).isEqualTo(all(idle));
      assertThat(stats.waiting()).isZero();
      assertThat(stats.opened() - stats.disposed()).isEqualTo(leased() + all(idle));
      int keys = 0;
      for (int each = 0; each < KEYS; each++) {
        PoolStats its = core.stats(each);
        boolean there = held.get(each).size() + idle.get(each) > 0;
        keys += there ? 1 : 0;
        assertThat(its != null).isEqualTo(there);
        assertThat(its == null ? 0 : its.idle()).isEqualTo(idle.get(each));
      }
      assertThat(core.keys()).isEqualTo(keys);
      assertThat(held.values()).allSatisfy(leases -> assertThat(leases).allMatch(lease -> !lease.isClosed()));
      assertThat(closed).allMatch(Lease::isClosed);
    }
    long acquired = core.stats().acquired();
    core.closeNow();
    held.values().forEach(leases -> leases.forEach(Lease::close));
    assertThat(core.keys()).isZero();
    assertThat(core.stats().acquired()).isEqualTo(acquired).isEqualTo(closed.size() + leased());
    assertThat(core.close(0)).isTrue();
    assertThat(parts.faults).isEmpty();
    assertThat(parts.disposed.get()).isEqualTo(parts.opened.get());
    Reference.reachabilityFence(handlers);
  }

  private void acquire(Random random, KeyedCore<Integer, Parts.Part> core, Handlers<Integer, Parts.Part> handlers, int key, int perKey,
      int total) throws Exception {
    int ofKey = held.get(key).size() + idle.get(key);
    boolean another = idle.get(key) == 0;
    boolean evicts = leased() + all(idle) >= total;
    if (another && (ofKey >= perKey || (evicts && all(idle) == 0) || leased() + all(idle) > total)) {
      assertThat(core.tryAcquire(handlers, key)).isNull();
      assertThatThrownBy(() -> core.acquire(handlers, key, 0)).isInstanceOf(AcquireTimeoutException.class)
          .hasMessageContaining("for key " + key + " with ");
      return;
    }
    Lease<Parts.Part> lease = random.nextBoolean() ? core.tryAcquire(handlers, key) : core.acquire(handlers, key, 0);
    assertThat(lease).isNotNull();
    lease.get().use();
    held.get(key).add(lease);
    if (!another) {
      idle.merge(key, -1, Integer::sum);
    } else if (evicts) {
      int victims = 0;
      for (int each = 0; each < KEYS; each++) { // which one the pool chose is what the last look of the upkeep told it
        PoolStats its = core.stats(each);
        int now = its == null ? 0 : its.idle();
        victims += idle.get(each) - now;
        assertThat(idle.get(each) - now).isBetween(0, each == key ? 0 : 1);
        idle.put(each, now);
      }
      assertThat(victims).isEqualTo(1);
    }
  }

  /** Which idle objects a smaller pool keeps is the pool's choice; the bounds are not. */
  private void adoptIdle(KeyedCore<Integer, Parts.Part> core, int perKey, int total) {
    int before = all(idle);
    int most = 0;
    for (int each = 0; each < KEYS; each++) {
      PoolStats its = core.stats(each);
      int now = its == null ? 0 : its.idle();
      int room = Math.max(0, Math.min(idle.get(each), perKey - held.get(each).size()));
      assertThat(now).isLessThanOrEqualTo(room);
      most += room;
      idle.put(each, now);
    }
    assertThat(all(idle)).isLessThanOrEqualTo(before).isEqualTo(Math.max(0, Math.min(most, total - leased())));
  }

  @Test
  void of_the_other_keys_objects_the_one_that_is_idle_for_longest_gives_way_and_its_key_goes() throws Exception {
    Parts parts = new Parts();
    ManualTicker ticker = new ManualTicker();
    Handlers<String, Parts.Part> handlers = new Handlers<>(key -> parts.open(), null, null);
    KeyedCore<String, Parts.Part> core = new KeyedCore<>(new Settings<>("parts", "here", parts::dispose, Settings.NEVER, Settings.NEVER, 0,
        Settings.NEVER, false, 0, failure -> {}, leak -> {}, Runnable::run, ticker), 1, 3);
    for (String key : List.of("first", "second", "third")) {
      core.acquire(handlers, key, 0).close();
    }
    core.work(0);
    ticker.advance(Duration.ofSeconds(1));
    core.acquire(handlers, "first", 0).close();
    core.acquire(handlers, "third", 0).close();
    core.work(0);
    ticker.advance(Duration.ofSeconds(1));
    core.acquire(handlers, "third", 0).close();
    core.work(0);
    core.acquire(handlers, "fourth", 0).close();
    assertThat(core.stats("second")).isNull();
    core.acquire(handlers, "fifth", 0).close();
    assertThat(core.stats("first")).isNull();
    assertThat(core.stats("third")).isNotNull();
    assertThat(core.keys()).isEqualTo(3);
    assertThat(parts.disposed).hasValue(2);
    Reference.reachabilityFence(handlers);
  }
}
