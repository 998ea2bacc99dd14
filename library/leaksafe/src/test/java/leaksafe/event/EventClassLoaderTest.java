package leaksafe.event;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import leaksafe.testing.Gc;
import org.junit.jupiter.api.Test;

/** A bus that lives on keeps no class loader of the events and owners that it has seen. */
class EventClassLoaderTest {
  private static final int LOADERS = 30;

  /** An event of an application. */
  public static class Placed {}

  /** One of its kind. */
  public static final class PlacedTwice extends Placed {}

  /** What an application does with a bus that is not its own: it subscribes, publishes and goes, closing nothing. */
  public static final class Application implements Consumer<EventBus> {
    private static final Application KEPT = new Application();
    private int heard;

    @Override
    public void accept(EventBus bus) {
      bus.subscribe(KEPT, Placed.class, Application::hear);
      bus.subscribe(KEPT, Object.class, (application, event) -> application.heard++);
      bus.listen(KEPT, PlacedTwice.class, event -> KEPT.heard++);
      bus.publish(new Placed());
      bus.publish(new PlacedTwice());
      if (KEPT.heard != 5) {
        throw new AssertionError("heard " + KEPT.heard);
      }
    }

    private void hear(Placed event) {
      heard++;
    }
  }

  /** Defines the classes of this test anew, and has the library from its parent. */
  private static final class ApplicationLoader extends ClassLoader {
    ApplicationLoader() {
      super(EventClassLoaderTest.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      synchronized (getClassLoadingLock(name)) {
        if (!name.startsWith(EventClassLoaderTest.class.getName() + "$")) {
          return super.loadClass(name, resolve);
        }
        Class<?> loaded = findLoadedClass(name);
        return loaded != null ? loaded : define(name);
      }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
      try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
        byte[] bytes = in.readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }

  @Test
  void thirty_loaders_of_events_and_owners_are_collected_while_the_bus_lives_on() throws Exception {
    EventBus bus = EventBus.create();
    List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
    for (int i = 0; i < LOADERS; i++) {
      loaders.add(runAndDrop(bus));
    }
    Gc.awaitCleared(loaders);
    Gc.await("the subscriptions are gone", () -> bus.estimatedSize() == 0);
    Reference.reachabilityFence(bus);
  }

  @SuppressWarnings("unchecked")
  private static WeakReference<ClassLoader> runAndDrop(EventBus bus) throws Exception {
    ClassLoader loader = new ApplicationLoader();
    Class<?> type = loader.loadClass(Application.class.getName());
    ((Consumer<EventBus>) type.getConstructor().newInstance()).accept(bus);
    return new WeakReference<>(loader);
  }
}
