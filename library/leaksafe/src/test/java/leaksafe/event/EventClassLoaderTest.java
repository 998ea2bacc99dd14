package leaksafe.event;

import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import leaksafe.testing.ApplicationLoader;
import leaksafe.testing.Gc;
import org.junit.jupiter.api.Test;

/** A bus that lives on keeps no class loader of the events and owners that it has seen. */
class EventClassLoaderTest {
  private static final int LOADERS = 30;

  @Test
  void thirty_loaders_of_events_and_owners_are_collected_while_the_bus_lives_on() throws Exception {
    EventBus bus = EventBus.create();
    List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
    for (int i = 0; i < LOADERS; i++) {
      loaders.add(ApplicationLoader.runAndDrop(SubscribingApplication.class, bus));
    }
    Gc.awaitCleared(loaders);
    Gc.await("the subscriptions are gone", () -> bus.estimatedSize() == 0);
    Reference.reachabilityFence(bus);
  }
}
