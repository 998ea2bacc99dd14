package leaksafe.pool.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import leaksafe.Lease;
import leaksafe.testing.Gc;
import leaksafe.testing.ManualTicker;
import org.junit.jupiter.api.Test;

/** Whose idle object gives way, and how many lines a pool with many keys captures. White-box: time stands still, and rounds are done by hand. */
class VictimsTest {
  private final Parts parts = new Parts();
  private final ManualTicker ticker = new ManualTicker();
  private final Handlers<Object, Parts.Part> handlers = new Handlers<>(key -> parts.open(), null, null); // a field, since cores hold it weakly
  private final Victims<Parts.Part> victims = new Victims<>();
  private final Map<String, PoolCore<Parts.Part>> shares = new TreeMap<>();

  private KeyedCore<Object, Parts.Part> core(int total, int sampleOneIn) {
    return new KeyedCore<>(new Settings<>("parts", "here", parts::dispose, Settings.NEVER, Settings.NEVER, 0, Settings.NEVER, false, sampleOneIn,
        failure -> {}, leak -> {}, Runnable::run, ticker), 4, total);
  }

  /** Makes shares with one idle object each, of which each was idle a second before the next. */
  private void idle(KeyedCore<Object, Parts.Part> core, String... keys) throws InterruptedException {
    for (String key : keys) {
      PoolCore<Parts.Part> share = new PoolCore<>(core.settings, new Source<>(key, handlers), core, 0, 4);
      shares.put(key, share);
      share.acquire(0).close();
      share.upkeep(0);
      ticker.advance(Duration.ofSeconds(1));
    }
  }

  private String claim(String except, long since) {
    Slot<Parts.Part> slot = victims.claim(shares.values(), shares.get(except), since);
    return slot == null ? "none" : (String) slot.core.key();
  }

  @Test
  void objects_give_way_in_the_order_in_which_they_became_idle_but_for_those_in_use_and_the_keys_own() throws Exception {
    idle(core(9, 0), "d", "c", "b", "a");
    assertThat(claim("c", System.nanoTime())).isEqualTo("d");
    Lease<Parts.Part> lease = shares.get("b").acquire(0);
    assertThat(claim("c", System.nanoTime())).isEqualTo("a");
    assertThat(claim("c", System.nanoTime())).isEqualTo("none");
    lease.close(); // after the others were put in order
    assertThat(claim("c", System.nanoTime())).isEqualTo("b");
    assertThat(claim("b", System.nanoTime())).isEqualTo("c");
    assertThat(claim("b", System.nanoTime())).isEqualTo("none");
  }

  @Test
  void what_was_used_after_it_was_put_in_order_is_the_youngest() throws Exception {
    idle(core(9, 0), "a", "b", "c", "d", "another");
    assertThat(claim("another", System.nanoTime())).isEqualTo("a");
    shares.get("b").acquire(0).close();
    assertThat(claim("another", System.nanoTime())).isEqualTo("c");
    assertThat(claim("another", System.nanoTime())).isEqualTo("d");
    assertThat(claim("another", System.nanoTime())).isEqualTo("b");
  }

  @Test
  void the_object_of_a_key_for_which_somebody_has_waited_longer_does_not_give_way() throws Exception {
    idle(core(9, 0), "a", "b", "c");
    Line.Waiter waiter = new Line.Waiter();
    assertThat(shares.get("a").line.enter(waiter)).isTrue();
    assertThat(claim("c", waiter.since + 1)).isEqualTo("b");
    assertThat(claim("c", waiter.since + 1)).isEqualTo("none");
    assertThat(claim("c", waiter.since - 1)).isEqualTo("a");
  }

  @Test
  void what_was_put_in_order_holds_a_key_that_is_gone_no_longer_than_to_the_next_round() throws Exception {
    KeyedCore<Object, Parts.Part> core = core(3, 0);
    List<WeakReference<Object>> gone = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Object key = new Object();
      gone.add(new WeakReference<>(key));
      core.acquire(handlers, key, 0).close();
    }
    core.acquire(handlers, "one more", 0).close(); // evicts one of them, and knows the other two
    for (WeakReference<Object> reference : gone) {
      Object key = reference.get();
      if (key != null) {
        core.clear(key);
      }
    }
    assertThat(core.keys()).isOne();
    core.work(0);
    Gc.awaitCleared(gone);
    Reference.reachabilityFence(core);
  }

  @Test
  void all_keys_share_one_budget_of_captured_lines_but_for_those_that_leaked() throws Exception {
    KeyedCore<Object, Parts.Part> core = core(1000, 2);
    assertThat(captures(core, "")).isEqualTo(64);
    assertThat(captures(core, "")).isZero();
    core.work(0);
    assertThat(captures(core, "")).isEqualTo(64);
    PooledLease<Parts.Part> leaky = (PooledLease<Parts.Part>) core.acquire(handlers, "leaky", 0);
    leaky.slot().core.sites.alarm(leaky.slot().core.slots.all());
    leaky.close();
    assertThat(captures(core, "leaky")).isEqualTo(64);
    assertThat(captures(core, "")).isZero();
  }

  /** Takes and gives back an object, of that key or of many keys in turn, and returns how many of these lines were captured. */
  private int captures(KeyedCore<Object, Parts.Part> core, String key) throws InterruptedException {
    int captured = 0;
    for (int i = 0; i < 1000; i++) {
      PooledLease<Parts.Part> lease = (PooledLease<Parts.Part>) core.acquire(handlers, key.isEmpty() ? i % 100 : key, 0);
      captured += lease.slot().site(lease.stamp) == null ? 0 : 1;
      lease.close();
    }
    return captured;
  }
}
