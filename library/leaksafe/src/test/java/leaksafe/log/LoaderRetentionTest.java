package leaksafe.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.logging.Handler;
import leaksafe.log.RetentionTest.Keeper;
import leaksafe.testing.ApplicationLoader;
import leaksafe.testing.Gc;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whether the class loader of what was logged goes though the records stay: with our handlers always, whatever it was and wherever in the record. */
class LoaderRetentionTest {

  /** Logs what is in one place, from a fresh copy of the application. */
  private static WeakReference<ClassLoader> logAndDrop(String place, Handler handler) throws ReflectiveOperationException {
    BiConsumer<String, Consumer<Handler>> one = (name, log) -> {
      for (int i = 0; name.equals(place) && i < RetentionTest.EVENTS / 2; i++) {
        log.accept(handler);
      }
    };
    return ApplicationLoader.runAndDrop(LoggedClasses.class, one);
  }

  private static String[] places() {
    Map<String, Object> places = new LinkedHashMap<>();
    new LoggedClasses().accept(places::put);
    return places.keySet().toArray(String[]::new);
  }

  @ParameterizedTest
  @EnumSource
  void class_loaders_of_logged_objects_that_are_retained(Keeper keeper) throws Exception {
    String[] places = places();
    Handler[] handlers = new Handler[places.length];
    Map<String, WeakReference<ClassLoader>> loaders = new LinkedHashMap<>();
    for (int i = 0; i < places.length; i++) {
      handlers[i] = keeper.make();
      loaders.put(places[i], logAndDrop(places[i], handlers[i]));
    }
    assertThat(places).hasSizeGreaterThan(25);
    if (keeper.retained == 0) {
      try {
        Gc.awaitCleared(loaders.values());
      } finally {
        assertThat(loaders).allSatisfy((place, loader) -> assertThat(loader.refersTo(null)).as(place).isTrue());
      }
    } else {
      System.gc();
      assertThat(loaders).as("so that the test is one").allSatisfy((place, loader) -> assertThat(loader.refersTo(null)).as(place).isFalse());
    }
    Reference.reachabilityFence(Arrays.asList(handlers));
  }
}
