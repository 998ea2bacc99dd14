package leaksafe.logging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.AppenderBase;
import ch.qos.logback.core.read.CyclicBufferAppender;
import ch.qos.logback.core.read.ListAppender;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import leaksafe.log.ThrowableText;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.config.plugins.util.PluginManager;
import org.apache.logging.log4j.core.impl.Log4jLogEvent;
import org.apache.logging.log4j.message.ObjectMessage;
import org.apache.logging.log4j.message.ParameterizedMessage;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;
import org.slf4j.Marker;
import org.slf4j.MarkerFactory;

/** What is kept behind our appenders is text. */
class LoggingTest {
  private static final int EVENTS = 200;

  private static final class Payload {
    final byte[] weight = new byte[100];

    @Override
    public String toString() {
      return "payload";
    }
  }

  private static final class PayloadException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    final transient Payload payload;

    PayloadException(Payload payload) {
      super("with payload");
      this.payload = payload;
    }
  }

  private static LoggerContext context() {
    LoggerContext context = new LoggerContext();
    context.setMDCAdapter(new LogbackMDCAdapter());
    return context;
  }

  private static ch.qos.logback.classic.Logger logger(LoggerContext context, ch.qos.logback.core.Appender<ILoggingEvent> target) {
    TextAppender appender = new TextAppender();
    appender.setContext(context);
    appender.addAppender(target);
    target.setContext(context);
    target.start();
    appender.start();
    ch.qos.logback.classic.Logger logger = context.getLogger("test");
    logger.addAppender(appender);
    return logger;
  }

  private static List<WeakReference<Object>> logPayloads(ch.qos.logback.classic.Logger logger) {
    List<WeakReference<Object>> payloads = new ArrayList<>();
    for (int i = 0; i < EVENTS; i++) {
      Payload payload = new Payload();
      PayloadException exception = new PayloadException(payload);
      logger.info("event {} and {}", payload, i);
      logger.warn("failed", new IllegalStateException("outer", exception));
      logger.atInfo().addKeyValue("key", payload).log("fluent");
      payloads.add(new WeakReference<>(payload));
      payloads.add(new WeakReference<>(exception));
    }
    return payloads;
  }

  @Test
  void logback_list_and_cyclic_appenders_retain_nothing_that_was_logged() throws Exception {
    LoggerContext context = context();
    ListAppender<ILoggingEvent> list = new ListAppender<>();
    CyclicBufferAppender<ILoggingEvent> cyclic = new CyclicBufferAppender<>();
    ch.qos.logback.classic.Logger logger = logger(context, list);
    ((TextAppender) logger.iteratorForAppenders().next()).addAppender(cyclic);
    cyclic.setContext(context);
    cyclic.start();
    Collected.await(logPayloads(logger));
    assertThat(list.list).hasSize(3 * EVENTS);
    assertThat(list.list.get(0).getFormattedMessage()).isEqualTo("event payload and 0");
    assertThat(list.list.get(0).getArgumentArray()).isNull();
    assertThat(list.list.get(2).getKeyValuePairs()).singleElement().hasToString("key=\"payload\"");
    assertThat(cyclic.getLength()).isPositive();
    context.stop();
  }

  @Test
  void what_waits_in_a_logback_async_appender_is_text_and_arrives_whole_and_in_order() throws Exception {
    LoggerContext context = context();
    CountDownLatch go = new CountDownLatch(1);
    CountDownLatch all = new CountDownLatch(3 * EVENTS);
    List<String> arrived = new CopyOnWriteArrayList<>();
    AppenderBase<ILoggingEvent> slow = new AppenderBase<>() {
      @Override
      protected void append(ILoggingEvent event) {
        try {
          go.await();
        } catch (InterruptedException e) {
          arrived.add("interrupted");
        }
        arrived.add(event.getFormattedMessage());
        all.countDown();
      }
    };
    slow.setContext(context);
    slow.start();
    AsyncAppender async = new AsyncAppender();
    async.setContext(context);
    async.setQueueSize(4 * EVENTS);
    async.setDiscardingThreshold(0);
    async.addAppender(slow);
    ch.qos.logback.classic.Logger logger = logger(context, async);
    Collected.await(logPayloads(logger)); // while they wait
    assertThat(arrived).isEmpty();
    go.countDown();
    assertThat(all.await(20, TimeUnit.SECONDS)).isTrue(); // before the stop, which interrupts
    async.stop();
    assertThat(arrived).hasSize(3 * EVENTS).startsWith("event payload and 0", "failed", "fluent", "event payload and 1")
        .endsWith("event payload and " + (EVENTS - 1), "failed", "fluent");
    context.stop();
  }

  @Test
  void a_logback_layout_prints_the_text_like_the_original() {
    LoggerContext context = context();
    ListAppender<ILoggingEvent> plain = new ListAppender<>();
    ListAppender<ILoggingEvent> text = new ListAppender<>();
    plain.setContext(context);
    plain.start();
    ch.qos.logback.classic.Logger logger = logger(context, text);
    logger.addAppender(plain);
    RuntimeException thrown = new IllegalStateException("outer", new RuntimeException("inner"));
    thrown.addSuppressed(new RuntimeException("suppressed"));
    MDC.clear();
    logger.warn("message of {}", 1, thrown);
    PatternLayout layout = new PatternLayout();
    layout.setContext(context);
    layout.setPattern("%level %logger %thread %msg %mdc%n%ex");
    layout.start();
    assertThat(layout.doLayout(text.list.get(0))).isEqualTo(layout.doLayout(plain.list.get(0)));
    assertThat(text.list.get(0).getInstant()).isEqualTo(plain.list.get(0).getInstant());
    context.stop();
  }

  @Test
  void arguments_are_bounded() {
    LoggerContext context = context();
    ListAppender<ILoggingEvent> list = new ListAppender<>();
    ch.qos.logback.classic.Logger logger = logger(context, list);
    TextAppender appender = (TextAppender) logger.iteratorForAppenders().next();
    appender.setArgumentCharacters(16);
    logger.info("{}", "x".repeat(1000));
    assertThat(list.list.get(0).getFormattedMessage()).isEqualTo("x".repeat(13) + "...");
    assertThatThrownBy(() -> appender.setArgumentCharacters(1)).hasMessage("characters must be at least 16, but was 1");
    assertThat(appender.isAttached(list)).isTrue();
    assertThat(appender.detachAppender(list)).isTrue();
    context.stop();
  }

  private static List<WeakReference<Object>> rewritePayloads(TextRewritePolicy policy, List<LogEvent> kept) {
    List<WeakReference<Object>> payloads = new ArrayList<>();
    for (int i = 0; i < EVENTS; i++) {
      Payload payload = new Payload();
      PayloadException exception = new PayloadException(payload);
      kept.add(policy.rewrite(new Log4jLogEvent.Builder().setLoggerName("l").setLevel(Level.INFO)
          .setMessage(new ParameterizedMessage("event {}", payload)).build()));
      kept.add(policy.rewrite(new Log4jLogEvent.Builder().setLoggerName("l").setLevel(Level.INFO)
          .setMessage(new ObjectMessage(payload)).setThrown(exception).build()));
      payloads.add(new WeakReference<>(payload));
      payloads.add(new WeakReference<>(exception));
    }
    return payloads;
  }

  @Test
  void log4j_events_behind_the_rewrite_policy_retain_nothing_that_was_logged() throws Exception {
    List<LogEvent> kept = new ArrayList<>();
    Collected.await(rewritePayloads(TextRewritePolicy.create(500), kept));
    assertThat(kept.get(0).getMessage().getFormattedMessage()).isEqualTo("event payload");
    assertThat(kept.get(1).getMessage().getFormattedMessage()).isEqualTo("payload");
    assertThat(kept.get(1).getThrown()).isInstanceOf(ThrowableText.class)
        .hasToString(PayloadException.class.getName() + ": with payload");
    assertThat(kept.get(1).getLevel()).isEqualTo(Level.INFO);
    Reference.reachabilityFence(kept);
  }

  private static List<WeakReference<Object>> logMarked(ch.qos.logback.classic.Logger logger) {
    MarkerThatHolds inner = new MarkerThatHolds("inner", new Payload());
    MarkerThatHolds outer = new MarkerThatHolds("outer", new Payload());
    outer.add(inner);
    inner.add(outer); // for ever
    logger.info(outer, "marked");
    return List.of(new WeakReference<>(outer.held), new WeakReference<>(inner.held));
  }

  @Test
  @SuppressWarnings("deprecation") // as above
  void of_markers_the_names_stay_and_not_what_they_hold() throws Exception {
    LoggerContext context = context();
    ListAppender<ILoggingEvent> list = new ListAppender<>();
    Collected.await(logMarked(logger(context, list)));
    assertThat(list.list).hasSize(1);
    Marker kept = list.list.get(0).getMarkerList().get(0);
    assertThat(kept.getName()).isEqualTo("outer");
    assertThat(kept.contains("inner")).isTrue();
    assertThat(kept).isEqualTo(MarkerFactory.getMarker("outer"));
    context.stop();
  }

  private static List<WeakReference<Object>> logPayloads(org.apache.logging.log4j.Logger logger) {
    List<WeakReference<Object>> payloads = new ArrayList<>();
    for (int i = 0; i < EVENTS; i++) {
      Payload payload = new Payload();
      PayloadException exception = new PayloadException(payload);
      logger.info("event {} of {}", payload, "x".repeat(1000));
      logger.warn("failed", new IllegalStateException("outer", exception));
      logger.info(payload);
      payloads.add(new WeakReference<>(payload));
      payloads.add(new WeakReference<>(exception));
    }
    logger.info((Object) "a string with {}"); // and so that no thread keeps the last payload
    return payloads;
  }

  @Test
  void what_a_log4j_logger_was_given_is_bounded_and_not_retained_behind_a_rewrite_appender() throws Exception {
    Log4jLogger.Keeping keeping = new Log4jLogger.Keeping();
    try (Log4jLogger log4j = new Log4jLogger()) {
      Collected.await(logPayloads(log4j.to(log4j.text(TextRewritePolicy.create(100), keeping))));
    }
    assertThat(keeping.kept).hasSize(3 * EVENTS + 1);
    assertThat(keeping.kept.get(0).getMessage().getFormattedMessage()).isEqualTo("event payload of " + "x".repeat(97) + "...");
    assertThat(keeping.kept.get(1).getThrown()).isInstanceOf(ThrowableText.class);
    assertThat(keeping.kept.get(2).getMessage().getFormattedMessage()).isEqualTo("payload");
    assertThat(keeping.kept.get(3 * EVENTS).getMessage().getFormattedMessage()).isEqualTo("a string with {}");
  }

  @Test
  void log4j_finds_the_rewrite_policy_by_its_name() {
    PluginManager plugins = new PluginManager("Core");
    plugins.collectPlugins();
    assertThat(plugins.getPluginType("TextRewritePolicy").getPluginClass()).isEqualTo(TextRewritePolicy.class);
  }

  @Test
  @SuppressWarnings("try") // that one is closed twice is the point
  void mdc_scopes_nest_and_each_sets_back_what_it_found() {
    MDC.clear();
    try (MdcScope outer = MdcScope.of("user", "outer").and("request", "1")) {
      try (MdcScope inner = MdcScope.of("user", "inner").and("step", "2")) {
        assertThat(MDC.getCopyOfContextMap()).isEqualTo(Map.of("user", "inner", "request", "1", "step", "2"));
        inner.close(); // and once more by the block
        assertThat(MDC.getCopyOfContextMap()).isEqualTo(Map.of("user", "outer", "request", "1"));
        MDC.put("user", "set after it was closed");
      }
      assertThat(MDC.get("user")).as("a second close changes nothing").isEqualTo("set after it was closed");
      assertThatThrownBy(() -> {
        try (MdcScope failing = MdcScope.of("request", "2")) {
          failing.and("more", "x");
          throw new IllegalStateException("in the block");
        }
      }).hasMessage("in the block");
      assertThat(MDC.get("request")).isEqualTo("1");
      assertThat(MDC.get("more")).isNull();
      assertThat(outer).isNotNull();
    }
    assertThat(MDC.get("user")).isNull();
    assertThat(MDC.get("request")).isNull();
  }

  @Test
  void an_mdc_scope_that_cannot_be_made_whole_leaves_nothing_behind() {
    MDC.clear();
    MDC.put("request", "earlier");
    String unknown = null;
    assertThatThrownBy(() -> {
      try (MdcScope scope = MdcScope.of("user", "a").and("request", "1").and("session", unknown)) {
        throw new AssertionError(scope);
      }
    }).isInstanceOf(NullPointerException.class).hasMessage("value");
    assertThat(MDC.getCopyOfContextMap()).isEqualTo(Map.of("request", "earlier"));
    assertThatThrownBy(() -> MdcScope.of(unknown, "a")).isInstanceOf(NullPointerException.class).hasMessage("key");
    assertThat(MDC.getCopyOfContextMap()).isEqualTo(Map.of("request", "earlier"));
    MDC.clear();
  }

  @Test
  void an_mdc_scope_can_be_changed_and_closed_by_its_own_thread_only() throws Exception {
    MDC.clear();
    MdcScope scope = MdcScope.of("user", "a");
    List<Throwable> thrown = new ArrayList<>();
    Thread other = new Thread(() -> {
      MDC.put("user", "of the other thread");
      for (Runnable use : List.<Runnable>of(scope::close, () -> scope.and("x", "y"))) {
        try {
          use.run();
        } catch (IllegalStateException e) {
          thrown.add(e);
        }
      }
      if (!"of the other thread".equals(MDC.get("user")) || MDC.get("x") != null) {
        thrown.add(new AssertionError("the other thread's values were changed"));
      }
      MDC.clear();
    }, "other");
    other.start();
    other.join();
    assertThat(thrown).hasSize(2).allSatisfy(e -> assertThat(e).hasMessage("an MDC scope must be used by the thread that made it, "
        + Thread.currentThread().getName() + ", but this was thread other"));
    assertThat(MDC.get("user")).as("still open").isEqualTo("a");
    scope.close();
    assertThat(MDC.get("user")).isNull();
  }

  @Test
  void an_mdc_scope_removes_its_values_or_sets_the_earlier_ones_again() throws Exception {
    MDC.clear();
    MDC.put("user", "outer");
    MdcScope scope = MdcScope.of("user", "inner").and("request", "1").and("user", "innermost");
    assertThat(MDC.get("user")).isEqualTo("innermost");
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Thread other = new Thread(() -> {
      try {
        scope.close();
      } catch (Throwable e) {
        thrown.set(e);
      }
    }, "other");
    other.start();
    other.join();
    assertThat(thrown.get()).isInstanceOf(IllegalStateException.class).hasMessageEndingWith("but this was thread other");
    scope.close();
    scope.close();
    assertThat(MDC.get("user")).isEqualTo("outer");
    assertThat(MDC.get("request")).isNull();
    assertThatThrownBy(() -> scope.and("x", "y")).isInstanceOf(IllegalStateException.class)
        .hasMessage("this MDC scope is closed; make another one for x");
    MDC.clear();
  }
}
