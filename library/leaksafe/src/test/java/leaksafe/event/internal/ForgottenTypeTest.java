package leaksafe.event.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import leaksafe.event.SubscribingApplication;
import leaksafe.testing.ApplicationLoader;
import leaksafe.testing.Gc;
import org.junit.jupiter.api.Test;

/** White-box: of a class that was collected, a bus keeps not even what it knew of it. */
class ForgottenTypeTest {

  @Test
  void what_a_bus_knew_of_collected_classes_is_forgotten_though_nobody_uses_it() throws Exception {
    RoutingBus bus = new RoutingBus(Settings.DEFAULT);
    bus.publish("a class that stays");
    List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      loaders.add(ApplicationLoader.runAndDrop(SubscribingApplication.class, bus));
    }
    assertThat(bus.rosters()).hasSize(2 + 2 * 5); // Object was subscribed to
    Gc.awaitCleared(loaders);
    Gc.awaitWithoutGc("forgotten", () -> bus.rosters().size() == 2);
  }
}
