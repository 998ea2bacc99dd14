package leaksafe.pool.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.Reference;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import leaksafe.Lease;
import leaksafe.testing.Gc;
import leaksafe.testing.ManualTicker;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who is next where threads with different keys wait for room. White-box: it has to know who stands in which line before it goes on. */
@Timeout(60)
class KeyedFairnessTest {
  private static final long LONG = TimeUnit.MINUTES.toNanos(5); // who is not told gets nothing, and the test fails before that

  private final Parts parts = new Parts();
  private final Handlers<String, Parts.Part> handlers = new Handlers<>(key -> parts.open(), null, null);

  private KeyedCore<String, Parts.Part> core(int perKey, int total) {
    return new KeyedCore<>(new Settings<>("parts", "here", parts::dispose, Settings.NEVER, Settings.NEVER, 0, Settings.NEVER, false, 0,
        failure -> {}, leak -> {}, Runnable::run, new ManualTicker()), perKey, total);
  }

  private CompletableFuture<Lease<Parts.Part>> acquireLater(KeyedCore<String, Parts.Part> core, String key) {
    return CompletableFuture.supplyAsync(() -> {
      try {
        return core.acquire(handlers, key, LONG);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }, task -> new Thread(task).start());
  }

  private static void awaitWaiting(KeyedCore<String, Parts.Part> core, int waiting, int forRoom) {
    Gc.awaitWithoutGc(waiting + " waiting, " + forRoom + " of them for room",
        () -> core.stats().waiting() == waiting && core.total.length() == forRoom);
  }

  private static Lease<Parts.Part> get(CompletableFuture<Lease<Parts.Part>> later) throws Exception {
    return later.get(30, TimeUnit.SECONDS);
  }

  @Test
  void threads_with_different_keys_get_room_in_the_order_in_which_they_came() throws Exception {
    KeyedCore<String, Parts.Part> core = core(1, 1);
    Lease<Parts.Part> lease = core.acquire(handlers, "a", 0);
    CompletableFuture<Lease<Parts.Part>> b = acquireLater(core, "b");
    awaitWaiting(core, 1, 1);
    CompletableFuture<Lease<Parts.Part>> c = acquireLater(core, "c");
    awaitWaiting(core, 2, 2);
    CompletableFuture<Lease<Parts.Part>> a = acquireLater(core, "a"); // waits for the object of its own key
    awaitWaiting(core, 3, 2);
    Thread.sleep(3); // all of them may be passed over for a millisecond
    lease.close();
    Lease<Parts.Part> first = get(b);
    awaitWaiting(core, 2, 2);
    assertThat(c).isNotDone();
    assertThat(a).isNotDone();
    first.close();
    Lease<Parts.Part> second = get(c);
    awaitWaiting(core, 1, 1);
    assertThat(a).isNotDone();
    second.close();
    get(a).close();
    assertThat(core.total.length()).isZero();
    assertThat(core.keys()).isEqualTo(1);
    assertThat(parts.mostPresent).hasValue(1);
    assertThat(parts.faults).isEmpty();
    Reference.reachabilityFence(handlers);
  }

  @Test
  void who_waits_longer_for_his_own_keys_object_is_served_before_who_waits_for_room() throws Exception {
    KeyedCore<String, Parts.Part> core = core(1, 1);
    Lease<Parts.Part> lease = core.acquire(handlers, "a", 0);
    CompletableFuture<Lease<Parts.Part>> a = acquireLater(core, "a");
    awaitWaiting(core, 1, 0);
    CompletableFuture<Lease<Parts.Part>> b = acquireLater(core, "b");
    awaitWaiting(core, 2, 1);
    Thread.sleep(3);
    lease.close();
    Lease<Parts.Part> first = get(a);
    assertThat(b).isNotDone();
    assertThat(parts.opened).hasValue(1);
    first.close();
    get(b).close();
    assertThat(parts.opened).hasValue(2);
    assertThat(core.total.length()).isZero();
    Reference.reachabilityFence(handlers);
  }
}
