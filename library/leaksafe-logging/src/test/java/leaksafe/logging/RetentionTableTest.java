package leaksafe.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.AppenderBase;
import ch.qos.logback.core.read.CyclicBufferAppender;
import ch.qos.logback.core.read.ListAppender;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.impl.Log4jLogEvent;
import org.apache.logging.log4j.message.Message;
import org.apache.logging.log4j.message.ObjectMessage;
import org.apache.logging.log4j.message.ParameterizedMessage;
import org.apache.logging.log4j.message.SimpleMessage;
import org.apache.logging.log4j.util.SortedArrayStringMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** How many of 200 logged objects whoever keeps events keeps with them, by where in the event they were: all, and behind ours none. */
class RetentionTableTest {
  private static final int EVENTS = 200;

  /** Something that is logged. */
  static final class Logged extends RuntimeException {
    private static final long serialVersionUID = 1L;

    @Override
    public String toString() {
      return "logged";
    }
  }

  private static RuntimeException suppressing(Logged logged) {
    RuntimeException outer = new IllegalStateException("outer");
    outer.addSuppressed(logged);
    return outer;
  }

  private static <L> List<WeakReference<Logged>> log(L logger, BiConsumer<L, Logged> place) {
    List<WeakReference<Logged>> all = new ArrayList<>();
    for (int i = 0; i < EVENTS; i++) {
      Logged logged = new Logged();
      place.accept(logger, logged);
      all.add(new WeakReference<>(logged));
    }
    return all;
  }

  private static void check(boolean ours, List<WeakReference<Logged>> all) throws InterruptedException {
    if (ours) {
      Collected.await(all);
    } else {
      System.gc();
      assertThat(Collected.retained(all)).as("so that the test is one").isEqualTo(EVENTS);
    }
  }

  private static <K, P> Stream<Arguments> table(K[] keepers, P[] places) {
    return Arrays.stream(keepers).flatMap(keeper -> Stream.of(true, false)
        .flatMap(ours -> Arrays.stream(places).map(place -> Arguments.of(keeper, ours, place))));
  }

  // Logback

  /** Where in an event of Logback something can be. */
  enum LogbackPlace {
    ARGUMENT((logger, logged) -> logger.info("argument {}", logged, 1)),
    ARGUMENT_THAT_IS_NOT_MENTIONED((logger, logged) -> logger.info("argument {}", 1, List.of(logged))),
    THROWN((logger, logged) -> logger.warn("thrown", logged)),
    CAUSE((logger, logged) -> logger.warn("thrown", new IllegalStateException("outer", logged))),
    SUPPRESSED((logger, logged) -> logger.warn("thrown", suppressing(logged))),
    MARKER((logger, logged) -> logger.info(new MarkerThatHolds("marker", logged), "marked")),
    REFERENCE_OF_A_MARKER((logger, logged) -> {
      MarkerThatHolds marker = new MarkerThatHolds("marker", null);
      marker.add(new MarkerThatHolds("reference", logged));
      logger.info(marker, "marked");
    }),
    KEY_VALUE_PAIR((logger, logged) -> logger.atInfo().addKeyValue("key", logged).log("fluent")),
    ARGUMENT_OF_A_BUILDER((logger, logged) -> logger.atInfo().setMessage("fluent {}").addArgument(() -> logged).log());

    final BiConsumer<org.slf4j.Logger, Logged> log;

    LogbackPlace(BiConsumer<org.slf4j.Logger, Logged> log) {
      this.log = log;
    }
  }

  /** Who keeps events of Logback. */
  enum LogbackKeeper {
    LIST, RING, QUEUE
  }

  private static Appender<ILoggingEvent> keeper(LogbackKeeper kind, LoggerContext context) {
    if (kind == LogbackKeeper.QUEUE) {
      return stuck(context);
    }
    CyclicBufferAppender<ILoggingEvent> ring = new CyclicBufferAppender<>();
    ring.setMaxSize(EVENTS);
    Appender<ILoggingEvent> keeper = kind == LogbackKeeper.RING ? ring : new ListAppender<>();
    keeper.setContext(context);
    keeper.start();
    return keeper;
  }

  /** Returns an asynchronous appender whose target takes the first event and no other, so that what follows stays in the queue. */
  private static AsyncAppender stuck(LoggerContext context) {
    CountDownLatch never = new CountDownLatch(1);
    return async(context, new AppenderBase<>() {
      @Override
      protected void append(ILoggingEvent event) {
        try {
          never.await();
        } catch (InterruptedException e) {
          addInfo("interrupted by the end of the test");
        }
      }
    });
  }

  private static AsyncAppender async(LoggerContext context, Appender<ILoggingEvent> target) {
    target.setContext(context);
    target.start();
    AsyncAppender async = new AsyncAppender();
    async.setContext(context);
    async.setQueueSize(4 * EVENTS);
    async.setDiscardingThreshold(0);
    async.setMaxFlushTime(1); // what is left in the queue is of no use
    async.addAppender(target);
    async.start();
    return async;
  }

  private static TextAppender text(LoggerContext context, Appender<ILoggingEvent> target) {
    TextAppender text = new TextAppender();
    text.setContext(context);
    text.addAppender(target);
    text.start();
    return text;
  }

  private static LoggerContext logback() {
    LoggerContext context = new LoggerContext();
    context.setMDCAdapter(new LogbackMDCAdapter());
    return context;
  }

  private static org.slf4j.Logger logger(LoggerContext context, Appender<ILoggingEvent> appender) {
    ch.qos.logback.classic.Logger logger = context.getLogger("table");
    logger.setLevel(ch.qos.logback.classic.Level.INFO);
    logger.addAppender(appender);
    return logger;
  }

  static Stream<Arguments> logbackTable() {
    return table(LogbackKeeper.values(), LogbackPlace.values());
  }

  @ParameterizedTest(name = "{0}, behind ours: {1}, {2}")
  @MethodSource("logbackTable")
  void logged_objects_that_logback_retains(LogbackKeeper kind, boolean ours, LogbackPlace place) throws InterruptedException {
    LoggerContext context = logback();
    Appender<ILoggingEvent> keeper = keeper(kind, context);
    check(ours, log(logger(context, ours ? text(context, keeper) : keeper), place.log));
    Reference.reachabilityFence(keeper);
    context.stop();
    keeper.stop();
  }

  @Test
  void behind_an_asynchronous_logback_appender_ours_retains_nothing_of_what_came_through() throws InterruptedException {
    LoggerContext context = logback();
    ListAppender<ILoggingEvent> list = new ListAppender<>();
    list.setContext(context);
    list.start();
    CountDownLatch arrived = new CountDownLatch(EVENTS + 2);
    AppenderBase<ILoggingEvent> counting = new AppenderBase<>() {
      @Override
      protected void append(ILoggingEvent event) {
        arrived.countDown();
      }
    };
    counting.setContext(context);
    counting.start();
    TextAppender text = text(context, list);
    text.addAppender(counting);
    AsyncAppender async = async(context, text);
    org.slf4j.Logger logger = logger(context, async);
    List<WeakReference<Logged>> all = log(logger, LogbackPlace.CAUSE.log);
    while (arrived.getCount() > 2) {
      Thread.sleep(1);
    }
    for (long left = 1; left >= 0; left--) { // one by one, so that the thread of the queue has them and nothing earlier at hand
      logger.info("of nothing");
      while (arrived.getCount() > left) {
        Thread.sleep(1);
      }
    }
    Collected.await(all);
    assertThat(list.list).hasSize(EVENTS + 2);
    context.stop();
  }

  @Test
  void neither_a_disabled_level_nor_a_builder_that_never_logs_is_retained_in_logback() throws InterruptedException {
    LoggerContext context = logback();
    ListAppender<ILoggingEvent> list = new ListAppender<>();
    list.setContext(context);
    list.start();
    org.slf4j.Logger logger = logger(context, text(context, list));
    Collected.await(log(logger, (any, logged) -> any.debug("argument {}", logged, logged)));
    Collected.await(log(logger, (any, logged) -> any.atDebug().addArgument(logged).setCause(logged).log("disabled")));
    Collected.await(log(logger, (any, logged) -> any.atInfo().addArgument(logged).setCause(logged).addKeyValue("key", logged)));
    assertThat(list.list).isEmpty();
    context.stop();
  }

  // Log4j 2

  /** Where in a message to a logger of Log4j 2 something can be. */
  enum Log4jPlace {
    ARGUMENT((logger, logged) -> logger.info("argument {}", logged, 1)),
    ARGUMENT_THAT_IS_NOT_MENTIONED((logger, logged) -> logger.info("argument {}", 1, List.of(logged))),
    OBJECT((logger, logged) -> logger.info((Object) List.of(logged))),
    THROWN((logger, logged) -> logger.warn("thrown", logged)),
    CAUSE((logger, logged) -> logger.warn("thrown", new IllegalStateException("outer", logged))),
    SUPPRESSED((logger, logged) -> logger.warn("thrown", suppressing(logged))),
    MARKER((logger, logged) -> logger.info(new MarkerThatHolds.OfLog4j("marker", logged), "marked")),
    PARENT_OF_A_MARKER((logger, logged) -> logger.info(
        new org.apache.logging.log4j.MarkerManager.Log4jMarker("marker").setParents(new MarkerThatHolds.OfLog4j("parent", logged)), "marked")),
    ARGUMENT_OF_A_BUILDER((logger, logged) -> logger.atInfo().withMarker(null).log("fluent {}", logged)),
    THROWN_OF_A_BUILDER((logger, logged) -> logger.atInfo().withThrowable(logged).log("fluent"));

    final BiConsumer<Logger, Logged> log;

    Log4jPlace(BiConsumer<Logger, Logged> log) {
      this.log = log;
    }
  }

  /** Who keeps events of Log4j 2. */
  enum Log4jKeeper {
    LIST, QUEUE
  }

  static Stream<Arguments> log4jTable() {
    return table(Log4jKeeper.values(), Log4jPlace.values());
  }

  @ParameterizedTest(name = "{0}, behind ours: {1}, {2}")
  @MethodSource("log4jTable")
  void logged_objects_that_log4j_retains(Log4jKeeper kind, boolean ours, Log4jPlace place) throws InterruptedException {
    CountDownLatch end = new CountDownLatch(1);
    try (Log4jLogger log4j = new Log4jLogger()) {
      org.apache.logging.log4j.core.Appender keeper = kind == Log4jKeeper.LIST ? new Log4jLogger.Keeping() : log4j.async(4 * EVENTS, new Stuck(end));
      Logger logger = log4j.to(ours ? log4j.text(TextRewritePolicy.create(500), keeper) : keeper);
      try {
        List<WeakReference<Logged>> all = log(logger, place.log);
        logger.info("of {}", "nothing"); // Log4j's threads have the last message at hand, and the last builder
        logger.atInfo().log("of nothing");
        check(ours, all);
      } finally {
        end.countDown(); // else closing would wait for the thread of the queue
      }
      Reference.reachabilityFence(keeper);
    }
  }

  /** Takes one event and no other until the end. */
  private static final class Stuck extends Log4jLogger.Keeping {
    private final CountDownLatch end;

    Stuck(CountDownLatch end) {
      this.end = end;
    }

    @Override
    public void append(LogEvent event) {
      try {
        end.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Test
  void behind_an_asynchronous_log4j_appender_ours_retains_nothing_of_what_came_through() throws InterruptedException {
    Log4jLogger.Keeping keeping = new Log4jLogger.Keeping();
    try (Log4jLogger log4j = new Log4jLogger()) {
      Logger logger = log4j.to(log4j.async(4 * EVENTS, log4j.text(TextRewritePolicy.create(500), keeping)));
      List<WeakReference<Logged>> all = log(logger, Log4jPlace.CAUSE.log);
      while (keeping.kept.size() < EVENTS) {
        Thread.sleep(1);
      }
      for (int i = 1; i <= 2; i++) { // one by one, so that the thread of the queue has them and nothing earlier at hand
        logger.info("of nothing");
        while (keeping.kept.size() < EVENTS + i) {
          Thread.sleep(1);
        }
      }
      Collected.await(all);
    }
  }

  @Test
  void a_disabled_level_is_not_retained_in_log4j() throws InterruptedException {
    Log4jLogger.Keeping keeping = new Log4jLogger.Keeping();
    try (Log4jLogger log4j = new Log4jLogger()) {
      Logger logger = log4j.to(log4j.text(TextRewritePolicy.create(500), keeping));
      Collected.await(log(logger, (any, logged) -> any.debug("argument {}", logged, logged)));
      Collected.await(log(logger, (any, logged) -> any.atDebug().withThrowable(logged).log("disabled {}", logged)));
      assertThat(keeping.kept).isEmpty();
    }
  }

  /** Where in an event of Log4j 2 something can be that was not made by a logger. */
  enum EventPlace {
    MESSAGE(logged -> event(new ParameterizedMessage("argument {}", logged)).build()),
    OBJECT(logged -> event(new ObjectMessage(logged)).build()),
    CONTEXT(logged -> {
      SortedArrayStringMap context = new SortedArrayStringMap();
      context.putValue("key", logged);
      return event(new SimpleMessage("with context")).setContextData(context).build();
    });

    final Function<Logged, LogEvent> event;

    EventPlace(Function<Logged, LogEvent> event) {
      this.event = event;
    }

    private static Log4jLogEvent.Builder event(Message message) {
      return new Log4jLogEvent.Builder().setLoggerName("table").setLevel(Level.INFO).setMessage(message);
    }
  }

  @ParameterizedTest
  @EnumSource
  void logged_objects_that_events_of_log4j_retain(EventPlace place) throws InterruptedException {
    List<LogEvent> raw = new ArrayList<>();
    check(false, log(raw, (list, logged) -> list.add(place.event.apply(logged))));
    List<LogEvent> text = new ArrayList<>();
    TextRewritePolicy policy = TextRewritePolicy.create(500);
    check(true, log(text, (list, logged) -> list.add(policy.rewrite(place.event.apply(logged)))));
    assertThat(raw).hasSameSizeAs(text);
  }
}
