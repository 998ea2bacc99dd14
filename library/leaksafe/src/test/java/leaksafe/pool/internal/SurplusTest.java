package leaksafe.pool.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import leaksafe.Lease;
import org.junit.jupiter.api.Test;

/**
 * Who closes a pool or lowers its bounds finds the idle objects disposed of. The disposer does a round of the upkeep each time, so that it comes in
 * between at every step, and the executor never runs what it is given.
 */
class SurplusTest {
  private final Parts parts = new Parts();
  private final List<Runnable> tasks = new ArrayList<>();
  private final Handlers<String, Parts.Part> handlers = new Handlers<>(key -> parts.open(), null, null); // a field, since cores hold it weakly
  private Runnable round = () -> {};

  private final Settings<Parts.Part> settings = new Settings<>("parts", "here", part -> {
    parts.dispose(part);
    round.run();
  }, Settings.NEVER, Settings.NEVER, 0, Settings.NEVER, false, 0, failure -> {}, leak -> {}, tasks::add, () -> 1);

  private PoolCore<Parts.Part> poolOf(int idle) throws InterruptedException {
    PoolCore<Parts.Part> core = new PoolCore<>(settings, handlers, 0, idle);
    List<Lease<Parts.Part>> leases = new ArrayList<>();
    for (int i = 0; i < idle; i++) {
      leases.add(core.acquire(0));
    }
    leases.forEach(Lease::close);
    round = () -> core.upkeep(0);
    return core;
  }

  private KeyedCore<String, Parts.Part> poolOf(String... idle) throws InterruptedException {
    KeyedCore<String, Parts.Part> core = new KeyedCore<>(settings, 2, idle.length);
    List<Lease<Parts.Part>> leases = new ArrayList<>();
    for (String key : idle) {
      leases.add(core.acquire(handlers, key, 0));
    }
    leases.forEach(Lease::close);
    round = () -> core.work(0);
    return core;
  }

  private void assertDisposedOf(int count) {
    assertThat(parts.disposed).hasValue(count);
    assertThat(tasks).isEmpty();
  }

  @Test
  void a_pool_that_is_closed() throws Exception {
    assertThat(poolOf(4).close(0)).isTrue();
    assertDisposedOf(4);
  }

  @Test
  void a_pool_that_is_resized() throws Exception {
    PoolCore<Parts.Part> core = poolOf(4);
    core.resize(0, 1);
    assertDisposedOf(3);
    core.resize(0, 1);
    core.upkeep(0);
    assertDisposedOf(3);
    assertThat(core.stats().idle()).isEqualTo(1);
  }

  @Test
  void a_pool_with_keys_that_is_closed() throws Exception {
    assertThat(poolOf("a", "a", "b", "c", "c").close(0)).isTrue();
    assertDisposedOf(5);
  }

  @Test
  void a_pool_with_keys_that_is_resized() throws Exception {
    KeyedCore<String, Parts.Part> core = poolOf("a", "a", "b", "c", "c");
    core.resize(1, 2);
    assertDisposedOf(3);
    assertThat(core.stats().idle()).isEqualTo(2);
  }

  @Test
  void after_a_sweep_whose_disposer_failed_the_upkeep_looks_after_the_rest_as_ever() throws Exception {
    PoolCore<Parts.Part> core = poolOf(2);
    Lease<Parts.Part> lease = core.acquire(0);
    round = () -> {
      throw new IllegalStateException("on purpose");
    };
    core.closeNow();
    Parts.closeUnseen(lease);
    core.upkeep(0);
    assertThat(tasks).hasSize(1);
    tasks.get(0).run();
    assertThat(parts.disposed).hasValue(2);
    assertThat(core.close(0)).isTrue();
  }
}
