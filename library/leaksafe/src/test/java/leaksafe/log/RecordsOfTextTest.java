package leaksafe.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.ListResourceBundle;
import java.util.Locale;
import java.util.ResourceBundle;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.logging.ErrorManager;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.stream.Stream;
import leaksafe.testing.ChildLoader;
import leaksafe.testing.Throwing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a record of text says, and what is asked for it. */
class RecordsOfTextTest {

  private static Logger logger(Handler handler) {
    Logger logger = Logger.getAnonymousLogger();
    logger.setUseParentHandlers(false);
    logger.addHandler(handler);
    return logger;
  }

  /** Something that counts how often its text is asked for. */
  private static final class Asked {
    int times;

    @Override
    public String toString() {
      return "asked " + ++times;
    }
  }

  @Test
  void a_parameter_that_the_message_does_not_mention_is_not_asked_for_its_text() {
    RecentRecords recent = new RecentRecords(10);
    Logger logger = logger(recent);
    Asked mentioned = new Asked();
    Asked not = new Asked();
    logger.log(Level.INFO, "{1} alone", new Object[] {not, mentioned});
    logger.log(Level.INFO, "nothing", not);
    assertThat(recent.records()).extracting(LogRecord::getMessage).containsExactly("asked 1 alone", "nothing");
    assertThat(not.times).isZero();
  }

  @Test
  void nothing_is_asked_of_what_is_logged_below_the_level() {
    RecentRecords recent = new RecentRecords(10);
    recent.setLevel(Level.WARNING);
    TextHandler text = new TextHandler(recent);
    Asked asked = new Asked();
    logger(recent).log(Level.INFO, "{0}", asked);
    logger(text).log(Level.INFO, "{0}", asked);
    recent.setLevel(Level.OFF);
    LogRecord off = new LogRecord(Level.OFF, "{0}");
    off.setParameters(new Object[] {asked});
    text.publish(off);
    assertThat(asked.times).isZero();
    assertThat(recent.records()).isEmpty();
  }

  /** Numbers and dates in the formats in which messages ask for them. */
  static Stream<LogRecord> formatted() throws ReflectiveOperationException {
    return Stream.of(
        record("{0,number,#.00} of {1,number,integer}", new BigDecimal("1234.5"), BigInteger.valueOf(70_000)),
        record("{0} {1} {2}", 1234567, 1.5, (short) -1),
        record("{0,number,#} {1}", new AtomicLong(7_000), new AtomicInteger(9_000)),
        record("{0}", sum(4_000)),
        record("{0,date,yyyy} {1,date,yyyy}", new Date(0),
            Class.forName("java.sql.Timestamp").getConstructor(long.class).newInstance(0L)), // of a module that is not read here
        record("{0,choice,0#none|1#one|1<{0} of them}", 1_000_000),
        record("{0} {1} {2}", "text", null, true),
        record("it''s {0}", "quoted"),
        record("{0,number} fails for a text, so that the message stays as it is", "text"),
        record("{no number} {", "unused"),
        record(null, "unused"),
        record("{0}"));
  }

  private static LogRecord record(String message, Object... parameters) {
    LogRecord record = new LogRecord(Level.INFO, message);
    record.setParameters(parameters);
    return record;
  }

  private static LongAdder sum(int value) {
    LongAdder sum = new LongAdder();
    sum.add(value);
    return sum;
  }

  @ParameterizedTest
  @MethodSource("formatted")
  void numbers_and_dates_are_printed_as_the_message_says(LogRecord record) {
    RecentRecords recent = new RecentRecords(1);
    recent.publish(record);
    assertThat(recent.records().get(0).getMessage()).isEqualTo(new SimpleFormatter().formatMessage(record));
  }

  @Test
  void a_number_that_would_be_printed_with_a_thousand_million_zeros_is_bounded() {
    RecentRecords recent = new RecentRecords(3);
    recent.publish(record("{0}", new BigDecimal("1E1000000000")));
    recent.publish(record("{0}", new BigDecimal(BigInteger.ONE.shiftLeft(1_000_000))));
    recent.publish(record("{0}", BigInteger.ONE.shiftLeft(1_000_000)));
    assertThat(recent.records()).extracting(LogRecord::getMessage)
        .containsExactly("1E+1000000000", "a BigDecimal of 1000001 bits", "a BigInteger of 1000001 bits");
  }

  /** A number that is printed as a word. */
  private static final class Dozen extends Number {
    private static final long serialVersionUID = 1L;

    @Override
    public int intValue() {
      return 12;
    }

    @Override
    public long longValue() {
      return 12;
    }

    @Override
    public float floatValue() {
      return 12;
    }

    @Override
    public double doubleValue() {
      return 12;
    }

    @Override
    public String toString() {
      return "a dozen";
    }
  }

  @Test
  void a_number_of_a_users_class_is_printed_by_its_text() {
    RecentRecords recent = new RecentRecords(1);
    recent.publish(record("{0}", new Dozen()));
    assertThat(recent.records().get(0).getMessage()).isEqualTo("a dozen");
  }

  @Test
  void when_where_and_by_whom_it_was_logged_stays() {
    LogRecord record = record("{0}", 1);
    record.setLoggerName("a logger");
    record.setInstant(Instant.ofEpochSecond(1, 23));
    record.setSequenceNumber(456);
    record.setLongThreadID(789);
    record.setSourceClassName("a class");
    record.setSourceMethodName("a method");
    RecentRecords recent = new RecentRecords(1);
    recent.publish(record);
    LogRecord text = recent.records().get(0);
    assertThat(text.getLoggerName()).isEqualTo("a logger");
    assertThat(text.getInstant()).isEqualTo(Instant.ofEpochSecond(1, 23));
    assertThat(text.getSequenceNumber()).isEqualTo(456);
    assertThat(text.getLongThreadID()).isEqualTo(789);
    assertThat(text.getSourceClassName() + " " + text.getSourceMethodName()).isEqualTo("a class a method");
    assertThat(text.getLevel()).isSameAs(Level.INFO);
  }

  /** A level of a user's. */
  private static final class Own extends Level {
    private static final long serialVersionUID = 1L;

    Own(String name, int value) {
      super(name, value);
    }
  }

  @Test
  void levels_of_users_keep_their_names_and_values() {
    RecentRecords recent = new RecentRecords(10);
    for (Level level : List.of(new Own("A", 852), new Own("A", 853), new Own("B", 852), new Own("A", 852))) {
      recent.publish(new LogRecord(level, "message"));
    }
    assertThat(recent.records()).extracting(record -> record.getLevel() + " " + record.getLevel().intValue())
        .containsExactly("A 852", "A 853", "B 852", "A 852");
    assertThat(recent.records().get(3).getLevel()).isSameAs(recent.records().get(0).getLevel()).isNotInstanceOf(Own.class);
  }

  /** Logs with more levels than are to be kept for ever; with the library in a loader of its own, since it keeps those that there is room for. */
  public static final class ManyLevels implements Runnable {
    /** Creates it. */
    public ManyLevels() {}

    @Override
    public void run() {
      RecentRecords recent = new RecentRecords(1000);
      for (int i = 0; i < 300; i++) {
        recent.publish(new LogRecord(new Own("level " + i, i), "message"));
      }
      assertThat(recent.records()).hasSize(300);
      assertThat(recent.records().stream().filter(record -> !(record.getLevel() instanceof Own)).count()).isEqualTo(256);
      assertThat(recent.records()).extracting(record -> record.getLevel().intValue()).doesNotHaveDuplicates();
    }
  }

  @Test
  void no_more_than_256_levels_are_kept_for_ever_and_no_record_is_lost_for_another() {
    ChildLoader.runAndDrop(ManyLevels.class);
  }

  private static final class German extends ListResourceBundle {
    @Override
    protected Object[][] getContents() {
      return new Object[][] {{"received", "{0} empfangen"}};
    }
  }

  /** A bundle that fails in another way than that the key is not there. */
  private static final class Broken extends ResourceBundle {
    @Override
    protected Object handleGetObject(String key) {
      throw new IllegalStateException("on purpose");
    }

    @Override
    public java.util.Enumeration<String> getKeys() {
      throw new IllegalStateException("on purpose");
    }

    @Override
    public Locale getLocale() {
      return Locale.ROOT;
    }
  }

  @Test
  void the_text_is_that_of_the_resource_bundle() {
    RecentRecords recent = new RecentRecords(10);
    LogRecord record = record("received", "a letter");
    record.setResourceBundle(new German());
    recent.publish(record);
    LogRecord unknown = record("unknown key", "a letter");
    unknown.setResourceBundle(new German());
    recent.publish(unknown);
    assertThat(recent.records()).extracting(LogRecord::getMessage).containsExactly("a letter empfangen", "unknown key");
    assertThat(recent.records()).extracting(LogRecord::getResourceBundle).containsOnlyNulls();

    List<Exception> reported = new ArrayList<>();
    recent.setErrorManager(new ErrorManager() {
      @Override
      public synchronized void error(String message, Exception exception, int code) {
        reported.add(exception);
      }
    });
    LogRecord broken = record("received", "a letter");
    broken.setResourceBundle(new Broken());
    recent.publish(broken);
    recent.publish(record("the next", "a letter"));
    assertThat(reported).singleElement().hasToString("java.lang.IllegalStateException: on purpose");
    assertThat(recent.records()).hasSize(3);
  }

  @Test
  void the_filter_of_the_target_is_asked_once() {
    RecentRecords target = new RecentRecords(10);
    AtomicInteger asked = new AtomicInteger();
    target.setFilter(record -> asked.incrementAndGet() % 2 == 1); // every other record
    Logger logger = logger(new TextHandler(target));
    for (int i = 1; i <= 4; i++) {
      logger.info("m" + i);
    }
    assertThat(target.records()).extracting(LogRecord::getMessage).containsExactly("m1", "m3");
    assertThat(asked).hasValue(4);
  }

  @Test
  void a_text_that_logs_is_kept_with_what_it_logged() {
    RecentRecords recent = new RecentRecords(10);
    Logger direct = logger(recent);
    Logger behind = logger(new TextHandler(recent));
    for (Logger logger : List.of(direct, behind)) {
      logger.log(Level.INFO, "outer {0}", new Object() {
        @Override
        public String toString() {
          logger.log(Level.INFO, "inner {0}", 1);
          return "text";
        }
      });
    }
    assertThat(recent.records()).extracting(LogRecord::getMessage).containsExactly("inner 1", "outer text", "inner 1", "outer text");
  }

  @Test
  void a_text_may_wait_for_what_another_thread_logs_and_so_may_a_handler_that_is_handed_records() {
    RecentRecords recent = new RecentRecords(10);
    Logger logger = logger(recent);
    Runnable other = () -> {
      Thread thread = new Thread(() -> logger.info("other"));
      thread.start();
      try {
        thread.join(20_000);
        assertThat(thread.isAlive()).isFalse();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    };
    logger.log(Level.INFO, "{0}", new Object() {
      @Override
      public String toString() {
        other.run();
        return "text";
      }
    });
    assertThat(recent.records()).extracting(LogRecord::getMessage).containsExactly("other", "text");
    recent.drainTo(new Handler() {
      @Override
      public void publish(LogRecord record) {
        other.run();
      }

      @Override
      public void flush() {}

      @Override
      public void close() {}
    });
    assertThat(recent.records()).extracting(LogRecord::getMessage).containsExactly("other", "other");
  }

  @Test
  void a_record_whose_text_closes_the_handler_is_not_kept() {
    RecentRecords recent = new RecentRecords(10);
    logger(recent).log(Level.INFO, "{0}", new Object() {
      @Override
      public String toString() {
        recent.close();
        return "text";
      }
    });
    assertThat(recent.records()).isEmpty();
  }

  /** Does something that throws an interruption though nobody declared it, as some languages do, and checks that the thread knows. */
  private static void checkInterruption(Runnable action) {
    action.run();
    assertThat(Thread.interrupted()).as("interrupted").isTrue();
  }

  @Test
  void an_interruption_that_a_text_a_filter_a_target_or_a_throwable_throws_is_not_lost() {
    InterruptedException interruption = new InterruptedException("on purpose");
    RuntimeException thrown = new RuntimeException() {
      private static final long serialVersionUID = 1L;

      @Override
      public String getMessage() {
        throw Throwing.raise(interruption);
      }
    };
    Object text = new Object() {
      @Override
      public String toString() {
        throw Throwing.raise(interruption);
      }
    };
    RecentRecords recent = new RecentRecords(10);
    checkInterruption(() -> recent.publish(record("{0}", text)));
    checkInterruption(() -> Excerpt.of(List.of(thrown)));
    checkInterruption(() -> ThrowableText.of(thrown));
    Handler target = new KeptRecords() {
      @Override
      public void publish(LogRecord record) {
        throw Throwing.raise(interruption);
      }
    };
    ErrorManager silent = new ErrorManager() {
      @Override
      public synchronized void error(String message, Exception exception, int code) {}
    };
    recent.setErrorManager(silent);
    checkInterruption(() -> recent.drainTo(target));
    TextHandler behind = new TextHandler(target);
    behind.setErrorManager(silent);
    checkInterruption(() -> behind.publish(record("{0}", 1)));
    recent.setFilter(record -> {
      throw Throwing.raise(interruption);
    });
    checkInterruption(() -> recent.publish(record("{0}", 1)));
  }

  /** A level whose name is not what it was. */
  private static final class Nameless extends Level {
    private static final long serialVersionUID = 1L;

    Nameless() {
      super("first", 851);
    }

    @Override
    public String getName() {
      return null;
    }
  }

  @Test
  void a_level_without_a_name_loses_no_record() {
    RecentRecords recent = new RecentRecords(10);
    recent.publish(new LogRecord(new Nameless(), "message"));
    assertThat(recent.records()).extracting(LogRecord::getLevel).singleElement().hasToString("null");
  }

  @Test
  void who_logs_while_interrupted_is_heard_and_stays_interrupted() {
    RecentRecords recent = new RecentRecords(10);
    Logger logger = logger(new TextHandler(recent));
    Thread.currentThread().interrupt();
    try {
      logger.log(Level.INFO, "{0}", "interrupted");
      recent.drainTo(recent);
      assertThat(Thread.currentThread().isInterrupted()).isTrue();
    } finally {
      Thread.interrupted();
    }
    assertThat(recent.records()).extracting(LogRecord::getMessage).containsExactly("interrupted");
  }
}
