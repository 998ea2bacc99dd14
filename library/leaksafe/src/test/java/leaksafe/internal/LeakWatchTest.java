package leaksafe.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import leaksafe.Leak;
import leaksafe.pool.Pool;
import leaksafe.resource.Scope;
import leaksafe.resource.Tracker;
import leaksafe.testing.Gc;
import org.junit.jupiter.api.Test;

class LeakWatchTest {

  @Test
  void a_watch_hears_of_what_was_dropped_although_others_are_told_until_it_is_closed() throws Exception {
    Queue<String> heard = new ConcurrentLinkedQueue<>();
    Queue<String> closed = new ConcurrentLinkedQueue<>();
    Queue<Leak> told = new ConcurrentLinkedQueue<>();
    LeakWatch early = LeakWatch.open(leak -> closed.add(leak.container()));
    early.close();
    early.close();
    LeakWatch watch = LeakWatch.open(leak -> heard.add(leak.kind() + " of " + leak.what() + " of " + leak.container()));
    Tracker<Object> tracker = Tracker.<Object>builder("watched").leakListener(told::add).build();
    try (Pool<Object> pool = Pool.builder(Object::new).name("watched").size(0, 4).leakListener(told::add).build()) {
      tracker.track(new Object());
      Scope.named("watched scope").leakListener(told::add).open();
      pool.acquire(Duration.ofSeconds(10));
      Gc.await("all are found", () -> told.size() == 3);
      assertThat(heard).anyMatch(text -> text.startsWith("resource of java.lang.Object of watched"))
          .anyMatch(text -> text.startsWith("lease of java.lang.Object of watched")).anyMatch(text -> text.startsWith("scope of watched scope"));
      assertThat(closed).isEmpty();
    } finally {
      watch.close();
    }
  }
}
