package leaksafe.pool.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import leaksafe.Failure;
import leaksafe.Lease;
import leaksafe.Ticker;
import leaksafe.testing.FailsOnce;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/**
 * A ticker or a key fails the first, second, third ... time that a pool asks it for anything: somebody is told, and neither capacity nor an
 * object nor a key is lost. White-box: without the reaper, which would ask, too.
 */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class FailingAnswersTest {
  private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

  private final Parts parts = new Parts();
  private final List<Failure> failures = new ArrayList<>();

  private Settings<Parts.Part> settings(Ticker ticker) {
    return new Settings<>("parts", "here", parts::dispose, MINUTE, MINUTE, 0.5, MINUTE, false, 1, failures::add, leak -> {}, Runnable::run, ticker);
  }

  private void assertBalanced() {
    assertThat(parts.faults).isEmpty();
    assertThat(parts.disposed.get()).isEqualTo(parts.opened.get());
  }

  @Test
  void a_ticker_that_fails_at_any_moment_costs_neither_capacity_nor_an_object() throws Exception {
    Handlers<String, Parts.Part> handlers = new Handlers<>(key -> parts.open(), null, null);
    boolean failed = true;
    for (int moment = 1; failed; moment++) {
      FailsOnce ticker = new FailsOnce();
      PoolCore<Parts.Part> core = new PoolCore<>(settings(ticker), handlers, 1, 1);
      failed = ticker.failsAt(moment, failures, () -> {
        core.acquire(0).close(); // opened
        core.acquire(0).close(); // checked
        core.surplus.retireIdle();
        core.upkeep(0); // opened to keep the minimum
        core.upkeep(0);
      });
      assertThat(core.stats().leased()).as("after moment " + moment).isZero();
      core.acquire(0).close();
      assertThat(core.close(0)).isTrue();
      assertBalanced();
      assertThat(moment).isLessThan(100);
    }
    Reference.reachabilityFence(handlers);
  }

  @Test
  void a_key_that_fails_at_any_moment_costs_neither_room_nor_an_object_and_is_not_in_the_way_later() throws Exception {
    Handlers<FailsOnce, Parts.Part> handlers = new Handlers<>(key -> parts.open(), null, null);
    for (int way = 0; way < 4; way++) {
      boolean failed = true;
      for (int moment = 1; failed; moment++) {
        FailsOnce key = new FailsOnce();
        FailsOnce other = new FailsOnce();
        KeyedCore<FailsOnce, Parts.Part> core = new KeyedCore<>(settings(() -> 1), 1, 1);
        FailsOnce.Work<InterruptedException> acquire = () -> core.acquire(handlers, key, 0).close();
        FailsOnce.Work<InterruptedException> then = switch (way) {
          case 0 -> () -> core.clear(key);
          case 1 -> () -> core.acquire(handlers, other, 0).close();
          case 2 -> () -> core.resize(1, 1);
          default -> core::closeNow;
        };
        failed = key.failsAt(moment, failures, () -> {
          acquire.run();
          then.run();
        });
        if (!core.isClosed()) {
          try (Lease<Parts.Part> lease = core.acquire(handlers, other, 0)) {
            lease.get().use();
            assertThat(core.tryAcquire(handlers, key)).isNull();
          }
          acquire.run();
          assertThat(core.keys()).as("after moment " + moment + " of way " + way).isEqualTo(1);
        }
        assertThat(core.close(0)).isTrue();
        assertBalanced();
        assertThat(moment).isLessThan(100);
      }
    }
    Reference.reachabilityFence(handlers);
  }
}
