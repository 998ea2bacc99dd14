package leaksafe.pool.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import leaksafe.AcquireTimeoutException;
import leaksafe.Lease;
import leaksafe.pool.PoolStats;
import leaksafe.testing.ManualTicker;
import leaksafe.testing.Seeded;
import org.junit.jupiter.api.Test;

/** One thread, random calls, and beside the pool a model: the list of leases, the number of idle objects, the bounds. */
class PoolModelTest {

  @Test
  void the_pool_does_what_the_model_does() {
    Seeded.check(200, this::run);
  }

  private void run(Random random) throws Exception {
    Parts parts = new Parts();
    int maximum = 1 + random.nextInt(6);
    Handlers<String, Parts.Part> handlers = new Handlers<>(key -> parts.open(), null, random.nextBoolean() ? Parts.Part::use : null);
    PoolCore<Parts.Part> core = new PoolCore<>(new Settings<>("parts", "here", parts::dispose, Settings.NEVER, Settings.NEVER, 0,
        Settings.NEVER, false, random.nextInt(4), failure -> {}, leak -> {}, Runnable::run, new ManualTicker()), handlers, 0, maximum);
    List<Lease<Parts.Part>> held = new ArrayList<>();
    List<Lease<Parts.Part>> closed = new ArrayList<>();
    int idle = 0;
    for (int i = 0; i < 300; i++) {
      switch (random.nextInt(8)) {
        case 0, 1, 2 -> {
          if (idle > 0 || held.size() < maximum) {
            Lease<Parts.Part> lease = random.nextBoolean() ? core.tryAcquire() : core.acquire(0);
            assertThat(lease).isNotNull();
            lease.get().use();
            held.add(lease);
            idle = Math.max(0, idle - 1);
          } else {
            assertThat(core.tryAcquire()).isNull();
            assertThatThrownBy(() -> core.acquire(0)).isInstanceOf(AcquireTimeoutException.class);
          }
        }
        case 3, 4 -> {
          if (!held.isEmpty()) {
            Lease<Parts.Part> lease = held.remove(random.nextInt(held.size()));
            lease.close();
            closed.add(lease);
            if (held.size() + 1 + idle <= maximum) {
              idle++;
            }
          }
        }
        case 5 -> closed.forEach(Lease::close);
        case 6 -> core.upkeep(0);
        default -> {
          maximum = 1 + random.nextInt(6);
          core.resize(0, maximum);
          idle = Math.max(0, Math.min(idle, maximum - held.size()));
        }
      }
      PoolStats stats = core.stats();
      assertThat(stats.leased()).isEqualTo(held.size());
      assertThat(stats.idle()).isEqualTo(idle);
      assertThat(stats.waiting()).isZero();
      assertThat(stats.opened() - stats.disposed()).isEqualTo(held.size() + idle);
      assertThat(held).allMatch(lease -> !lease.isClosed());
      assertThat(closed).allMatch(Lease::isClosed);
      assertThat(held.stream().map(Lease::get).distinct().count()).isEqualTo(held.size());
    }
    core.closeNow();
    held.forEach(Lease::close);
    assertThat(parts.faults).isEmpty();
    assertThat(parts.disposed.get()).isEqualTo(parts.opened.get());
    Reference.reachabilityFence(handlers);
  }
}
