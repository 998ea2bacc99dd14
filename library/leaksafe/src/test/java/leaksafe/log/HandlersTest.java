package leaksafe.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.ErrorManager;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.MemoryHandler;
import leaksafe.testing.ApplicationLoader;
import leaksafe.testing.Gc;
import leaksafe.testing.Throwing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The handlers for java.util.logging: what they keep is text. */
class HandlersTest {
  private static final int EVENTS = 200;

  private static final class Payload {
    final byte[] weight = new byte[100];
    final int number;

    Payload(int number) {
      this.number = number;
    }

    @Override
    public String toString() {
      return "payload " + number;
    }
  }

  private static final class PayloadException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    final transient Payload payload;

    PayloadException(Payload payload) {
      super("with " + payload);
      this.payload = payload;
    }
  }

  private static Logger logger(Handler handler) {
    Logger logger = Logger.getAnonymousLogger();
    logger.setUseParentHandlers(false);
    logger.addHandler(handler);
    return logger;
  }

  /** Logs events with arguments and with exceptions, and returns what nobody but a handler may hold. */
  private static List<WeakReference<Object>> logPayloads(Logger logger) {
    List<WeakReference<Object>> payloads = new ArrayList<>();
    for (int i = 0; i < EVENTS; i++) {
      Payload payload = new Payload(i);
      logger.log(Level.INFO, "event {0}", payload);
      PayloadException exception = new PayloadException(payload);
      logger.log(Level.WARNING, "failed", new IllegalStateException("outer", exception));
      payloads.add(new WeakReference<>(payload));
      payloads.add(new WeakReference<>(exception));
    }
    return payloads;
  }

  @Test
  void a_ring_buffer_retains_nothing_that_was_logged() {
    RecentRecords recent = new RecentRecords(1000);
    Gc.awaitCleared(logPayloads(logger(recent)));
    assertThat(recent.records()).hasSize(2 * EVENTS);
    assertThat(recent.records().get(0).getMessage()).isEqualTo("event payload 0");
    assertThat(recent.records().get(1).getThrown()).hasToString("java.lang.IllegalStateException: outer")
        .hasCauseInstanceOf(ThrowableText.class);
  }

  @Test
  void a_memory_handler_behind_the_text_handler_retains_nothing_that_was_logged() {
    KeptRecords target = new KeptRecords();
    MemoryHandler memory = new MemoryHandler(target, 1000, Level.OFF);
    Gc.awaitCleared(logPayloads(logger(new TextHandler(memory))));
    memory.push();
    assertThat(target.records).hasSize(2 * EVENTS);
    Reference.reachabilityFence(memory);
  }

  @Test
  void a_record_of_text_says_what_the_original_said() {
    KeptRecords target = new KeptRecords();
    Logger logger = logger(new TextHandler(target));
    logger.log(Level.INFO, "{0} of {1} for {2}: {3}", new Object[] {1234567, "x".repeat(1000), List.of(1), null});
    LogRecord text = target.records.get(0);
    assertThat(text.getMessage()).startsWith(java.text.NumberFormat.getInstance().format(1234567) + " of xxx")
        .endsWith("xxx... for [1]: null").hasSizeLessThan(600);
    assertThat(text.getParameters()).isNull();
    assertThat(text.getLevel()).isEqualTo(Level.INFO);
    assertThat(text.getSourceClassName()).isEqualTo(HandlersTest.class.getName());
    assertThat(text.getSourceMethodName()).isEqualTo("a_record_of_text_says_what_the_original_said");
    assertThat(text.getLongThreadID()).isEqualTo(Thread.currentThread().getId());
    logger.info("{0} without parameters");
    assertThat(target.records.get(1).getMessage()).isEqualTo("{0} without parameters");
  }

  @Test
  void levels_and_filters_are_asked_first() {
    KeptRecords target = new KeptRecords();
    target.setLevel(Level.WARNING);
    TextHandler handler = new TextHandler(target);
    Logger logger = logger(handler);
    logger.info("too low for the target");
    handler.setFilter(record -> !record.getMessage().equals("filtered"));
    logger.warning("filtered");
    logger.warning("passes");
    assertThat(target.records).extracting(LogRecord::getMessage).containsExactly("passes");
    handler.flush();
    handler.close();
    assertThat(target.closed).isTrue();
  }

  @Test
  void the_newest_records_are_kept_until_they_are_drained_or_the_handler_is_closed() {
    RecentRecords recent = new RecentRecords(3);
    Logger logger = logger(recent);
    for (int i = 0; i < 10; i++) {
      logger.info("m" + i);
    }
    assertThat(recent.records()).extracting(LogRecord::getMessage).containsExactly("m7", "m8", "m9");
    KeptRecords target = new KeptRecords();
    recent.drainTo(target);
    assertThat(target.records).hasSize(3);
    assertThat(recent.records()).isEmpty();
    recent.setLevel(Level.WARNING);
    logger.info("too low");
    logger.warning("kept");
    recent.flush();
    assertThat(recent.records()).hasSize(1);
    recent.close();
    logger.warning("too late");
    assertThat(recent.records()).isEmpty();
    assertThatThrownBy(() -> new RecentRecords(0)).isInstanceOf(IllegalArgumentException.class)
        .hasMessage("capacity must be at least 1, but was 0");
  }

  /** A handler whose methods throw, as often as it is told to. */
  private static final class Broken extends Handler {
    final List<LogRecord> records = new ArrayList<>();
    final Throwable thrown;
    int failures;

    Broken(Throwable thrown, int failures) {
      this.thrown = thrown;
      this.failures = failures;
    }

    private void failIfAsked() {
      if (failures > 0) {
        failures--;
        throw Throwing.raise(thrown);
      }
    }

    @Override
    public void publish(LogRecord record) {
      failIfAsked();
      records.add(record);
    }

    @Override
    public void flush() {
      failIfAsked();
    }

    @Override
    public void close() {
      failIfAsked();
    }
  }

  /** Keeps what a handler reports. */
  private static final class Errors extends ErrorManager {
    final List<String> messages = new ArrayList<>();
    final List<Throwable> causes = new ArrayList<>();
    final List<Integer> codes = new ArrayList<>();

    @Override
    public synchronized void error(String message, Exception exception, int code) {
      messages.add(message);
      causes.add(exception.getCause() == null ? exception : exception.getCause());
      codes.add(code);
    }
  }

  @ParameterizedTest
  @MethodSource("leaksafe.testing.Throwing#kinds")
  void a_target_that_fails_is_reported_and_neither_who_logs_nor_the_next_record_suffers(Throwable thrown) {
    Broken target = new Broken(thrown, 1);
    TextHandler handler = new TextHandler(target);
    Errors errors = new Errors();
    handler.setErrorManager(errors);
    Logger logger = logger(handler);
    logger.info("lost");
    logger.info("passes");
    assertThat(target.records).extracting(LogRecord::getMessage).containsExactly("passes");
    target.failures = 2;
    handler.flush();
    handler.close();
    assertThat(errors.causes).containsExactly(thrown, thrown, thrown);
    assertThat(errors.messages).containsExactly("a record was not handed on", "the target was not flushed", "the target was not closed");
    assertThat(errors.codes).containsExactly(ErrorManager.WRITE_FAILURE, ErrorManager.FLUSH_FAILURE, ErrorManager.CLOSE_FAILURE);
  }

  @ParameterizedTest
  @MethodSource("leaksafe.testing.Throwing#kinds")
  void a_filter_that_fails_is_reported_and_the_next_record_kept(Throwable thrown) {
    KeptRecords target = new KeptRecords();
    RecentRecords recent = new RecentRecords(10);
    for (Handler handler : List.of(new TextHandler(target), recent)) {
      Errors errors = new Errors();
      handler.setErrorManager(errors);
      handler.setFilter(record -> {
        if (record.getMessage().equals("lost")) {
          throw Throwing.raise(thrown);
        }
        return true;
      });
      Logger logger = logger(handler);
      logger.info("lost");
      logger.info("passes");
      assertThat(errors.causes).containsExactly(thrown);
    }
    assertThat(target.records).extracting(LogRecord::getMessage).containsExactly("passes");
    assertThat(recent.records()).extracting(LogRecord::getMessage).containsExactly("passes");
  }

  @ParameterizedTest
  @MethodSource("leaksafe.testing.Throwing#kinds")
  void a_handler_that_fails_on_one_drained_record_gets_the_others(Throwable thrown) {
    RecentRecords recent = new RecentRecords(10);
    Errors errors = new Errors();
    recent.setErrorManager(errors);
    Logger logger = logger(recent);
    logger.info("lost");
    logger.info("second");
    logger.info("third");
    Broken target = new Broken(thrown, 1);
    recent.drainTo(target);
    assertThat(target.records).extracting(LogRecord::getMessage).containsExactly("second", "third");
    assertThat(errors.causes).containsExactly(thrown);
    assertThat(errors.codes).containsExactly(ErrorManager.WRITE_FAILURE);
    assertThat(recent.records()).isEmpty();
  }

  @Test
  void an_error_manager_that_fails_itself_stops_neither_who_logs_nor_what_is_drained() {
    ErrorManager failing = new ErrorManager() {
      @Override
      public synchronized void error(String message, Exception exception, int code) {
        throw new AssertionError("on purpose");
      }
    };
    RecentRecords recent = new RecentRecords(10);
    recent.setErrorManager(failing);
    Logger logger = logger(recent);
    logger.info("first");
    logger.info("second");
    List<String> got = new ArrayList<>();
    recent.drainTo(new Handler() {
      @Override
      public void publish(LogRecord record) {
        got.add(record.getMessage());
        throw new AssertionError("on purpose") {
          private static final long serialVersionUID = 1L;

          @Override
          public String getMessage() {
            throw new AssertionError("and its text fails, too");
          }
        };
      }

      @Override
      public void flush() {}

      @Override
      public void close() {}
    });
    assertThat(got).containsExactly("first", "second");
    recent.setFilter(record -> {
      throw new IllegalStateException("on purpose");
    });
    logger.info("filtered");
    TextHandler text = new TextHandler(recent);
    text.setErrorManager(failing);
    text.setFilter(recent.getFilter());
    logger(text).info("filtered");
    assertThat(recent.records()).isEmpty();
  }

  @Test
  void a_target_that_may_not_be_closed_says_so() {
    SecurityException refused = new SecurityException("on purpose");
    assertThatThrownBy(() -> new TextHandler(new Broken(refused, 1)).close()).isSameAs(refused);
  }

  @Test
  void the_text_of_a_throwable_prints_like_the_throwable() {
    IllegalStateException original = new IllegalStateException("outer", new RuntimeException("inner"));
    original.addSuppressed(new IllegalArgumentException("suppressed"));
    ThrowableText text = ThrowableText.of(original);
    assertThat(print(text)).isEqualTo(print(original));
    assertThat(text.originalClass()).isEqualTo("java.lang.IllegalStateException");
    assertThat(text.lines()).containsExactly("java.lang.IllegalStateException: outer", "java.lang.RuntimeException: inner");
    assertThat(ThrowableText.of(text)).isSameAs(text);
  }

  private static String print(Throwable throwable) {
    StringWriter writer = new StringWriter();
    throwable.printStackTrace(new PrintWriter(writer, true));
    return writer.toString();
  }

  @Test
  void cycles_long_chains_and_failing_messages_end() {
    RuntimeException one = new RuntimeException("one");
    RuntimeException two = new RuntimeException("two", one);
    one.initCause(two);
    assertThat(ThrowableText.of(one).lines()).containsExactly("java.lang.RuntimeException: one", "java.lang.RuntimeException: two",
        "(cycle) java.lang.RuntimeException");
    Throwable chain = new RuntimeException("0");
    for (int i = 1; i < 1000; i++) {
      chain = new RuntimeException("x".repeat(2000), chain);
      chain.addSuppressed(new RuntimeException("s"));
    }
    assertThat(ThrowableText.of(chain).lines()).hasSizeLessThanOrEqualTo(21).allMatch(line -> line.length() < 1100);
  }

  @ParameterizedTest
  @MethodSource("leaksafe.testing.Throwing#kinds")
  void of_a_throwable_that_fails_itself_the_rest_is_text(Throwable thrown) {
    RuntimeException failing = new RuntimeException() {
      private static final long serialVersionUID = 1L;

      @Override
      public String getMessage() {
        throw Throwing.raise(thrown);
      }

      @Override
      public synchronized Throwable getCause() {
        throw Throwing.raise(thrown);
      }

      @Override
      public StackTraceElement[] getStackTrace() {
        throw Throwing.raise(thrown);
      }
    };
    String kind = thrown.getClass().getName();
    ThrowableText text = ThrowableText.of(failing);
    assertThat(text.lines()).containsExactly(failing.getClass().getName() + ": (its message failed: " + kind + ")",
        "(its cause failed: " + kind + ")");
    assertThat(text.getStackTrace()).singleElement().asString().startsWith("(its stack trace failed: " + kind + ")");
  }

  @Test
  void an_application_that_logged_can_be_undeployed_though_its_records_are_kept() throws Exception {
    RecentRecords recent = new RecentRecords(10);
    Gc.awaitCleared(ApplicationLoader.runAndDrop(LoggingApplication.class, logger(recent)));
    assertThat(recent.records()).extracting(LogRecord::getMessage).containsExactly("of an application", "of the name of another level");
    assertThat(recent.records().get(0).getLevel()).hasToString("AUDIT");
    assertThat(recent.records()).extracting(record -> record.getLevel().intValue()).containsExactly(850, 850);
  }
}
