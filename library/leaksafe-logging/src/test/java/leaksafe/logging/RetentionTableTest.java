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
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.impl.Log4jLogEvent;
import org.apache.logging.log4j.message.ParameterizedMessage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How many of 200 logged arguments and 200 logged exceptions whoever keeps events keeps with them: all, and behind ours none. */
class RetentionTableTest {
  private static final int EVENTS = 200;

  /** Who keeps events: as it is, and behind ours. */
  enum Keeper {
    LOGBACK_LIST(EVENTS, () -> logback(new ListAppender<>(), false)),
    LOGBACK_LIST_BEHIND_TEXT_APPENDER(0, () -> logback(new ListAppender<>(), true)),
    LOGBACK_RING(EVENTS, () -> logback(new CyclicBufferAppender<>(), false)),
    LOGBACK_RING_BEHIND_TEXT_APPENDER(0, () -> logback(new CyclicBufferAppender<>(), true)),
    LOGBACK_ASYNC(EVENTS, () -> logback(stuck(), false)),
    LOGBACK_ASYNC_BEHIND_TEXT_APPENDER(0, () -> logback(stuck(), true)),
    LOG4J_EVENTS(EVENTS, () -> log4j(false)),
    LOG4J_EVENTS_BEHIND_TEXT_REWRITE_POLICY(0, () -> log4j(true));

    final int retained;
    final Supplier<Consumer<Logged>> log;

    Keeper(int retained, Supplier<Consumer<Logged>> log) {
      this.retained = retained;
      this.log = log;
    }
  }

  /** What is logged. */
  static final class Logged extends RuntimeException {
    private static final long serialVersionUID = 1L;

    @Override
    public String toString() {
      return "logged";
    }
  }

  private static Consumer<Logged> logback(Appender<ILoggingEvent> keeper, boolean behindOurs) {
    LoggerContext context = new LoggerContext();
    context.setMDCAdapter(new LogbackMDCAdapter());
    keeper.setContext(context);
    if (keeper instanceof CyclicBufferAppender<ILoggingEvent> ring) {
      ring.setMaxSize(4 * EVENTS);
    }
    keeper.start();
    Appender<ILoggingEvent> attached = keeper;
    if (behindOurs) {
      TextAppender text = new TextAppender();
      text.setContext(context);
      text.addAppender(keeper);
      text.start();
      attached = text;
    }
    ch.qos.logback.classic.Logger logger = context.getLogger("table");
    logger.addAppender(attached);
    return logged -> logger.info("argument {}", logged, logged);
  }

  /** Returns an asynchronous appender whose target takes the first event and no other, so that what follows stays in the queue. */
  private static Appender<ILoggingEvent> stuck() {
    CountDownLatch never = new CountDownLatch(1);
    AppenderBase<ILoggingEvent> target = new AppenderBase<>() {
      @Override
      protected void append(ILoggingEvent event) {
        try {
          never.await();
        } catch (InterruptedException e) {
          addError("interrupted", e);
        }
      }
    };
    target.start();
    AsyncAppender async = new AsyncAppender() {
      @Override
      public void start() {
        addAppender(target); // now that there is a context
        super.start();
      }
    };
    async.setQueueSize(4 * EVENTS);
    async.setDiscardingThreshold(0);
    return async;
  }

  private static Consumer<Logged> log4j(boolean behindOurs) {
    List<LogEvent> kept = new ArrayList<>();
    TextRewritePolicy policy = TextRewritePolicy.create(500);
    return logged -> {
      LogEvent event = new Log4jLogEvent.Builder().setLoggerName("table").setLevel(Level.INFO)
          .setMessage(new ParameterizedMessage("argument {}", logged)).setThrown(logged).build();
      kept.add(behindOurs ? policy.rewrite(event) : event);
    };
  }

  private static List<WeakReference<Logged>> log(Consumer<Logged> keeper) {
    List<WeakReference<Logged>> all = new ArrayList<>();
    for (int i = 0; i < EVENTS; i++) {
      Logged logged = new Logged();
      keeper.accept(logged);
      all.add(new WeakReference<>(logged));
    }
    return all;
  }

  private static long retained(List<WeakReference<Logged>> all) {
    return all.stream().filter(reference -> !reference.refersTo(null)).count();
  }

  @ParameterizedTest
  @EnumSource
  void arguments_and_exceptions_that_are_retained(Keeper keeper) throws InterruptedException {
    Consumer<Logged> log = keeper.log.get();
    List<WeakReference<Logged>> all = log(log);
    long deadline = System.nanoTime() + 20_000_000_000L;
    System.gc();
    while (retained(all) > keeper.retained && System.nanoTime() - deadline < 0) {
      System.gc();
      Thread.sleep(5);
    }
    assertThat(retained(all)).as("%s: retained of %d", keeper, EVENTS).isEqualTo(keeper.retained);
    Reference.reachabilityFence(log);
  }
}
