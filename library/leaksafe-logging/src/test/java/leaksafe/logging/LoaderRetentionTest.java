package leaksafe.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** Whether the class loader of what was logged goes though the events stay: behind ours always, whatever it was and wherever in the event. */
class LoaderRetentionTest {

  /** Defines the application anew. */
  private static final class ApplicationLoader extends ClassLoader {
    ApplicationLoader() {
      super(LoggedClasses.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.startsWith(LoggedClasses.class.getName())) {
        return super.loadClass(name, resolve);
      }
      synchronized (getClassLoadingLock(name)) {
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

  @SuppressWarnings("unchecked")
  private static WeakReference<ClassLoader> logAndDrop(String place, Object keeper) throws ReflectiveOperationException {
    Object application = new ApplicationLoader().loadClass(LoggedClasses.class.getName()).getConstructor().newInstance();
    ((BiConsumer<String, Object>) application).accept(place, keeper);
    return new WeakReference<>(application.getClass().getClassLoader());
  }

  private static Map<String, WeakReference<ClassLoader>> logAndDrop(List<String> places, Object keeper) throws ReflectiveOperationException {
    Map<String, WeakReference<ClassLoader>> loaders = new LinkedHashMap<>();
    for (String place : places) {
      loaders.put(place, logAndDrop(place, keeper));
    }
    return loaders;
  }

  private static void check(boolean ours, Map<String, WeakReference<ClassLoader>> loaders) throws InterruptedException {
    if (ours) {
      try {
        Collected.await(List.copyOf(loaders.values()));
      } finally {
        assertThat(loaders).allSatisfy((place, loader) -> assertThat(loader.refersTo(null)).as(place).isTrue());
      }
    } else {
      System.gc();
      assertThat(loaders).as("so that the test is one").allSatisfy((place, loader) -> assertThat(loader.refersTo(null)).as(place).isFalse());
    }
  }

  @ParameterizedTest(name = "behind ours: {0}")
  @ValueSource(booleans = {true, false})
  void class_loaders_of_logged_objects_that_logback_retains(boolean ours) throws Exception {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory(); // whose diagnostic values are those of MDC
    ListAppender<ILoggingEvent> list = new ListAppender<>();
    list.setContext(context);
    list.start();
    TextAppender text = new TextAppender();
    text.setContext(context);
    text.addAppender(list);
    text.start();
    ch.qos.logback.classic.Logger logger = context.getLogger("leaksafe.loaders");
    logger.setAdditive(false);
    logger.addAppender(ours ? text : list);
    try {
      Map<String, WeakReference<ClassLoader>> loaders = logAndDrop(LoggedClasses.LOGBACK, logger);
      MDC.clear();
      assertThat(list.list).hasSameSizeAs(LoggedClasses.LOGBACK);
      if (ours) { // an event of Logback asks its thread, when it is asked itself
        assertThat(list.list.get(list.list.size() - 1).getMDCPropertyMap()).containsEntry("key", "value");
      }
      if (!ours) {
        loaders.remove("diagnostic values"); // of which Logback itself keeps a copy
      }
      check(ours, loaders);
      Reference.reachabilityFence(list);
    } finally {
      logger.detachAndStopAllAppenders();
    }
  }

  @ParameterizedTest(name = "behind ours: {0}")
  @ValueSource(booleans = {true, false})
  void class_loaders_of_logged_objects_that_log4j_retains(boolean ours) throws Exception {
    try (Log4jLogger log4j = new Log4jLogger()) {
      Log4jLogger.Keeping keeping = new Log4jLogger.Keeping();
      Logger logger = log4j.to(ours ? log4j.text(TextRewritePolicy.create(500), keeping) : keeping);
      Map<String, WeakReference<ClassLoader>> loaders = logAndDrop(LoggedClasses.LOG4J, logger);
      logger.info("of {}", "nothing"); // Log4j's threads have the last message at hand, and the last builder
      logger.atInfo().log("of nothing");
      assertThat(keeping.kept).hasSize(LoggedClasses.LOG4J.size() + 2);
      check(ours, loaders);
      Reference.reachabilityFence(keeping);
    }
  }

  @ParameterizedTest(name = "behind ours: {0}")
  @ValueSource(booleans = {true, false})
  void class_loaders_of_what_is_in_an_event_of_log4j(boolean ours) throws Exception {
    List<LogEvent> kept = new ArrayList<>();
    TextRewritePolicy policy = TextRewritePolicy.create(500);
    Consumer<LogEvent> keeper = event -> kept.add(ours ? policy.rewrite(event) : event);
    check(ours, logAndDrop(LoggedClasses.EVENTS, keeper));
    assertThat(kept).hasSameSizeAs(LoggedClasses.EVENTS);
    assertThat(kept.get(2).getContextStack().asList()).containsExactly("inner");
  }
}
